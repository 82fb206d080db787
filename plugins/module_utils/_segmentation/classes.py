# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classes: interfaces and addresses that no security rule tells apart, on one site or on two at once. Knows no rule's content.

A class holds either interfaces (of VMs that are on every site) or the addresses that no VM has between two cut points. With two
sites, a class is the same on both; what its members belong to is kept per site (`site_sets`).
"""

from __future__ import annotations

import typing as t
from collections import Counter

from .._errors import Ambiguous
from .atoms import Atoms, ones
from .members import Nic, interface, name_matches
from .rules import Range, Rules

LAST = {4: 2**32 - 1, 6: 2**128 - 1}


class Interface(t.NamedTuple):
    """One interface on one site. ``number`` is its place in the VM, ``label`` what people call it (`verdict.Flow`)."""

    vm: str
    number: int
    raw: t.Mapping[str, t.Any]
    nic: Nic
    label: str


Pair = tuple[Interface, ...]
"""The same interface on every site."""


def interfaces(vms: t.Iterable[t.Mapping[str, t.Any]]) -> dict[tuple[str, int], Interface]:
    """All interfaces of a site, by name of the VM and number. Raises Ambiguous for two VMs of one name."""
    found: dict[tuple[str, int], Interface] = {}
    names = set()
    for vm in vms:
        name = str(vm["name"])
        if name in names:
            raise Ambiguous("there are two VMs of this name", kind="vm", name=name, fix="Give one of them another name")
        names.add(name)
        nics = vm.get("nics", [])
        for number, raw in enumerate(nics):
            label = name if len(nics) == 1 else f"{name}[{number}]"
            found[name, number] = Interface(name, number, raw, interface(vm, raw), label)
    return found


class Address(t.NamedTuple):
    """The addresses of a class that no VM has: one atom of a family."""

    family: int
    atom: int


class Classes:
    """Every class and its members. Class numbers: first interfaces, then IPv4 addresses, then IPv6 addresses, both ascending."""

    def __init__(self, sites: t.Sequence[Rules], pairs: t.Sequence[Pair], taken: t.Iterable[tuple[int, int]]) -> None:
        """``taken``: the addresses of all VMs of all sites, with their family."""
        used: dict[int, set[tuple[int, int]]] = {family: set() for family in LAST}
        for rules in sites:
            for family, low, high in rules.ranges():
                used[family].add((low, high))
        self.atoms = {family: Atoms(used[family], last) for family, last in LAST.items()}
        self.pairs: list[list[Pair]] = []
        self.of_interface: list[dict[tuple[str, int], int]] = [{} for _site in sites]
        self._gather(sites, pairs)
        self.taken = frozenset(taken)
        self.nics = ones(0, len(self.pairs))
        self.addresses: list[Address] = []
        self.of_address: dict[Address, int] = {}
        self._numbers: dict[int, list[int]] = {}
        self.universe: dict[int, int] = {}
        for family in LAST:
            first = len(self.pairs) + len(self.addresses)
            self._add_addresses(family)
            self.universe[family] = self.nics | ones(first, len(self))

    def __len__(self) -> int:
        return len(self.pairs) + len(self.addresses)

    def class_of(self, family: int, number: int) -> int:
        """The class of an address that no VM has."""
        return self.of_address[Address(family, self.atoms[family].index(number))]

    def address_span(self, known: Range) -> int:
        """The classes of addresses within a range that a rule names."""
        family, low, high = known
        first, behind = self.atoms[family].span(low, high)
        return ones(self._numbers[family][first], self._numbers[family][behind])

    def _gather(self, sites: t.Sequence[Rules], pairs: t.Sequence[Pair]) -> None:
        signatures = [
            _Signature(rules, self.atoms, _shared(pair[site] for pair in pairs)) for site, rules in enumerate(sites)
        ]
        known: dict[t.Any, int] = {}
        for pair in pairs:
            key = tuple(signature.of(one) for signature, one in zip(signatures, pair, strict=True))
            number = known.setdefault(key, len(known))
            if number == len(self.pairs):
                self.pairs.append([])
            self.pairs[number].append(pair)
            for of_interface, one in zip(self.of_interface, pair, strict=True):
                of_interface[one.vm, one.number] = number

    def _add_addresses(self, family: int) -> None:
        atoms = self.atoms[family]
        occupied: dict[int, int] = {}
        for number in [number for own, number in self.taken if own == family]:
            atom = atoms.index(number)
            occupied[atom] = occupied.get(atom, 0) + 1
        numbers = self._numbers[family] = [len(self)]
        for atom in range(len(atoms)):
            low, high = atoms.bounds(atom)
            if occupied.get(atom, 0) <= high - low:
                self.of_address[Address(family, atom)] = len(self)
                self.addresses.append(Address(family, atom))
            numbers.append(len(self))


def _shared(members: t.Iterable[Interface]) -> frozenset[tuple[int, int]]:
    """The addresses that several interfaces have."""
    counted = Counter(address for one in members for address in one.nic.addresses)
    return frozenset(address for address, count in counted.items() if count > 1)


class _Signature:
    """All that the rules of a site can see of an interface."""

    def __init__(self, rules: Rules, atoms: dict[int, Atoms], shared: frozenset[tuple[int, int]]) -> None:
        self._tokens = frozenset(token for selection in rules.selections() for all_of in selection.all_of for token in all_of)
        self._names = sorted({name for selection in rules.selections() for name in selection.names})
        self._atoms, self._shared = atoms, shared

    def of(self, one: Interface) -> t.Any:
        raw = one.raw
        network = (raw.get("kind"), bool(raw.get("advanced")), raw.get("vpc"), tuple(sorted(raw.get("vpc_categories") or ())))
        addresses = tuple(dict.fromkeys((family, self._atoms[family].index(number)) for family, number in one.nic.addresses))
        names = tuple(name_matches(match, text, one.vm) for match, text in self._names)
        return one.nic.tokens & self._tokens, names, network, addresses, self._shared.intersection(one.nic.addresses)
