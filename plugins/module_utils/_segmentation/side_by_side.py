# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites side by side: the same interfaces and addresses in the same classes, and all flows that they treat differently, as
exact products of bitsets. Knows no names and no reports.
"""

from __future__ import annotations

import typing as t

from .atoms import bitset
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
        out, into = (_kinds(classes, relations, direction, family) for direction in (OUT, IN))
        rows += len(out) + len(into)
        differing = [destination for destination in into if destination.differing]
        for source in out:
            changed, senders = source.changed, source.members
            for destination in into if changed else differing:
                # Where both ends agree with themselves, nothing differs.
                if changed & destination.members or destination.changed & senders:
                    cells += _cells(family, source, destination)
    return Compared(cells, rows)


def _kinds(classes: Classes, relations: t.Sequence[Relation], direction: str, family: int) -> list[_Kind]:
    members: dict[tuple[int, ...], list[int]] = {}
    rows: dict[tuple[int, ...], list[Row]] = {}
    for number in range(len(classes)):
        if not classes.universe[family] >> number & 1:
            continue
        own = [relation.row(number, direction, family) for relation in relations]
        key = tuple(id(row) for row in own)
        members.setdefault(key, []).append(number)
        rows[key] = own
    return [_kind(bitset(numbers, len(classes)), rows[key], classes.universe[family]) for key, numbers in members.items()]


def _kind(members: int, rows: list[Row], universe: int) -> _Kind:
    equal = all(rows[place] == rows[place + 1] for place in range(0, len(rows), 2))
    if equal and len(rows) == 2:
        return _Kind(members, [(peers, (mask, mask)) for mask, peers in rows[0].items()], [], 0)
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


def _cells(family: int, source: _Kind, destination: _Kind) -> t.Iterator[Cell]:
    reached = [(ways, masks) for others, masks in destination.regions if (ways := source.members & others)]
    if not reached:
        return
    for peers, masks in source.regions:
        to = destination.members & peers
        if to:
            for ways, their_masks in reached:
                if masks[0] & their_masks[0] != masks[1] & their_masks[1] or masks[2:]:
                    both = tuple(one & other for one, other in zip(masks, their_masks, strict=True))
                    if _differ(both):
                        yield Cell(family, ways, to, both)


def _union(bitsets: t.Iterable[int]) -> int:
    found = 0
    for one in bitsets:
        found |= one
    return found


def _differ(masks: Masks) -> bool:
    return masks[0] != masks[1] or masks[2:3] != masks[3:4]
