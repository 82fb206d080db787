# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who stands at the two ends of a cell: real pairs of interfaces and addresses, their names, and one packet as a witness.

A VM doesn't send to itself, and two of its interfaces don't count either (R20); so a cell may be empty although it has classes.
"""

from __future__ import annotations

import ipaddress
import typing as t

from .atoms import ascending, members
from .classes import Classes
from .service_atoms import ServiceAtoms
from .side_by_side import Cell
from .verdict import Flow


class Witness(t.NamedTuple):
    """One packet, as each site's engine takes it."""

    left: Flow
    right: Flow


class Member(t.NamedTuple):
    """An interface on both sites, or on the only one (or an address, the same on both). ``vm`` is empty for an address."""

    number: int
    vm: str
    names: tuple[str, str]


class Ends:
    """The ends of one cell."""

    def __init__(self, classes: Classes, cell: Cell) -> None:
        self.cell = cell
        self._classes = classes
        self._first: tuple[Member, Member] | None = None

    def exist(self) -> bool:
        """Whether any flow is in the cell."""
        self._first = self.pair()
        return self._first is not None

    def first(self) -> tuple[int, int]:
        """The classes of the first flow."""
        source, destination = self._found()
        return source.number, destination.number

    def witness(self, atoms: ServiceAtoms, services: int) -> Witness:
        """The first flow with the lowest of some services."""
        packet = str(atoms.packet(next(ascending(services))))
        source, destination = self._found()
        left, right = (
            Flow(source.names[site], destination.names[site], packet, self.cell.family == 6) for site in (0, 1)
        )
        return Witness(left, right)

    def _found(self) -> tuple[Member, Member]:
        self._first = self._first or self.pair()
        if self._first is None:
            raise ValueError("the cell is empty")
        return self._first

    def pair(self) -> tuple[Member, Member] | None:
        """The first flow of the cell, if there is any."""
        for source in self._members(self.cell.sources):
            for destination in self._members(self.cell.destinations):
                if (source.vm or destination.vm) and source.vm != destination.vm:
                    return source, destination
        return None

    def _members(self, bits: int) -> t.Iterator[Member]:
        for number in ascending(bits):
            if number < len(self._classes.pairs):
                for pair in self._classes.pairs[number]:
                    left, right = pair[0], pair[-1]
                    yield Member(number, left.vm, (left.label, right.label))
            else:
                text = self._free_address(number)
                yield Member(number, "", (text, text))

    def _free_address(self, number: int) -> str:
        """The first address of a class that no VM has."""
        family, atom = self._classes.addresses[number - len(self._classes.pairs)]
        low, _high = self._classes.atoms[family].bounds(atom)
        while (family, low) in self._classes.taken:
            low += 1
        return _address(family, low)


class Names:
    """The names of everybody in a bitset of classes, as the left-hand site calls them; each bitset is named once."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._known: dict[int, tuple[str, ...]] = {}
        self._of_class: dict[int, list[str]] = {}

    def of(self, bits: int) -> tuple[str, ...]:
        found = self._known.get(bits)
        if found is None:
            found = self._known[bits] = tuple(name for number in members(bits) for name in self._of(number))
        return found

    def _of(self, number: int) -> list[str]:
        found = self._of_class.get(number)
        if found is None:
            found = self._of_class[number] = self._spelled(number)
        return found

    def _spelled(self, number: int) -> list[str]:
        if number < len(self._classes.pairs):
            return [pair[0].label for pair in self._classes.pairs[number]]
        family, atom = self._classes.addresses[number - len(self._classes.pairs)]
        low, high = self._classes.atoms[family].bounds(atom)
        first, last = _address(family, low), _address(family, high)
        return [first if low == high else f"{first}-{last}"]


def _address(family: int, number: int) -> str:
    return str(ipaddress.IPv4Address(number) if family == 4 else ipaddress.IPv6Address(number))
