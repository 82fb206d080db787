# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole relation of a site: for every class and direction, which services it lets pass with which peers. Knows one site.

A `Row` is canonical: however entries are ordered, split, repeated or named, what treats all packets equally gives equal rows. A
packet passes if both the row of its source (`out`) and that of its destination (`in`) let it pass.
"""

from __future__ import annotations

import typing as t

from .blocks import Line
from .collector import collector_paused
from .policies import Policies

Row: t.TypeAlias = "dict[int, int]"
"""Services (a bitset of atoms) -> the peers (a bitset of classes) with which exactly these pass. No peer is twice in a row;
those that are not in it have no service at all."""


class Relation:
    """The rows of one site; with ``as_is``, its relation as it is, the rows as if monitored policies were enforced. Rows that two sites
    share (`Shared`) are one object."""

    def __init__(self, policies: Policies, *, as_is: Relation | None = None) -> None:
        self.policies = policies
        self._as_is = as_is
        self._rows: dict[tuple[t.Any, ...], Row] = {}

    def row(self, number: int, direction: str, family: int) -> Row:
        """The row of a class. Classes with the same blocks share one."""
        held = self.policies.held[number]
        key = (held, direction, family)
        row = self._rows.get(key)
        if row is None:
            if self._as_is and self.policies.monitoring.isdisjoint(held):
                return self._as_is.row(number, direction, family)
            row = self._rows[key] = self._shared(held, direction, family)
        return row

    def _shared(self, held: tuple[int, ...], direction: str, family: int) -> Row:
        """The row of the other site, if it has one of the same contents."""
        shared = self.policies.shared
        if shared.sites == 1:
            return self._make(held, direction, family)
        contents = (family, self._as_is is None, self.policies.contents(held, direction, family))
        row = shared.rows.get(contents)
        if row is None:
            row = shared.rows[contents] = self._make(held, direction, family)
        return row

    def _make(self, held: tuple[int, ...], direction: str, family: int) -> Row:
        lines = self.policies.sort(held, direction, family, self._as_is is not None)
        atoms, universe = self.policies.atoms, self.policies.classes.universe[family]
        always = atoms.dhcp if family == 4 else 0
        once = self.policies.shared.bitset  # many rows are about the same services
        return {once(services): peers for services, peers in make_row(lines, universe, atoms.of_family[family], always).items()}

    @collector_paused()
    def whole(self) -> int:
        """Make all rows; says how many there are."""
        for number in range(len(self.policies.classes.pairs)):
            for direction in ("out", "in"):
                for family in (4, 6):
                    self.row(number, direction, family)
        return len(self._rows)


def make_row(lines: t.Iterable[Line], universe: int, services: int, always: int = 0) -> Row:
    """The row of some lines in order of rank; ``always`` passes whatever they say, and what no line decides passes too."""
    decided: Row = {}
    open_blocks = [(universe, always, services & ~always)]
    for line in lines:
        following = []
        for peers, allowed, undecided in open_blocks:
            mask = undecided & line.services
            matched = peers & line.peers if mask else 0
            if not matched:
                following.append((peers, allowed, undecided))
                continue
            if matched == peers:
                matched = peers  # large and equal: one object for many rows
            else:
                following.append((peers ^ matched, allowed, undecided))
                if matched == line.peers:
                    matched = line.peers
            now = allowed | mask if line.allow else allowed
            if undecided == mask:
                if now:
                    decided[now] = decided[now] | matched if now in decided else matched
            else:
                following.append((matched, now, undecided ^ mask))
        open_blocks = _joined(following) if len(following) > _MANY else following
    for peers, allowed, undecided in open_blocks:
        now = allowed | undecided
        decided[now] = decided[now] | peers if now in decided else peers
    return decided


_MANY = 6


def _joined(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The same blocks; those that stand alike as one."""
    found: dict[tuple[int, int], int] = {}
    for peers, allowed, undecided in blocks:
        key = (allowed, undecided)
        found[key] = found.get(key, 0) | peers
    return [(peers, allowed, undecided) for (allowed, undecided), peers in found.items()]
