# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exact difference of two sites: which flows are opened or closed on the right-hand one, why, and a packet that shows it.

Only what happens to packets counts: how rules are named, split, repeated or ordered doesn't. If there is no difference, that is
a proof for all flows between the VMs that both sites have, and between them and every other address.
"""

from __future__ import annotations

import typing as t

from .classes import Classes, Pair, interfaces
from .collector import collector_paused
from .decision import Decision, decide_both
from .other_words import in_other_words
from .policies import Policies
from .readings import DEFAULT_READINGS, Readings, flipped, open_questions
from .relation import Relation
from .rules import Objects, Rules
from .service_atoms import ServiceAtoms
from .shared import Shared
from .side_by_side import Cell, compare_relations
from .witness import Ends, Names, Witness

OPENED, CLOSED, MONITORED_ONLY = "opened", "closed", "monitored_only"
KINDS = (OPENED, CLOSED, MONITORED_ONLY)


class FlowGroup(t.NamedTuple):
    """Flows that differ in the same way for the same reason.

    ``kind``: opened, closed, or monitored_only (it would differ if monitored policies were enforced). ``ways``: sources and
    destinations, each a list of names (of VMs on the left, or of ranges of addresses); all of the first to all of the second,
    except from a VM to itself. ``left`` and ``right``: what decides for the witness.
    """

    kind: str
    ipv6: bool
    services: tuple[str, ...]
    ways: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    left: tuple[Decision, ...]
    right: tuple[Decision, ...]
    witness: Witness


class Difference(t.NamedTuple):
    """``only_left``, ``only_right``: VMs or interfaces without a counterpart; nothing is said about them.
    ``classes`` and ``rows``: how much was compared. ``depends_on``: readings under which there would be other differences."""

    groups: tuple[FlowGroup, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    interfaces: int
    classes: int
    rows: int
    depends_on: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        return not self.groups

    def __str__(self) -> str:
        counted = f"{self.interfaces} interfaces and all other addresses in {self.classes} classes, {self.rows} rows compared"
        if self.equal:
            return f"Proved equal: every packet is treated alike ({counted})"
        kinds = ", ".join(
            f"{count} {kind}" for kind in KINDS if (count := sum(group.kind == kind for group in self.groups))
        )
        return f"Not equal: groups of flows {kinds} ({counted})"


class SitePair:
    """Two sites in one set of classes."""

    @collector_paused()
    def __init__(
        self,
        left: Objects,
        right: Objects,
        *,
        vms: t.Mapping[str, str] | None = None,
        translate: t.Callable[[str], str] | None = None,
        readings: Readings = DEFAULT_READINGS,
    ) -> None:
        """``vms``: name on the left -> name on the right, for VMs that are called otherwise there. ``translate``: an address, prefix
        or range of the left-hand site as the right-hand one writes it; all addresses of the answer are those of the right.
        Raises UnknownReference, Ambiguous, InvalidInput."""
        left = in_other_words(left, translate) if translate else left
        self._objects = (left, right)
        self.rules = (Rules(left), Rules(right))
        pairs, self.only_left, self.only_right, taken = _align(left, right, vms or {})
        self.classes = Classes(self.rules, pairs, taken)
        self.atoms = ServiceAtoms(service for rules in self.rules for service in rules.services())
        self.readings = readings
        self._interfaces = len(pairs)

    @collector_paused()
    def difference(self, *, check_readings: bool = True) -> Difference:
        """``check_readings``: also find out on which readings the answer depends (compares once more for each)."""
        found, rows, policies = self.compare(self.readings)
        depends_on = []
        if check_readings:
            said = _outcome(found)
            flex = any(rules.flex_rules for rules in self.rules)
            names = open_questions(self.readings, flex=flex)
            depends_on = [name for name in names if _outcome(self.compare(flipped(self.readings, name))[0]) != said]
        groups = self._groups(found, policies)
        only = self.only_left, self.only_right
        return Difference(groups, *only, self._interfaces, len(self.classes), rows, tuple(depends_on))

    def policies(self, readings: Readings) -> list[Policies]:
        """Both sites' policies, left and right."""
        shared = Shared(len(self.rules))
        return [
            Policies(objects, rules, self.classes, self.atoms, site, readings, shared)
            for site, (objects, rules) in enumerate(zip(self._objects, self.rules, strict=True))
        ]

    def compare(self, readings: Readings) -> tuple[list[Ends], int, list[Policies]]:
        """All cells that differ and hold a flow, the number of rows that were compared, and both sites' policies."""
        policies = self.policies(readings)
        relations = [Relation(one) for one in policies]
        if any(rules.monitored() for rules in self.rules):
            relations += [Relation(one.policies, as_is=one) for one in relations]
        cells, rows = compare_relations(self.classes, relations)
        return [ends for cell in cells if (ends := Ends(self.classes, cell)).exist()], rows, policies

    def _groups(self, differing: list[Ends], policies: list[Policies]) -> tuple[FlowGroup, ...]:
        found: dict[t.Any, tuple[Witness, list[Cell]]] = {}
        for ends in differing:
            cell = ends.cell
            source, destination = ends.first()
            for kind, services in kinds_of(cell):
                reasons = [
                    decide_both(one, source, destination, cell.family, services, kind == MONITORED_ONLY) for one in policies
                ]
                for left_services, _left_allowed, left in reasons[0]:
                    for right_services, _right_allowed, right in reasons[1]:
                        both = left_services & right_services
                        if both:
                            key = (kind, cell.family, both, left, right)
                            if key not in found:
                                found[key] = ends.witness(self.atoms, both), []
                            found[key][1].append(cell)
        texts = {services: tuple(self.atoms.texts(services)) for services in {key[2] for key in found}}
        names = Names(self.classes)
        groups = [
            FlowGroup(kind, family == 6, texts[services], _ways(members, names), left, right, witness)
            for (kind, family, services, left, right), (witness, members) in found.items()
        ]
        return tuple(sorted(groups, key=lambda group: (KINDS.index(group.kind), group.ipv6, group.witness)))


