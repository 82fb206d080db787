# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From which cluster to which, what moves there, what both clusters say of it and what is decided. Reads, never writes."""

from __future__ import annotations

import typing as t

from .protection_domain_decision import Decision, decide
from .protection_domain_views import Looked, look

if t.TYPE_CHECKING:
    from .._errors import DrError
    from .._prism.element_domains import Domains


class Way(t.NamedTuple):
    """From one cluster to another. ``source`` is None in an unplanned failover."""

    mode: str
    source: Domains | None
    target: Domains


class Move(t.NamedTuple):
    """One protection domain to be moved; ``remote_site`` is the target as the source calls it."""

    name: str
    remote_site: str = ""


class Outcome(t.NamedTuple):
    """What became of one; ``verb`` is the last thing that was done to it."""

    name: str
    status: str
    verb: str = ""
    error: DrError | None = None


class Both(t.NamedTuple):
    """What both clusters say."""

    source: Looked | None
    target: Looked


def look_at_both(way: Way, names: t.Collection[str], *, count_snapshots: bool = False) -> Both:
    source = look(way.source, names) if way.source is not None else None
    return Both(source, look(way.target, names, count_snapshots=count_snapshots))


def decide_all(way: Way, moves: t.Iterable[Move], both: Both) -> dict[str, Decision]:
    return {
        move.name: decide(way.mode, both.source.view(move.name) if both.source else None, both.target.view(move.name), move.remote_site)
        for move in moves
    }
