# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is odd about the policies of one site, whether anybody suffers from it or not: one small function per finding. Pure.

Entries are judged among the VMs that the site has now: where a category has no VM, nothing can be said of who would talk.
"""

from __future__ import annotations

import typing as t

from .collector import collector_paused
from .lint_entries import ENTRY_FINDINGS
from .lint_rules import RULE_FINDINGS
from .reach import Reach
from .readings import DEFAULT_READINGS, Readings
from .rules import Objects
from .site_facts import SEVERITIES, Fact

CODES: tuple[str, ...] = (*(code for code, _look in ENTRY_FINDINGS), *(code for code, _look in RULE_FINDINGS))
"""In the order in which they are looked for."""


@collector_paused()
def lint(objects: Objects, categories: t.Iterable[str] = (), readings: Readings = DEFAULT_READINGS) -> list[Fact]:
    """Everything found, the worst first. ``categories``: names of those that exist, beside the ones that rules and VMs have.

    Raises UnknownReference, Ambiguous, InvalidInput.
    """
    reach = Reach(objects, readings)
    found = [fact for _code, look in ENTRY_FINDINGS for fact in look(reach)]
    found += [fact for _code, look in RULE_FINDINGS for fact in look(objects, categories)]
    return sorted(found, key=lambda fact: (-SEVERITIES.index(fact.severity), fact.code, fact.subject, fact.problem))
