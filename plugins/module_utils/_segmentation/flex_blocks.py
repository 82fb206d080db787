# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flex rules as blocks: one ordered list for the whole site, of which each interface has the part that is applied to it.

Knows the order (type, priority of the policy, priority of the rule) and no packet. What no rule matches is allowed.
"""

from __future__ import annotations

import typing as t

from .blocks import IN, OUT, Block, Line
from .readings import Readings
from .rules import FLEX_TYPES, FlexRule, Objects, Rules
from .service_atoms import ServiceAtoms
from .site_sets import SiteSets


def flex_blocks(objects: Objects, rules: Rules, sets: SiteSets, atoms: ServiceAtoms, readings: Readings) -> t.Iterator[Block]:
    """The level of a line is the place of its policy's type: 1 critical, 2 core_infrastructure, 3 zone, 4 workload."""
    first = 0 if readings.flex_types_in_order else 1
    for rank, rule in enumerate(sorted(rules.flex_rules, key=lambda rule: rule.order[first:])):
        applied = _applied(rule, sets, readings)
        action = "deny" if rule.function in objects.closed_functions else rule.action
        mask = atoms.mask(rule.services)
        for direction, own, other in ((OUT, rule.source, rule.destination), (IN, rule.destination, rule.source)):
            if rule.direction not in (direction, "in_out"):
                continue
            for family in rule.families:
                members = applied & sets.peer(own, rule.policy.scope, family)
                peers = sets.peer(other, rule.policy.scope, family)
                policy, level = rule.policy, 1 + FLEX_TYPES.index(rule.policy.type)
                line = Line(
                    rank, action == "allow", peers, mask, level, policy.name, policy.enforced, rule.where, action, rule.function
                )
                yield Block(members, {(direction, family): (line,)})


def _applied(rule: FlexRule, sets: SiteSets, readings: Readings) -> int:
    if rule.applied_to is None:
        return sets.enforceable if readings.flex_without_target_is_everywhere else 0
    bits = 0
    for selection in rule.applied_to:
        bits |= sets.applied(selection)
    return bits
