# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one end does with a packet, and all entries that would do the same there. `decision` names one entry, which explains; a host's
log may name any of them, since rules of a level are a union.
"""

from __future__ import annotations

import typing as t

from .blocks import Line
from .policies import Policies

ALLOW, DENY, MONITOR, NOTHING = "allow", "deny", "monitor", "nothing"


class Decider(t.NamedTuple):
    """An entry of a rule, and what it does or, if only monitored, would do."""

    policy: str
    where: str
    allow: bool


class Stage(t.NamedTuple):
    """``does``: allow, deny, monitor (passes, and policies that are only monitored match) or nothing (passes, no policy matches).

    ``deciders``: the entries; the first is the one that explains.
    """

    does: str
    level: int
    deciders: tuple[Decider, ...]

    def names(self, policy: str) -> bool:
        return any(one.policy == policy for one in self.deciders)


NO_POLICY = Stage(NOTHING, 14, ())


def stage(policies: Policies, own: int, peer: int, direction: str, family: int, bit: int) -> Stage:
    """What the end ``own`` does with the packet ``bit`` (one service atom) from or to ``peer``."""
    held = policies.held[own]
    lines = _matching(policies.deciding(held, direction, family), peer, bit)
    if lines and lines[0].enforced:
        first = lines[0]
        alike = [one for one in lines if one.enforced and (one.level, one.allow) == (first.level, first.allow)]
        return Stage(ALLOW if first.allow else DENY, first.level, _deciders(alike))
    monitored = _matching(policies.monitored(held, direction, family), peer, bit)
    return Stage(MONITOR, 13, _deciders(_first_of_each_policy(monitored))) if monitored else NO_POLICY


def _matching(lines: t.Iterable[Line], peer: int, bit: int) -> list[Line]:
    return [line for line in lines if line.services & bit and line.peers >> peer & 1]


def _first_of_each_policy(lines: list[Line]) -> t.Iterable[Line]:
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.policy, line)
    return found.values()


def _deciders(lines: t.Iterable[Line]) -> tuple[Decider, ...]:
    return tuple(Decider(line.policy, line.where, line.allow) for line in lines)
