# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selectors as bitsets of classes, for one site: secured groups and peers, clipped by scope. Knows no entry and no level."""

from __future__ import annotations

import typing as t

from .._model.directory import split_category
from .atoms import bitset
from .classes import Classes
from .members import BY_CATEGORY, Selection, Token, in_scope, is_basic, name_matches
from .readings import Readings
from .rules import Peer, Range
from .shared import Shared


class SiteSets:
    """What the selectors of one site select among the classes. ``site``: its place in the pairs of the classes."""

    def __init__(self, classes: Classes, site: int, readings: Readings, shared: Shared | None = None) -> None:
        self._classes, self._shared = classes, shared or Shared(1)
        self._gen1 = readings.model == "gen1"
        self._adds_up = readings.entity_group_adds_up
        self._any_value = self._gen1 and not readings.gen1_needs_all_values
        tokens: dict[Token, list[int]] = {}
        at_atom: dict[tuple[int, int], list[int]] = {}
        holders: dict[tuple[int, int], list[int]] = {}
        basic, overlay, known = [], [], []
        self._first = [pairs[0][site] for pairs in classes.pairs]
        for number, one in enumerate(self._first):
            for token in one.nic.tokens:
                tokens.setdefault(token, []).append(number)
            for family, address in one.nic.addresses if readings.secondary_addresses_count else _first_of_each(one.nic.addresses):
                at_atom.setdefault((family, classes.atoms[family].index(address)), []).append(number)
                if readings.equal_addresses_alias:
                    holders.setdefault((family, address), []).append(number)
            if is_basic(one.raw):
                basic.append(number)
            if one.raw.get("kind") == "overlay":
                overlay.append(number)
            if one.nic.addresses:
                known.append(number)
        size = len(classes.pairs)
        self._tokens = tokens
        self._at_atom: dict[int, list[tuple[int, int]]] = {4: [], 6: []}
        for (family, atom), numbers in sorted(at_atom.items()):
            self._at_atom[family].append((atom, bitset(numbers, size)))
        self._aliases: dict[int, list[int]] = {4: [], 6: []}
        for (family, _address), numbers in holders.items():
            if len(numbers) > 1:
                self._aliases[family].append(bitset(numbers, size))
        reached = classes.nics & ~bitset(overlay if self._gen1 else basic, size)
        self.nics = classes.nics
        self.universe = classes.universe
        self.enforceable = reached
        """Interfaces where policies can be enforced at all."""
        self._peers_among = classes.nics if readings.basic_vlan_is_peer else reached
        if readings.peer_needs_address:
            self._peers_among &= bitset(known, size)
        self._scopes: dict[str, int] = {}
        self._memo: dict[tuple[t.Any, ...], int] = {}

    def secured(self, selection: Selection, scope: t.Any) -> int:
        """The interfaces that a group secures, whether their address is known or not."""
        return self._selected(selection) & self._in(scope) & self.enforceable

    def members(self, selection: Selection, scope: t.Any, family: int) -> int:
        """The same interfaces as somebody's peers, for packets of one family."""
        return self._with_aliases(self.secured(selection, scope) & self._peers_among, family)

    def applied(self, selection: Selection) -> int:
        """The interfaces to which a Flex rule is applied, in whatever network."""
        return self._selected(selection) & self.enforceable

    def peer(self, peer: Peer, scope: t.Any, family: int) -> int:
        """The classes at the other end of an entry, for packets of one family."""
        if peer.everybody:
            return self._classes.universe[family]
        key = (id(peer), repr(scope), family)
        if key not in self._memo:
            bits, named = self._ranges(peer.ranges, family), 0
            for selection in peer.selections:
                named |= self._named(selection) & ~self._excepted(selection) & self._in(scope) & self._peers_among
                bits |= self._by_address(selection, family) & ~self._excepted(selection)
            self._memo[key] = self._shared.bitset(bits | self._with_aliases(named, family))
        return self._memo[key]

    def _selected(self, selection: Selection) -> int:
        key = ("selected", selection)
        if key not in self._memo:
            bits = self._named(selection)
            for family in (4, 6):
                bits |= self._by_address(selection, family) & self._classes.nics
            self._memo[key] = bits & ~self._excepted(selection)
        return self._memo[key]

    def _named(self, selection: Selection) -> int:
        """Selected by category or name."""
        bits = 0
        for place, all_of in enumerate(selection.all_of):
            together = self._classes.nics
            if place == 0 and selection.mixed and not self._adds_up:
                together &= self._ranges(selection.addresses, 4) | self._ranges(selection.addresses, 6)
            for alternatives in self._needed(all_of):
                one_of = 0
                for token in alternatives:
                    one_of |= self._token_bits(token)
                together &= one_of
            bits |= together
        for match, text in selection.names:
            numbers = [number for number, one in enumerate(self._first) if name_matches(match, text, one.vm)]
            bits |= bitset(numbers, len(self._first))
        return bits

    def _needed(self, all_of: frozenset[Token]) -> t.Collection[t.Sequence[Token]]:
        """What must hold together, each time one of several tokens."""
        if not self._any_value:
            return [(token,) for token in sorted(all_of)]
        found: dict[Token, list[Token]] = {}
        for word, name in sorted(all_of):
            found.setdefault((word, split_category(name)[0] if word in BY_CATEGORY else name), []).append((word, name))
        return found.values()

    def _with_aliases(self, bits: int, family: int) -> int:
        """With all interfaces that have an address of one of these, if that makes them the same."""
        more = bits
        for alike in self._aliases[family]:
            if alike & bits:
                more |= alike
        return more

    def _by_address(self, selection: Selection, family: int) -> int:
        """Who is a member of an entity group by address alone."""
        return 0 if selection.mixed and not self._adds_up else self._ranges(selection.addresses, family)

    def _excepted(self, selection: Selection) -> int:
        return self._ranges(selection.excepted, 4) | self._ranges(selection.excepted, 6)

    def _ranges(self, ranges: t.Sequence[Range], family: int) -> int:
        bits = 0
        for known in ranges:
            if known[0] == family:
                bits |= self._range(known)
        return bits

    def _range(self, known: Range) -> int:
        key = ("range", *known)
        if key not in self._memo:
            family, low, high = known
            first, behind = self._classes.atoms[family].span(low, high)
            bits = self._classes.address_span(known)
            for atom, interfaces in self._at_atom[family]:
                if first <= atom < behind:
                    bits |= interfaces
            self._memo[key] = bits
        return self._memo[key]

    def _in(self, scope: t.Any) -> int:
        key = repr(scope)
        if key not in self._scopes:
            numbers = [number for number, one in enumerate(self._first) if in_scope(scope, one.raw)]
            self._scopes[key] = bitset(numbers, len(self._first))
        return self._scopes[key]

    def _token_bits(self, token: Token) -> int:
        key = ("token", token)
        if key not in self._memo:
            self._memo[key] = bitset(self._tokens.get(token, ()), len(self._first))
        return self._memo[key]


def _first_of_each(addresses: t.Iterable[tuple[int, int]]) -> t.Iterable[tuple[int, int]]:
    """The first address of each family."""
    found: dict[int, int] = {}
    for family, number in addresses:
        found.setdefault(family, number)
    return found.items()
