# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites side by side: the same interfaces and addresses in the same classes, and all flows that they treat differently, as
exact products of bitsets. Knows no names and no reports.
"""

from __future__ import annotations

import typing as t

from .atoms import bitset, members
from .blocks import FAMILIES, IN, OUT
from .classes import Classes
from .relation import Relation, Row

Masks = tuple[int, ...]
"""The services that pass, per relation."""


class Cell(t.NamedTuple):
    """All flows from any class of ``sources`` to any of ``destinations``: the services that pass, per relation."""

    family: int
    sources: int
    destinations: int
    masks: Masks


class _Kind(t.NamedTuple):
    """Classes that have the same rows in all relations. ``regions``: peers and their masks; ``differing``: those of them where the
    first relation and the second, or the third and the fourth, don't agree. ``changed``: all peers of these."""

    members: int
    regions: list[tuple[int, Masks]]
    differing: list[tuple[int, Masks]]
    changed: int


class Compared(t.NamedTuple):
    """``rows``: how many rows were compared; all equal means that all flows are treated equally."""

    cells: list[Cell]
    rows: int


def compare_relations(classes: Classes, relations: t.Sequence[Relation]) -> Compared:
    """The cells where relations differ: left and right, and then perhaps left and right as if monitored policies were enforced."""
    cells: list[Cell] = []
    rows = 0
    for family in FAMILIES:
        alike = _alike(classes, relations, family)
        out, into = (_kinds(classes, alike, relations, direction, family) for direction in (OUT, IN))
        rows += len(out) + len(into)
        differing = [destination for destination in into if destination.differing]
        others = [destination for destination in into if not destination.differing]
        for source in out:
            for destination in others if source.differing else ():
                if source.changed & destination.members:
                    cells += _cells(family, source.members, source.regions, destination.members, destination.regions)
        cells += _cells_at(family, out, differing)
    return Compared(cells, rows)


def _alike(classes: Classes, relations: t.Sequence[Relation], family: int) -> list[list[int]]:
    """The classes of a family; those that have the same blocks on both sites, and so the same rows, together."""
    left, right = (relation.policies.held for relation in relations[:2])
    found: dict[t.Any, list[int]] = {}
    for number in members(classes.universe[family]):
        found.setdefault((left[number], right[number]), []).append(number)
    return list(found.values())


def _kinds(classes: Classes, alike: list[list[int]], relations: t.Sequence[Relation], direction: str, family: int) -> list[_Kind]:
    found: dict[tuple[int, ...], tuple[list[int], list[Row]]] = {}
    for numbers in alike:
        rows = [relation.row(numbers[0], direction, family) for relation in relations]
        found.setdefault(tuple([id(row) for row in rows]), ([], rows))[0].extend(numbers)
    return [_kind(bitset(numbers, len(classes)), rows, classes.universe[family]) for numbers, rows in found.values()]


def _kind(members: int, rows: list[Row], universe: int) -> _Kind:
    equal = all(_same(rows[place], rows[place + 1]) for place in range(0, len(rows), 2))
    if equal and _same(rows[0], rows[-1]):
        return _Kind(members, [(peers, (mask,) * len(rows)) for mask, peers in rows[0].items()], [], 0)
    regions: list[tuple[int, Masks]] = [(universe, ())]
    for row in rows:
        following = []
        for peers, masks in regions:
            rest = peers
            for mask, own in row.items():
                matched = rest & own
                if matched:
                    following.append((matched, (*masks, mask)))
                    rest ^= matched
            if rest:
                following.append((rest, (*masks, 0)))
        regions = following
    regions = [one for one in regions if any(one[1])]
    differing = [] if equal else [one for one in regions if _differ(one[1])]
    return _Kind(members, regions, differing, _union(peers for peers, _masks in differing))


def _same(one: Row, other: Row) -> bool:
    return one is other or one == other  # mostly one object; to compare it with itself would take as long as with another


def _cells_at(family: int, out: t.Sequence[_Kind], differing: t.Sequence[_Kind]) -> t.Iterator[Cell]:
    """The cells at destinations whose own rows differ. Most sources treat most of these alike, so all sources are looked at together,
    destination by destination, and told apart again where something differs."""
    columns = Columns(out, _union(destination.members for destination in differing))
    kind_of = {number: source.members for source in out for number in members(source.members)}
    for destination in differing:
        found: dict[tuple[int, Masks], int] = {}
        for number in members(destination.members):
            for senders, masks in columns.at(number):
                for cell in _cells(family, senders, [(1 << number, masks)], 1 << number, destination.regions):
                    key = (cell.sources, cell.masks)
                    found[key] = found.get(key, 0) | cell.destinations
        for (sources, masks), to in found.items():
            for kind in {kind_of[number] for number in members(sources)}:
                yield Cell(family, sources & kind, to, masks)


def _cells(
    family: int, sources: int, out: t.Sequence[tuple[int, Masks]], destinations: int, into: t.Sequence[tuple[int, Masks]]
) -> t.Iterator[Cell]:
    reached = [(ways, masks) for others, masks in into if (ways := sources & others)]
    if not reached:
        return
    for peers, masks in out:
        to = destinations & peers
        if to:
            for ways, their_masks in reached:
                if masks[0] & their_masks[0] != masks[1] & their_masks[1] or masks[2:]:
                    both = tuple(one & other for one, other in zip(masks, their_masks, strict=True))
                    if _differ(both):
                        yield Cell(family, ways, to, both)


class Columns:
    """Rows of sources by destination: each source has a usual answer, and is listed apart where it gives another one."""

    def __init__(self, out: t.Sequence[_Kind], wanted: int) -> None:
        """``wanted``: the destinations that will be asked for."""
        self._usual: dict[Masks, int] = {}
        self._others: dict[int, dict[Masks, int]] = {}
        for source in out:
            regions = [(found, masks) for peers, masks in source.regions if (found := peers & wanted)]
            nothing = wanted & ~_union(peers for peers, _masks in regions)
            if nothing:
                regions.append((nothing, ()))
            regions.sort(key=lambda region: region[0].bit_count())
            if regions:
                usual = regions.pop()[1]
                self._usual[usual] = self._usual.get(usual, 0) | source.members
            for peers, masks in regions:
                for number in members(peers):
                    here = self._others.setdefault(number, {})
                    here[masks] = here.get(masks, 0) | source.members

    def at(self, number: int) -> t.Iterator[tuple[int, Masks]]:
        """Sources that let something pass to a destination, with what."""
        others = self._others.get(number, {})
        listed = _union(others.values())
        for masks, senders in self._usual.items():
            if masks and senders & ~listed:
                yield senders & ~listed, masks
        for masks, senders in others.items():
            if masks:
                yield senders, masks


def _union(bitsets: t.Iterable[int]) -> int:
    found = 0
    for one in bitsets:
        found |= one
    return found


def _differ(masks: Masks) -> bool:
    return masks[0] != masks[1] or masks[2:3] != masks[3:4]
