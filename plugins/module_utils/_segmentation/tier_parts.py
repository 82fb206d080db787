# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of tiers: classes of the same tiers that no large set of peers tells apart. Knows no service and no direction.

An isolation of two environments cuts most tiers in two. Within a part, nearly all classes are treated alike by nearly everybody.
"""

from __future__ import annotations

import typing as t

from .atoms import bitset, members
from .classes import Classes
from .policies import Policies
from .tiers import Tier

_LARGE, _CUTS = 64, 16
"""Sets of more classes than this cut, and so many of them, the largest, at most."""


class Parts:
    """``bits``: the classes of each part. ``of_class``: the part of each class of the family. ``of_tier``: the parts of each tier, by its name."""

    def __init__(self, policies: t.Iterable[Policies], classes: Classes, tiers: t.Sequence[Tier], family: int) -> None:
        universe = classes.universe[family]
        signs: dict[int, list[int]] = {number: [] for number in members(universe)}
        for place, bits in enumerate([*(tier.bits for tier in tiers), *_large_sets(policies, universe)]):
            for number in members(bits & universe):
                signs[number].append(place)
        found: dict[tuple[int, ...], list[int]] = {}
        for number, sign in signs.items():
            found.setdefault(tuple(sign), []).append(number)
        self.bits = [bitset(numbers, len(classes)) for numbers in found.values()]
        self.sizes = [len(numbers) for numbers in found.values()]
        self.of_class = {number: place for place, numbers in enumerate(found.values()) for number in numbers}
        self.of_tier = {
            tier.name: [part for part, sign in enumerate(found) if place in sign] for place, tier in enumerate(tiers)
        }


def _large_sets(policies: t.Iterable[Policies], universe: int) -> list[int]:
    """The largest sets of peers that lines of security rules name, without those that everybody is in."""
    named = {id(line.peers): line.peers for one in policies for block in one.blocks for lines in block.lines.values() for line in lines}
    large = {peers & universe for peers in named.values() if peers.bit_count() > _LARGE} - {universe}
    return sorted(large, key=lambda bits: (-bits.bit_count(), bits))[:_CUTS]
