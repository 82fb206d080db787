# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sites that are compared have in common, kept once. Two sites are mostly equal, so this is half of the time and of the memory.

Knows no site: what is equal by its contents is the same here, whatever it is called.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .blocks import Line
    from .relation import Row


class Shared:
    """``rows``: by the contents of the blocks that make them. A single site has nothing to gain from these."""

    def __init__(self, sites: int) -> None:
        self.sites = sites
        self._bitsets: dict[tuple[int, int, int], int] = {}
        self._contents: dict[t.Any, int] = {}
        self.rows: dict[t.Any, Row] = {}

    def bitset(self, bits: int) -> int:
        """The same bits; large bitsets that are equal become one object."""
        return self._bitsets.setdefault((bits.bit_length(), (bits & -bits).bit_length(), bits), bits)

    def content(self, lines: t.Iterable[Line]) -> int:
        """A number that equal lines share, however they are ordered, repeated or named. Lines of one rank all allow or all deny."""
        key = frozenset((line.rank, line.enforced, line.allow, line.services, line.peers) for line in lines)
        return self._contents.setdefault(key, len(self._contents))