def compare_sites(
    left: Objects,
    right: Objects,
    *,
    vms: t.Mapping[str, str] | None = None,
    translate: t.Callable[[str], str] | None = None,
    readings: Readings = DEFAULT_READINGS,
) -> Difference:
    """The difference of two sites; see `SitePair` for what the arguments mean and which errors are raised."""
    return SitePair(left, right, vms=vms, translate=translate, readings=readings).difference()


def _ways(cells: list[Cell], names: Names) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    by_destination: dict[int, int] = {}
    for cell in cells:
        by_destination[cell.destinations] = by_destination.get(cell.destinations, 0) | cell.sources
    by_source: dict[int, int] = {}
    for destinations, sources in by_destination.items():
        by_source[sources] = by_source.get(sources, 0) | destinations
    return tuple(sorted((names.of(sources), names.of(destinations)) for sources, destinations in by_source.items()))


def kinds_of(cell: Cell) -> t.Iterator[tuple[str, int]]:
    """How a cell differs, each with the services that do."""
    left, right, *strict = cell.masks
    found = [(OPENED, right & ~left), (CLOSED, left & ~right)]
    if strict:
        found.append((MONITORED_ONLY, (strict[0] ^ strict[1]) & ~(left ^ right)))
    return ((kind, services) for kind, services in found if services)


def _outcome(differing: list[Ends]) -> frozenset[t.Any]:
    """What differs, however it is cut into cells: peers and kinds by source class would be exact, and costs too much for a hint;
    so the classes at both ends of each kind of difference."""
    ends: dict[t.Any, tuple[int, int]] = {}
    for cell in [one.cell for one in differing]:
        for kind in kinds_of(cell):
            sources, destinations = ends.get((cell.family, kind), (0, 0))
            ends[cell.family, kind] = sources | cell.sources, destinations | cell.destinations
    return frozenset(ends.items())


def _align(
    left: Objects, right: Objects, names: t.Mapping[str, str]
) -> tuple[list[Pair], tuple[str, ...], tuple[str, ...], set[tuple[int, int]]]:
    """Interfaces that belong together, those that are on one site only, and the addresses of all."""
    here, there = interfaces(left.vms), interfaces(right.vms)
    pairs: list[Pair] = []
    only_left = []
    matched = set()
    for (vm, number), one in here.items():
        key = (names.get(vm, vm), number)
        if key in there:
            pairs.append((one, there[key]))
            matched.add(key)
        else:
            only_left.append(one.label)
    only_right = [one.label for key, one in there.items() if key not in matched]
    taken = {address for one in (*here.values(), *there.values()) for address in one.nic.addresses}
    return pairs, tuple(sorted(only_left)), tuple(sorted(only_right)), taken
