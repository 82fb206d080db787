# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Levels: what every kind of security rule puts on the interfaces it touches (semantics sections 2 and 5). Knows no packet.

A `Block` is all that one secured group, isolation or shared service puts on a set of interfaces. Both ends of a packet are judged
on their own: `out` at the source, `in` at the destination, each with the other end as its peer.
"""

from __future__ import annotations

import typing as t

from .readings import Readings
from .rules import Group, Isolation, Objects, Policy, Rules
from .service_atoms import ServiceAtoms
from .site_sets import SiteSets

OUT, IN = "out", "in"
DIRECTIONS = (OUT, IN)
FAMILIES = (4, 6)
MONITORED, DEFAULT = 13, 14
_STEPS = 4
"""Ranks per level, for what has an order within one."""


class Line(t.NamedTuple):
    """One thing to match at one end: the first line in order of rank whose peers and services match decides."""

    rank: int
    allow: bool
    peers: int
    services: int
    level: int
    policy: str
    enforced: bool
    where: str
    action: str
    function: str = ""


class Block(t.NamedTuple):
    """Lines by direction and family, for the interfaces in ``members``."""

    members: int
    lines: dict[tuple[str, int], tuple[Line, ...]]


class _Levels(t.NamedTuple):
    """The levels of one type of security rule: intra, its implicit deny, allows, implicit deny."""

    intra: int
    intra_rest: int
    allow: int
    rest: int


_LEVELS = {
    "application": _Levels(9, 10, 11, 12),
    "shared_service": _Levels(4, 5, 6, 7),
    "quarantine": _Levels(0, 0, 2, 3),
}
_STRICT, _ISOLATED = 1, 8


class Builder:
    """Makes the blocks of one site, except those of Flex rules."""

    def __init__(self, objects: Objects, rules: Rules, sets: SiteSets, atoms: ServiceAtoms, readings: Readings) -> None:
        self._rules, self._sets, self._atoms, self._readings = rules, sets, atoms, readings
        self._closed = objects.closed_functions
        self._masks: dict[int, int] = {}

    def blocks(self) -> t.Iterator[Block]:
        for group in self._rules.groups:
            yield self._group(group)
            if group.policy.type == "shared_service" and self._readings.shared_service_covers_peer:
                yield from self._peer_blocks(group)
        for isolation in self._rules.isolations:
            yield from self._isolation(isolation)

    def _group(self, group: Group) -> Block:
        policy, members = group.policy, self._sets.secured(group.secured, group.policy.scope)
        lines: dict[tuple[str, int], tuple[Line, ...]] = {}
        if not members:
            return Block(0, lines)
        for family in FAMILIES:
            if group.strict:
                lines[OUT, family] = lines[IN, family] = (self._all(policy, _STRICT, _STRICT * _STEPS, False, family, group.where),)
                continue
            shared = self._around(group, family)
            follows = family == 4 or (policy.ipv6 == "rules" and self._readings.model != "gen1")
            for direction, part in ((OUT, "outbound"), (IN, "inbound")):
                entries = tuple(self._entries(group, part, family)) if follows else ()
                if direction == OUT and follows and self._opens_outbound(group):
                    rank = _LEVELS[policy.type].allow * _STEPS
                    entries = (self._all(policy, _LEVELS[policy.type].allow, rank, True, family, f"{group.where}.outbound"),)
                lines[direction, family] = (*(shared[:-1] if follows else ()), *entries, shared[-1])
        return Block(members, lines)

    def _opens_outbound(self, group: Group) -> bool:
        if self._readings.model != "gen1" or self._readings.gen1_empty_outbound_closes:
            return False
        return not any(entry.part == "outbound" for entry in group.entries)

    def _around(self, group: Group, family: int) -> tuple[Line, ...]:
        """What holds in both directions: the lines for traffic inside of the group and, last, that for all the rest."""
        policy, levels = group.policy, _LEVELS[group.policy.type]
        if family == 6 and policy.ipv6 == "pass":
            rank = levels.allow * _STEPS if self._readings.ipv6_allow_wins else levels.rest * _STEPS + 3
            return (self._all(policy, levels.allow, rank, True, 6, f"{group.where}.allow_ipv6"),)
        closes = policy.type != "shared_service" or self._readings.shared_service_closes
        rest_rank = (levels.rest if closes else _LEVELS["application"].rest) * _STEPS
        rest = self._all(policy, levels.rest, rest_rank, False, family, group.where)
        intra = [entry for entry in group.entries if entry.part == "intra"]
        if not intra or policy.type == "quarantine":
            return (rest,)
        peers = self._sets.members(group.secured, policy.scope, family)
        lines = []
        for entry in intra:
            allow = entry.action == "allow"
            rank = levels.intra * _STEPS + (allow == self._readings.intra_deny_wins)
            services = self._mask(entry.services) if allow else self._atoms.everything
            lines.append(self._line(policy, rank, levels.intra, allow, peers, services, entry.where))
        everything = self._atoms.everything
        lines.append(
            self._line(policy, levels.intra_rest * _STEPS, levels.intra_rest, False, peers, everything, f"{group.where}.intra")
        )
        return (*lines, rest)

    def _entries(self, group: Group, part: str, family: int) -> t.Iterator[Line]:
        policy, level = group.policy, _LEVELS[group.policy.type].allow
        for entry in group.entries:
            if entry.part == part:
                peers, services = self._sets.peer(entry.peer, policy.scope, family), self._mask(entry.services)
                closed = entry.function in self._closed
                rank = level * _STEPS + (2 if closed else 0)
                yield self._line(policy, rank, level, not closed, peers, services, entry.where, entry.function)

    def _peer_blocks(self, group: Group) -> t.Iterator[Block]:
        """What the entries of a shared service put on the peers' interfaces (R2)."""
        policy, level = group.policy, _LEVELS["shared_service"].allow
        for entry in group.entries:
            if entry.part == "intra" or entry.function in self._closed:
                continue
            direction = OUT if entry.part == "inbound" else IN
            for family in FAMILIES:
                if family == 6 and (policy.ipv6 != "rules" or self._readings.model == "gen1"):
                    continue
                peers = self._sets.members(group.secured, policy.scope, family)
                line = self._line(policy, level * _STEPS, level, True, peers, self._mask(entry.services), entry.where, entry.function)
                there = self._sets.peer(entry.peer, policy.scope, family) & self._sets.enforceable
                yield Block(there, {(direction, family): (line,)})

    def _isolation(self, isolation: Isolation) -> t.Iterator[Block]:
        policy = isolation.policy
        families = FAMILIES if policy.ipv6 == "rules" or self._readings.isolation_covers_ipv6 else (4,)
        if policy.ipv6 == "pass":
            families = (4,)
        secured = [self._sets.secured(one, policy.scope) for one in isolation.groups]
        directions = DIRECTIONS if self._readings.isolation_at_both_ends else (IN,)
        for family in families:
            peers = [self._sets.members(one, policy.scope, family) for one in isolation.groups]
            for members, others in self._isolated(secured, peers):
                line = self._line(policy, _ISOLATED * _STEPS, _ISOLATED, False, others, self._atoms.everything, isolation.where)
                yield Block(members, {(direction, family): (line,) for direction in directions})

    def _isolated(self, secured: list[int], peers: list[int]) -> t.Iterator[tuple[int, int]]:
        """Interfaces, and those that they may not talk to."""
        if self._readings.isolated_from_own_groups:
            for index, members in enumerate(secured):
                others = 0
                for number, one in enumerate(peers):
                    others |= one if number != index else 0
                yield members, others
            return
        patterns = {0: self._sets.nics}  # bitset of groups -> interfaces that are in exactly these
        for index, members in enumerate(secured):
            patterns = {
                key: bits
                for pattern, old in patterns.items()
                for key, bits in ((pattern, old & ~members), (pattern | 1 << index, old & members))
                if bits
            }
        for pattern, members in patterns.items():
            own = others = 0
            for index, one in enumerate(peers):
                if pattern >> index & 1:
                    own |= one
                else:
                    others |= one
            if pattern:
                yield members, others & ~own

    def _all(self, policy: Policy, level: int, rank: int, allow: bool, family: int, where: str) -> Line:
        return self._line(policy, rank, level, allow, self._sets.universe[family], self._atoms.everything, where)

    def _line(
        self, policy: Policy, rank: int, level: int, allow: bool, peers: int, services: int, where: str, function: str = ""
    ) -> Line:
        return Line(rank, allow, peers, services, level, policy.name, policy.enforced, where, "allow" if allow else "deny", function)

    def _mask(self, services: t.Any) -> int:
        key = id(services)
        if key not in self._masks:
            self._masks[key] = self._atoms.mask(services)
        return self._masks[key]
