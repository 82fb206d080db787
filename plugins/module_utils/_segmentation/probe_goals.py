# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What probes should show: which entries, ports, isolations and denials each possible probe covers. Chooses none of them."""

from __future__ import annotations

import typing as t

from .blocks import IN, MONITORED, OUT, Line
from .decision import Decision
from .entry_names import EntryNames
from .probe_field import Cell, Field, Part
from .rules import Rules
from .service_atoms import Packet
from .site_sets import SiteSets

WITNESS, ENTRY, ISOLATION, PORT, OUTSIDER, DENIAL, HOST = "witness", "entry", "isolation", "port", "outsider", "denial", "host"
KINDS = (WITNESS, ISOLATION, OUTSIDER, ENTRY, DENIAL, PORT, HOST)
"""In the order of their worth, should the budget be small."""
_DENIALS = (ISOLATION, OUTSIDER, DENIAL)
_ISOLATED = 8


class Goal(t.NamedTuple):
    """Something to be shown by at least one probe. ``more``: the packet, the groups, the direction, or what is expected."""

    kind: str
    policy: str
    where: str
    more: str = ""

    def words(self, names: EntryNames) -> str:
        entry = names.words(self.policy, self.where)
        return " ".join(part for part in (self.kind, self.policy, self.where, f"({entry})" if entry else "", self.more) if part)


class Candidate(t.NamedTuple):
    """One possible probe between two classes."""

    cell: Cell
    packet: Packet
    part: Part
    goals: frozenset[Goal]


