# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may talk to whom, tier by tier, on two sites: the exact relation over IPv4 with its classes joined into tiers. For people."""

from __future__ import annotations

import itertools
import typing as t

from .atoms import members
from .blocks import IN, OUT
from .classes import Classes
from .collector import collector_paused
from .difference import KINDS, FlowGroup, SitePair
from .relation import Relation, Row
from .service_atoms import ServiceAtoms
from .tiers import ELSEWHERE, Tier, best_keys, securing_keys, tier_of, tiers

_IPV4 = 4
#: So many take a few seconds; a site that needs more has no matrix, and says so.
MOST_STEPS = 3_000_000


class Way(t.NamedTuple):
    """From one tier to another. ``before``, ``after``: the services that pass between any of their VMs, on the left and on the right;
    ``part``: not between all of them. ``differs``, ``differs_ipv6``: the kinds of difference of which some flows are on this way."""

    source: str
    destination: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    part: bool
    differs: tuple[str, ...]
    differs_ipv6: tuple[str, ...]


class Matrix(t.NamedTuple):
    """``keys``: the category keys that make the tiers. Ways on which nothing passes and nothing differs are left out.
    ``note``: why there are no ways, if there are none."""

    keys: tuple[str, ...]
    tiers: tuple[Tier, ...]
    ways: tuple[Way, ...]
    note: str


@collector_paused()
def tier_matrix(pair: SitePair, groups: t.Iterable[FlowGroup], keys: t.Sequence[str] = ()) -> Matrix:
    """The matrix of two sites, of which ``groups`` is the difference. Without ``keys``: those by which rules secure."""
    classes = pair.classes
    chosen = list(keys) or best_keys(classes, securing_keys(pair.rules))
    found = tiers(classes, chosen)
    tier = tier_of(classes, chosen, found)
    known = list(groups)
    marks, marks_ipv6 = (_marks((group for group in known if group.ipv6 == ipv6), tier) for ipv6 in (False, True))
    sites = [_Site(Relation(policies), classes, pair.atoms) for policies in pair.policies(pair.readings)]
    ways = []
    for one in found:
        for other in found:
            if (one.name, other.name) != (ELSEWHERE, ELSEWHERE):
                (before, some), (after, more) = (site.between(one, other) for site in sites)
                names = (one.name, other.name)
                ways.append(Way(*names, before, after, some or more, marks.get(names, ()), marks_ipv6.get(names, ())))
            if any(site.steps > MOST_STEPS for site in sites):
                return Matrix(tuple(chosen), tuple(found), (), "it isn't drawn: too many VMs are treated in a way of their own")
    return Matrix(tuple(chosen), tuple(found), tuple(way for way in ways if any(way[2:])), "")


def matrix_data(matrix: Matrix) -> dict[str, t.Any]:
    """The matrix for a result and for a record."""
    return {
        "by": list(matrix.keys),
        "tiers": [{"name": tier.name, "vms": tier.vms} for tier in matrix.tiers],
        "ways": [_way_data(way) for way in matrix.ways],
        "note": matrix.note,
    }


def _way_data(way: Way) -> dict[str, t.Any]:
    lists = {name: list(getattr(way, name)) for name in ("before", "after", "differs", "differs_ipv6")}
    return {"from": way.source, "to": way.destination, "part": way.part, **lists}


class _Kind(t.NamedTuple):
    """Classes that have the same row: what passes, and with whom."""

    bits: int
    row: tuple[tuple[int, int], ...]


