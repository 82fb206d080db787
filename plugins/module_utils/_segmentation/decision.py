# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one end of a packet decides, and how both ends together make a verdict (semantics sections 2.3 and 3). Knows classes and
services as bits, no names.
"""

from __future__ import annotations

import typing as t

from .blocks import DEFAULT, MONITORED
from .policies import Policies


class Decision(t.NamedTuple):
    """What one end says. ``level`` as in semantics section 2.1 (14: no policy cares), ``where`` the entry in the rule."""

    direction: str
    level: int
    action: str
    policy: str = ""
    where: str = ""
    function: str = ""


def decide(
    policies: Policies, own: int, peer: int, direction: str, family: int, services: int, if_enforced: bool = False
) -> list[tuple[int, Decision]]:
    """What the end ``own`` says about some services, each with the services it is about; none is left out, none is twice."""
    found = []
    held = policies.held[own]
    for line in policies.deciding(held, direction, family, if_enforced=if_enforced):
        matched = services & line.services
        if matched and line.peers >> peer & 1:
            if line.enforced or if_enforced:
                decision = Decision(direction, line.level, line.action, line.policy, line.where, line.function)
            else:
                decision = Decision(direction, MONITORED, "allow", line.policy, line.where)
            found.append((matched, decision))
            services ^= matched
            if not services:
                return found
    for line in () if if_enforced or not policies.monitoring else policies.monitored(held, direction, family):
        matched = services & line.services
        if matched and line.peers >> peer & 1:
            found.append((matched, Decision(direction, MONITORED, "allow", line.policy, line.where)))
            services ^= matched
            if not services:
                return found
    return [*found, (services, Decision(direction, DEFAULT, "allow"))]


def join(out: Decision, into: Decision) -> tuple[bool, tuple[Decision, ...]]:
    """Both ends together; if both deny, the lower level explains, and the source at a tie (R10)."""
    denials = [one for one in (out, into) if one.action != "allow"]
    if denials:
        return False, (min(denials, key=lambda one: one.level),)
    return True, (out, into)


def decide_both(
    policies: Policies, source: int, destination: int, family: int, services: int, if_enforced: bool = False
) -> list[tuple[int, bool, tuple[Decision, ...]]]:
    """Services, whether these pass, and what decides that; none of the services is left out, none is twice."""
    return [
        (both, *join(one, other))
        for left, one in decide(policies, source, destination, "out", family, services, if_enforced)
        for right, other in decide(policies, destination, source, "in", family, services, if_enforced)
        if (both := left & right)
    ]
