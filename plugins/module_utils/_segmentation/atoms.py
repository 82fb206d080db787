# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values cut into atoms: stretches of numbers that no rule tells apart. Knows numbers only; every cut point is exact."""

from __future__ import annotations

import bisect
import typing as t


class Atoms:
    """The numbers 0 to ``last``, cut wherever one of ``ranges`` (both ends included) begins or ends."""

    def __init__(self, ranges: t.Iterable[tuple[int, int]], last: int) -> None:
        cuts = {0}
        for low, high in ranges:
            cuts.add(low)
            cuts.add(high + 1)
        cuts.discard(last + 1)
        self.starts = sorted(cuts)
        self.last = last

    def __len__(self) -> int:
        return len(self.starts)

    def index(self, number: int) -> int:
        """The atom that holds a number."""
        return bisect.bisect_right(self.starts, number) - 1

    def span(self, low: int, high: int) -> tuple[int, int]:
        """First atom of a range that was given at the start, and the one behind its last."""
        return self.index(low), self.index(high) + 1

    def bounds(self, index: int) -> tuple[int, int]:
        """First and last number of an atom."""
        return self.starts[index], (self.starts[index + 1] - 1 if index + 1 < len(self.starts) else self.last)


def ones(first: int, behind: int) -> int:
    """A bitset with the bits from ``first`` up to, but without, ``behind``."""
    return (1 << behind) - (1 << first)


_BYTE = tuple(tuple(bit for bit in range(8) if value >> bit & 1) for value in range(256))
_FEW, _SINGLE = 48, 8


def members(bits: int) -> list[int]:
    """The numbers in a bitset, ascending."""
    found: list[int] = []
    if bits.bit_count() <= _FEW:
        while bits:
            lowest = bits & -bits
            found.append(lowest.bit_length() - 1)
            bits ^= lowest
        return found
    for place, value in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        if value:
            found += [place * 8 + bit for bit in _BYTE[value]]
    return found


def ascending(bits: int) -> t.Iterator[int]:
    """The numbers in a bitset, for whoever mostly needs the first of them only."""
    if bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        yield from members(bits ^ lowest)


def runs(bits: int) -> t.Iterator[tuple[int, int]]:
    """The stretches of ones in a bitset, ascending: first bit and last."""
    low = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        length = (~bits & (bits + 1)).bit_length() - 1
        bits >>= length
        low += zeros + length
        yield low - length, low - 1


def bitset(numbers: t.Sequence[int], size: int) -> int:
    """The bitset of some numbers below ``size``."""
    if len(numbers) <= _SINGLE:
        found = 0
        for number in numbers:
            found |= 1 << number
        return found
    data = bytearray((size + 7) // 8)
    for number in numbers:
        data[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(data, "little")
