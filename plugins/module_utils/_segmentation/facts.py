# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a recovery changes verdicts, looked at fact by fact (semantics section 12, F1 to F13). Knows two sites, no flow.

The difference of two sites says what happens to packets; the facts say where to look for the reason, and what no packet shows.
"""

from __future__ import annotations

import typing as t

from .facts_rules import RULE_FACTS
from .facts_vms import VM_FACTS
from .site_facts import Fact, Sites

TABLE: tuple[tuple[str, t.Callable[[Sites], t.Iterable[Fact]]], ...] = tuple(
    sorted((*VM_FACTS, *RULE_FACTS), key=lambda row: int(row[0][1:]))
)


def facts(sites: Sites) -> list[Fact]:
    """Everything found, by number of the fact."""
    return [fact for _code, look in TABLE for fact in look(sites)]
