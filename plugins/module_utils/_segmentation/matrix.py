# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may talk to whom, tier by tier, on two sites: the exact relation over IPv4 with its classes joined into tiers. For people."""

from __future__ import annotations

import itertools
import typing as t

from .collector import collector_paused
from .difference import KINDS, FlowGroup, SitePair
from .relation import Relation
from .service_atoms import ServiceAtoms
from .tier_flows import TierFlows, TooMany
from .tier_parts import Parts
from .tiers import ELSEWHERE, Tier, best_keys, securing_keys, tier_of, tiers

_IPV4 = 4


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
    known_policies = pair.policies(pair.readings)
    parts = Parts(known_policies, classes, found, _IPV4)
    try:
        sites = [TierFlows(Relation(one), _IPV4, parts, _everything(pair.atoms)) for one in known_policies]
    except TooMany:
        return Matrix(tuple(chosen), tuple(found), (), "it isn't drawn: too many VMs are treated in a way of their own")
    ways = []
    for one in found:
        for other in found:
            if (one.name, other.name) != (ELSEWHERE, ELSEWHERE):
                (before, some), (after, more) = (_between(site, pair.atoms, one, other) for site in sites)
                names = (one.name, other.name)
                ways.append(Way(*names, before, after, some or more, marks.get(names, ()), marks_ipv6.get(names, ())))
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


def _between(site: TierFlows, atoms: ServiceAtoms, one: Tier, other: Tier) -> tuple[tuple[str, ...], bool]:
    """The services that pass from any class of a tier to any of another, and whether they don't from all to all."""
    counts = site.between(one, other)
    for sender, receiver in _with_itself(one) if one.name == other.name else ():
        counts[site.services(sender, receiver)] -= 1
    ways = {services for services, count in counts.items() if count}
    some = 0
    for services in ways:
        some |= services
    texts = ("any",) if some == _everything(atoms) else tuple(atoms.texts(some))
    return texts, bool(some) and len(ways) > 1


def _everything(atoms: ServiceAtoms) -> int:
    return atoms.of_family[_IPV4] & ~atoms.dhcp


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
