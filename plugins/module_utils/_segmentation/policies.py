# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that hold at each class of one site, in the order in which they are looked at. Knows no single packet.

`Policies` joins rules, classes and readings: everything else of the engine (verdicts, the relation, differences) asks it.
"""

from __future__ import annotations

import typing as t

from .atoms import members
from .blocks import Block, Builder, Line
from .classes import Classes
from .flex_blocks import flex_blocks
from .readings import DEFAULT_READINGS, Readings
from .rules import Objects, Rules
from .service_atoms import ServiceAtoms
from .shared import Shared
from .site_sets import SiteSets


class Policies:
    """One site, ready to be asked. ``site`` is its place among the sites of the classes."""

    def __init__(
        self,
        objects: Objects,
        rules: Rules,
        classes: Classes,
        atoms: ServiceAtoms,
        site: int = 0,
        readings: Readings = DEFAULT_READINGS,
        shared: Shared | None = None,
    ) -> None:
        """``shared``: what this site shares with another one that it is compared with."""
        self.classes, self.atoms, self.readings = classes, atoms, readings
        self.shared = shared or Shared(1)
        sets = SiteSets(classes, site, readings, self.shared)
        self.blocks: list[Block] = [
            block
            for block in (
                *Builder(objects, rules, sets, atoms, readings).blocks(),
                *flex_blocks(objects, rules, sets, atoms, readings),
            )
            if block.members
        ]
        self.monitoring = frozenset(
            number for number, block in enumerate(self.blocks) if any(not line.enforced for lines in block.lines.values() for line in lines)
        )
        """The blocks with lines that only report."""
        held: list[list[int]] = [[] for _class in range(len(classes))]
        for number, block in enumerate(self.blocks):
            for one in members(block.members):
                held[one].append(number)
        self.held: list[tuple[int, ...]] = [tuple(numbers) for numbers in held]
        """The blocks at each class. Classes with the same blocks are treated equally."""
        self._known: dict[tuple[t.Any, ...], tuple[Line, ...]] = {}
        self._contents: dict[tuple[int, str, int], int] = {}

    def deciding(self, held: tuple[int, ...], direction: str, family: int, *, if_enforced: bool = False) -> tuple[Line, ...]:
        """The lines that decide, sorted. ``if_enforced``: as if monitored policies were enforced."""
        key = (held, direction, family, if_enforced)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(self.sort(held, direction, family, if_enforced))
        return found

    def monitored(self, held: tuple[int, ...], direction: str, family: int) -> tuple[Line, ...]:
        """The lines that only report, sorted. In the first generation they take part in deciding."""
        key = (held, direction, family, None)
        found = self._known.get(key)
        if found is None:
            lines = self._lines(held, direction, family)
            found = self._known[key] = tuple(sorted((line for line in lines if not line.enforced), key=_rank))
        return found

    def contents(self, held: tuple[int, ...], direction: str, family: int) -> frozenset[int]:
        """What decides at a class, without names: equal contents treat all packets alike, on whatever site."""
        found = set()
        for number in held:
            key = (number, direction, family)
            content = self._contents.get(key)
            if content is None:
                lines = self.blocks[number].lines.get((direction, family), ())
                content = self._contents[key] = self.shared.content(lines)
            found.add(content)
        return frozenset(found)

    def sort(self, held: tuple[int, ...], direction: str, family: int, if_enforced: bool) -> list[Line]:
        """As `deciding`, without keeping the answer."""
        lines = self._lines(held, direction, family)
        if not if_enforced:
            if self.readings.model == "gen1":
                lines = [line if line.enforced else line._replace(allow=True, action="allow") for line in lines]
            else:
                lines = [line for line in lines if line.enforced]
        lines.sort(key=_rank)
        return lines

    def _lines(self, held: tuple[int, ...], direction: str, family: int) -> list[Line]:
        return [line for number in held for line in self.blocks[number].lines.get((direction, family), ())]


def _rank(line: Line) -> tuple[int, bool]:
    return line.rank, not line.enforced