class _Site:
    """Joins the rows of one site. ``steps`` counts the work so far."""

    def __init__(self, relation: Relation, classes: Classes, atoms: ServiceAtoms) -> None:
        self._relation, self._classes, self._atoms = relation, classes, atoms
        self._everything = atoms.of_family[_IPV4] & ~atoms.dhcp
        self._kinds = {direction: self._kinds_of(direction) for direction in (OUT, IN)}
        self._kind_of = {
            direction: {number: place for place, kind in enumerate(kinds) for number in members(kind.bits)} for direction, kinds in self._kinds.items()
        }
        self.steps = 0

    def between(self, one: Tier, other: Tier) -> tuple[tuple[str, ...], bool]:
        """The services that pass from any class of a tier to any of another, and whether they don't from all to all."""
        universe = self._classes.universe[_IPV4]
        sources, destinations = one.bits & universe, other.bits & universe
        # Who is rarely let in is asked whom it lets in, and the other way round.
        if self._weight(OUT, sources, destinations) <= self._weight(IN, destinations, sources):
            counts = self._counts(OUT, sources, destinations)
        else:
            counts = self._counts(IN, destinations, sources)
        flows = sources.bit_count() * destinations.bit_count()
        for sender, receiver in _with_itself(one) if one.name == other.name else ():
            services = self._services(OUT, sender, receiver) & self._services(IN, receiver, sender)
            flows -= 1
            if services:
                counts[services] -= 1
        some = 0
        for services, count in counts.items():
            some |= services if count else 0
        return self._texts(some), bool(some) and counts.get(some) != flows

    def _counts(self, direction: str, near: int, far: int) -> dict[int, int]:
        """Services -> for how many pairs of classes exactly these pass."""
        counts: dict[int, int] = {}
        other = IN if direction == OUT else OUT
        for kind in self._kinds[direction]:
            mine = kind.bits & near
            for services, peers in kind.row if mine else ():
                if peers & far:
                    for theirs, row in self._among(other, peers & far):
                        for others, back in row:
                            both = services & others
                            if both and back & mine:
                                counts[both] = counts.get(both, 0) + (back & mine).bit_count() * theirs.bit_count()
        return counts

    def _among(self, direction: str, bits: int) -> t.Iterator[_Kind]:
        """The kinds of some classes, of these classes only."""
        kinds, kind_of = self._kinds[direction], self._kind_of[direction]
        few = bits.bit_count() < len(kinds)
        for kind in [kinds[place] for place in sorted({kind_of[number] for number in members(bits)})] if few else kinds:
            self.steps += 1
            if theirs := kind.bits & bits:
                yield _Kind(theirs, kind.row)

    def _weight(self, direction: str, near: int, far: int) -> int:
        return sum((peers & far).bit_count() for kind in self._kinds[direction] if kind.bits & near for _services, peers in kind.row)

    def _kinds_of(self, direction: str) -> list[_Kind]:
        found: dict[int, tuple[int, Row]] = {}
        for number in members(self._classes.universe[_IPV4]):
            row = self._relation.row(number, direction, _IPV4)
            bits, _row = found.get(id(row), (0, row))
            found[id(row)] = bits | 1 << number, row
        return [
            _Kind(bits, tuple((services & self._everything, peers) for services, peers in row.items() if services & self._everything))
            for bits, row in found.values()
        ]

    def _services(self, direction: str, number: int, peer: int) -> int:
        row = self._kinds[direction][self._kind_of[direction][number]].row
        return next((services for services, peers in row if peers >> peer & 1), 0)

    def _texts(self, services: int) -> tuple[str, ...]:
        return ("any",) if services == self._everything else tuple(self._atoms.texts(services))


def _with_itself(tier: Tier) -> t.Iterator[tuple[int, int]]:
    """Pairs of classes between which there is no flow within the tier: a VM doesn't send to itself, and belongs to one tier only."""
    for numbers in tier.alone:
        yield from itertools.product(numbers, repeat=2)


def _marks(groups: t.Iterable[FlowGroup], tier: t.Mapping[str, str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """The kinds of difference by way."""
    found: dict[tuple[str, str], set[str]] = {}
    for group in groups:
        for sources, destinations in group.ways:
            for one in {tier.get(name, ELSEWHERE) for name in sources}:
                for other in {tier.get(name, ELSEWHERE) for name in destinations}:
                    found.setdefault((one, other), set()).add(group.kind)
    return {way: tuple(kind for kind in KINDS if kind in kinds) for way, kinds in found.items()}
