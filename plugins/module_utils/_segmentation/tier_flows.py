# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What passes between two tiers of one site, exactly: how many pairs of classes let pass which services. Knows no difference.

To each part of a tier (`tier_parts`) a class has a usual answer, and a few classes of it get another one. The usual answers are
counted, the others are looked at pair by pair.
"""

from __future__ import annotations

import itertools
import typing as t
from collections import Counter

from .atoms import members
from .blocks import IN, OUT
from .relation import Relation
from .tier_parts import Parts
from .tiers import Tier

#: So many pairs of a usual answer and another one take a few seconds; a site that needs more has no matrix, and says so.
MOST_STEPS = 1_000_000
_FEW = 8


class TooMany(Exception):
    """The classes are treated in too many ways of their own."""


class _Side:
    """What classes say in one direction. Services are numbers here: places in ``masks``, which both directions share.

    ``usual``: (own part, part of the peer) -> answer -> how many classes give it. ``others``: the same key -> class and peer as one
    number -> another answer than the usual one of that class to that part.
    """

    def __init__(self, relation: Relation, direction: str, family: int, parts: Parts, masks: dict[int, int], kept: int) -> None:
        self._parts, self._masks, self._kept = parts, masks, kept
        self._size = len(relation.policies.classes)
        self._universe = relation.policies.classes.universe[family]
        self._mostly: dict[int, tuple[int, dict[int, int]]] = {}
        self.others: dict[tuple[int, int], dict[int, int]] = {}
        self._counts: list[Counter[int]] = [Counter() for _part in parts.bits]
        self._moved: dict[tuple[int, int], Counter[int]] = {}
        self._steps = 0
        rows: dict[int, tuple[list[int], dict[int, int]]] = {}
        for number in parts.of_class:
            row = relation.row(number, direction, family)
            rows.setdefault(id(row), ([], row))[0].append(number)
        for numbers, row in rows.values():
            self._add(numbers, row)

    def usual(self, near: int, far: int) -> dict[int, int]:
        """The usual answers of a part to another, each with how many classes give it."""
        counts = Counter(self._counts[near])
        counts.update(self._moved.get((near, far), {}))
        return {answer: count for answer, count in counts.items() if count}

    def usual_of(self, number: int, far: int) -> int:
        """The usual answer of one class to a part."""
        mostly, elsewhere = self._mostly[number]
        return elsewhere.get(far, mostly)

    def at(self, number: int, peer: int) -> int:
        """The answer of one class to another one."""
        far = self._parts.of_class[peer]
        found = self.others.get((self._parts.of_class[number], far), {}).get(number * self._size + peer)
        return self.usual_of(number, far) if found is None else found

    def _add(self, numbers: list[int], row: t.Mapping[int, int]) -> None:
        """Classes that have the same row."""
        regions: dict[int, int] = {}
        for services, peers in row.items():
            answer = self._masks.setdefault(services & self._kept, len(self._masks))
            regions[answer] = regions.get(answer, 0) | peers
        nothing = self._universe
        for peers in regions.values():
            nothing &= ~peers
        silent = self._masks.setdefault(0, len(self._masks))
        regions[silent] = regions.get(silent, 0) | nothing
        mostly = max(regions, key=lambda answer: regions[answer].bit_count())
        elsewhere: dict[int, int] = {}
        own: dict[int, list[int]] = {}
        for number in numbers:
            own.setdefault(self._parts.of_class[number], []).append(number)
            self._mostly[number] = mostly, elsewhere
        for near, mine in own.items():
            self._counts[near][mostly] += len(mine)
        for far, said in self._by_part({answer: peers for answer, peers in regions.items() if answer != mostly and peers}).items():
            rest = self._parts.bits[far]
            for peers in said.values():
                rest &= ~peers
            said[mostly] = rest
            usual = max(said, key=lambda answer: said[answer].bit_count())
            if usual != mostly:
                elsewhere[far] = usual
                for near, mine in own.items():
                    moved = self._moved.setdefault((near, far), Counter())
                    moved[mostly] -= len(mine)
                    moved[usual] += len(mine)
            for answer, peers in said.items():
                if answer != usual and peers:
                    self._note(own, far, answer, members(peers))

    def _by_part(self, regions: t.Mapping[int, int]) -> dict[int, dict[int, int]]:
        """Regions cut by parts: part -> answer -> peers."""
        found: dict[int, dict[int, int]] = {}
        for answer, peers in regions.items():
            few = peers.bit_count() <= _FEW
            for far in {self._parts.of_class[number] for number in members(peers)} if few else range(len(self._parts.bits)):
                if there := peers & self._parts.bits[far]:
                    found.setdefault(far, {})[answer] = there
        return found

    def _note(self, own: t.Mapping[int, list[int]], far: int, answer: int, peers: list[int]) -> None:
        for near, mine in own.items():
            self._steps += len(mine) * len(peers)
            if self._steps > MOST_STEPS:
                raise TooMany
            others = self.others.setdefault((near, far), {})
            for number in mine:
                for peer in peers:
                    others[number * self._size + peer] = answer


class TierFlows:
    """One site. Raises TooMany."""

    def __init__(self, relation: Relation, family: int, parts: Parts, kept: int) -> None:
        """``kept``: the services that count."""
        if len(parts.bits) ** 2 > MOST_STEPS:
            raise TooMany
        masks: dict[int, int] = {}
        self._parts, self._size = parts, len(relation.policies.classes)
        self._out, self._into = (_Side(relation, direction, family, parts, masks, kept) for direction in (OUT, IN))
        self._masks = list(masks)
        self._known: dict[tuple[int, int], Counter[int]] = {}

    def between(self, one: Tier, other: Tier) -> Counter[int]:
        """Services -> from how many classes of a tier to how many of another exactly these pass, as pairs."""
        counts: Counter[int] = Counter()
        for near, far in itertools.product(self._parts.of_tier[one.name], self._parts.of_tier[other.name]):
            if (near, far) not in self._known:
                self._known[near, far] = self._between(near, far)
            counts.update(self._known[near, far])
        return counts

    def services(self, source: int, destination: int) -> int:
        """What passes from one class to another."""
        return self._masks[self._out.at(source, destination)] & self._masks[self._into.at(destination, source)]

    def _between(self, near: int, far: int) -> Counter[int]:
        counts: Counter[tuple[int, int]] = Counter()
        for (said, senders), (heard, receivers) in itertools.product(self._out.usual(near, far).items(), self._into.usual(far, near).items()):
            counts[said, heard] += senders * receivers
        out, into = self._out.others.get((near, far), {}), self._into.others.get((far, near), {})
        back = {key % self._size * self._size + key // self._size: answer for key, answer in into.items()}
        for key in out.keys() | back.keys():
            source, destination = divmod(key, self._size)
            said, heard = self._out.usual_of(source, far), self._into.usual_of(destination, near)
            counts[said, heard] -= 1
            counts[out.get(key, said), back.get(key, heard)] += 1
        found: Counter[int] = Counter()
        for (said, heard), count in counts.items():
            if count:
                found[self._masks[said] & self._masks[heard]] += count
        return found
