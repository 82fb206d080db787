# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of each entry of a site's rules: where it decides, what decides in its place, and whether the other end agrees.

Knows one site. Entries of enforced policies are judged as things are, those of monitored policies as if all were enforced.
"""

from __future__ import annotations

import typing as t

from .atoms import members
from .blocks import IN, OUT, Line
from .classes import Classes
from .decision import Decision, decide
from .entry_names import EntryNames
from .policies import Policies
from .readings import Readings
from .relation import Relation
from .rules import Objects
from .side_by_side import Cell
from .verdict import Segmentation
from .witness import Ends

Region = tuple[int, int, int, str, tuple[int, ...], bool]
"""Own classes, peers, services, direction, blocks at the own classes, whether monitored policies count as enforced."""
FAMILIES = (4, 6)


class Fate(t.NamedTuple):
    """One entry. ``members``: it is on some interface at all. ``peers``: somebody is at its other end. ``regions``: where it decides,
    by family. ``before``: lines that decide where it would."""

    policy: str
    where: str
    allow: bool
    peers: bool
    regions: list[tuple[int, Region]]
    before: dict[tuple[str, str], Line]


class Reach:
    """All entries that are on some interface, in order of policy and place."""

    def __init__(self, objects: Objects, readings: Readings) -> None:
        engine = Segmentation(objects, readings)
        self.objects = objects
        self.names = EntryNames(objects.rules)
        self.classes: Classes = engine.classes
        self.policies: Policies = engine.policies
        as_is = Relation(self.policies)
        self._relations = {False: as_is, True: Relation(self.policies, as_is=as_is)}
        self._groups: dict[tuple[int, ...], int] = {}
        for number, held in enumerate(self.policies.held):
            self._groups[held] = self._groups.get(held, 0) | 1 << number
        self.free = self._groups.get((), 0)
        """Classes at which no policy holds: they let everything pass."""
        found: dict[tuple[str, str], Fate] = {}
        for held, own in self._groups.items():
            for direction in (OUT, IN):
                for family in FAMILIES:
                    self._walk(found, held, own, direction, family)
        self.fates = [found[key] for key in sorted(found)]

    def passes(self, family: int, region: Region) -> bool:
        """Whether the other end lets anything of a region pass."""
        return any(not blocked for _peers, blocked in self._answers(family, region))

    def closed(self, family: int, region: Region) -> list[tuple[int, tuple[Decision, ...]]]:
        """Peers of a region that let nothing of it pass, with what decides that there."""
        return [(peers, blocked) for peers, blocked in self._answers(family, region) if blocked]

    def vms(self, bits: int) -> list[str]:
        """Names of the interfaces in a bitset."""
        return [pair[0].label for number in members(bits & self.classes.nics) for pair in self.classes.pairs[number]]

    def _answers(self, family: int, region: Region) -> t.Iterator[tuple[int, tuple[Decision, ...]]]:
        own, peers, services, direction, _held, strict = region
        other = IN if direction == OUT else OUT
        if peers & self.free:
            yield peers & self.free, ()
        for held in {self.policies.held[number] for number in members(peers & ~self.free)}:
            there = self._groups[held] & peers
            ends = self._ends(family, own, there, direction)
            if ends is None:
                continue
            mine, theirs = ends
            row = self._relations[strict].row(theirs, other, family)
            open_to = 0
            for mask, senders in row.items():
                if mask & services:
                    open_to |= senders
            if self._ends(family, own & open_to, there, direction) is not None:
                yield there, ()
                continue
            decided = decide(self.policies, theirs, mine, other, family, services, strict)
            yield there, tuple(one for _services, one in decided)

    def _ends(self, family: int, own: int, there: int, direction: str) -> tuple[int, int] | None:
        """One class of each side between which there is a flow; None if it is only a VM and itself."""
        cell = Cell(family, own, there, ()) if direction == OUT else Cell(family, there, own, ())
        pair = Ends(self.classes, cell).pair()
        if pair is None:
            return None
        return (pair[0].number, pair[1].number) if direction == OUT else (pair[1].number, pair[0].number)

    def _walk(self, found: dict[tuple[str, str], Fate], held: tuple[int, ...], own: int, direction: str, family: int) -> None:
        for strict in (False, True):
            lines = self.policies.sort(held, direction, family, strict)
            if strict and all(line.enforced for line in lines):
                continue
            services = self.policies.atoms.of_family[family]
            open_blocks = [(self.classes.universe[family], services)]
            for place, line in enumerate(lines):
                decided, open_blocks = _apply(open_blocks, line)
                if line.enforced is not strict and _is_entry(line):
                    self._note(found, line, lines[:place], [(own, *one, direction, held, strict) for one in decided], family)

    def _note(self, found: dict[tuple[str, str], Fate], line: Line, earlier: list[Line], regions: list[Region], family: int) -> None:
        key = (line.policy, line.where)
        old = found.get(key)
        fate = old or Fate(line.policy, line.where, line.allow, False, [], {})
        if line.peers and line.services:
            fate = fate._replace(peers=True)
            if not regions:
                overlapping = [one for one in earlier if one.peers & line.peers and one.services & line.services]
                fate.before.update({(one.policy, one.where): one for one in overlapping})
        fate.regions.extend((family, region) for region in regions)
        found[key] = fate


def _is_entry(line: Line) -> bool:
    """Whether a line is one that a person wrote, not what follows from a group."""
    last = line.where.rpartition(".")[2]
    return last.startswith(("inbound[", "outbound[", "bidirectional[", "flex_rules["))


def _apply(open_blocks: list[tuple[int, int]], line: Line) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What a line decides of what is undecided (peers and services), and what stays undecided."""
    decided, following = [], []
    for peers, undecided in open_blocks:
        mask = undecided & line.services
        matched = peers & line.peers if mask else 0
        if not matched:
            following.append((peers, undecided))
            continue
        decided.append((matched, mask))
        if peers ^ matched:
            following.append((peers ^ matched, undecided))
        if undecided ^ mask:
            following.append((matched, undecided ^ mask))
    return decided, following