class Goals:
    """Every goal of a site that a probe between the given hosts can reach, and the entries that none can."""

    def __init__(self, field: Field, prefer: t.Sequence[Packet]) -> None:
        self.field, self._prefer = field, prefer
        engine = field.engine
        rules = Rules(engine.objects)
        sets = SiteSets(engine.classes, 0, engine.readings)
        self._isolated = [
            (one.policy.name, one.where, [sets.secured(group, one.policy.scope) for group in one.groups]) for one in rules.isolations
        ]
        self._ends: dict[tuple[str, str], list[tuple[Packet, Packet]]] = {}
        for policy, where, services in (
            *((group.policy.name, entry.where, entry.services) for group in rules.groups for entry in group.entries),
            *((rule.policy.name, rule.where, rule.services) for rule in rules.flex_rules),
        ):
            spans = [(Packet(one.protocol, one.low), Packet(one.protocol, one.high)) for one in services if one.protocol in ("tcp", "udp") and one.low >= 0]
            self._ends[policy, where] = spans
        self.open_to: dict[tuple[int, int], int] = {}
        """The services that anybody may use, by class and family."""
        for cell in field.cells:
            key = (cell.destination, cell.family)
            self.open_to[key] = self.open_to.get(key, 0) | sum(part.services for part in cell.parts if part.allowed)
        self.candidates = [candidate for cell in field.cells for candidate in self._of_cell(cell)]
        self.by_goal: dict[Goal, list[Candidate]] = {}
        for candidate in self.candidates:
            for goal in sorted(candidate.goals):
                self.by_goal.setdefault(goal, []).append(candidate)
        self._only_sharp: set[Goal] = set()
        for goal, candidates in self.by_goal.items():
            sharp = [one for one in candidates if self._sharp(one.cell, one.packet, one.part)] if goal.kind in _DENIALS else []
            if sharp:
                self.by_goal[goal] = sharp
                self._only_sharp.add(goal)

    def covered_by(self, cell: Cell, packet: Packet) -> frozenset[Goal]:
        """The goals that one packet reaches. A denial is shown by a packet that nothing else denies, if there is any."""
        part = self.field.part_of(cell, packet)
        found = self._goals_of(cell, packet, part)
        return found if part.allowed or self._sharp(cell, packet, part) else found - self._only_sharp

    def _sharp(self, cell: Cell, packet: Packet, part: Part) -> bool:
        """Whether a packet would pass if the policy that denies it were not there."""
        return bool(self.field.without(cell, part.decided[0].policy) >> self.field.engine.policies.atoms.bit(packet) & 1)

    def _goals_of(self, cell: Cell, packet: Packet, part: Part) -> frozenset[Goal]:
        if part.allowed:
            entries = [one for one in part.decided if one.policy and one.level != MONITORED]
            ports = [Goal(PORT, one.policy, one.where, str(packet)) for one in entries if packet in self._edges(one)]
            return frozenset([*(Goal(ENTRY, one.policy, one.where) for one in entries), *ports])
        denial = part.decided[0]
        found = {Goal(DENIAL, denial.policy, denial.where, denial.direction)}
        if denial.direction == IN and not self.field.engine.policies.held[cell.source]:
            found.add(Goal(OUTSIDER, denial.policy, denial.where))
        if denial.level == _ISOLATED:
            found.update(self._isolations(denial, cell))
        for entry in _entries(cell):
            if packet in self._beyond(entry):
                found.add(Goal(PORT, entry.policy, entry.where, str(packet)))
        return frozenset(found)

    def out_of_reach(self) -> t.Iterator[tuple[Goal, str]]:
        """Entries that allow something and that no probe can show, with the reason."""
        here = [0, 0]
        for index, ends in enumerate((self.field.senders, self.field.targets)):
            for _family, number in ends:
                here[index] |= 1 << number
        found: dict[Goal, str] = {}
        for block in self.field.engine.policies.blocks:
            for (direction, _family), lines in block.lines.items():
                own, other = here if direction == OUT else here[::-1]
                for line in lines:
                    goal = Goal(ENTRY, line.policy, line.where)
                    if line.allow and goal not in self.by_goal:
                        found[goal] = max(found.get(goal, ""), self._why_not(line, block.members & own, line.peers & other), key=_FARTHEST.index)
        yield from sorted(found.items())

    def _why_not(self, line: Line, own: int, other: int) -> str:
        if not line.enforced:
            return _MONITORED
        if not line.services & self.field.mask:
            return _NO_PORT
        return _NOBODY_SECURED if not own else _NO_PEER if not other else _CLOSED

    def _of_cell(self, cell: Cell) -> t.Iterator[Candidate]:
        packets = {packet for part in cell.parts for packet in self._typical(cell, part)}
        for entry in _entries(cell):
            packets.update(packet for packet in (*self._edges(entry), *self._beyond(entry)) if not self.field.excluded.has(packet))
        for packet in sorted(packets):
            part = self.field.part_of(cell, packet)
            yield Candidate(cell, packet, part, self._goals_of(cell, packet, part))

    def _typical(self, cell: Cell, part: Part) -> t.Iterator[Packet]:
        """One packet of a part; of those that are denied here, one that only this policy denies and that others may send, so that
        silence says something."""
        others = self.open_to[cell.destination, cell.family]
        sharp = part.services if part.allowed else part.services & self.field.without(cell, part.decided[0].policy)
        for services in (sharp & others, sharp, part.services & others, part.services):
            packet = self.field.packet(services, self._prefer)
            if packet is not None:
                yield packet
                return

    def _edges(self, entry: Decision) -> set[Packet]:
        return {packet for span in self._ends.get((entry.policy, entry.where), ()) for packet in span if packet.number}

    def _beyond(self, entry: Decision) -> set[Packet]:
        beside = {
            Packet(packet.protocol, packet.number + step)
            for span in self._ends.get((entry.policy, entry.where), ())
            for packet, step in zip(span, (-1, 1), strict=True)
        }
        return {packet for packet in beside if 1 <= packet.number <= 65535}

    def _isolations(self, denial: Decision, cell: Cell) -> t.Iterator[Goal]:
        for policy, where, groups in self._isolated:
            if (policy, where) == (denial.policy, denial.where):
                for number, group in enumerate(groups):
                    for other, peers in enumerate(groups):
                        if number != other and group >> cell.source & 1 and peers >> cell.destination & 1:
                            yield Goal(ISOLATION, policy, where, f"{number} to {other}")


_MONITORED = "its policy is only monitored"
_NO_PORT = "it is about neither TCP nor UDP"
_NOBODY_SECURED = "no host of the inventory is in its secured group"
_NO_PEER = "no host of the inventory is at its other end"
_CLOSED = "another entry decides before it, or the other end denies it"
_FARTHEST = ("", _MONITORED, _NO_PORT, _NOBODY_SECURED, _NO_PEER, _CLOSED)


def _entries(cell: Cell) -> set[Decision]:
    """What lets packets of a cell pass."""
    return {one for part in cell.parts if part.allowed for one in part.decided if one.policy and one.level != MONITORED}
