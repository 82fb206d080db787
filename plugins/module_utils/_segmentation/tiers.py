# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs sorted into tiers by the values of some category keys, as people think of them. Knows no rule's entries and no packet."""

from __future__ import annotations

import itertools
import typing as t

from .atoms import bitset
from .classes import Classes
from .members import Nic, Selection
from .rules import Rules

#: More than these nobody reads; the smallest are then one.
MOST = 32
ELSEWHERE = "other addresses"
_NONE = "no category"


class Tier(t.NamedTuple):
    """``vms``: how many; ``bits``: the classes of their interfaces, or of all addresses that no VM has. A class may be of several tiers.
    ``alone``: for each VM, the classes of which it is the only one in this tier."""

    name: str
    vms: int
    bits: int
    alone: tuple[tuple[int, ...], ...] = ()


_Members = dict[int, set[str]]
"""The VMs of a tier by the classes of their interfaces."""


def securing_keys(sites: t.Iterable[Rules]) -> list[str]:
    """The category keys by which rules secure."""
    found: set[str] = set()
    for rules in sites:
        for selection in _secured(rules):
            found |= {name.partition("/")[0] for tokens in selection.all_of for word, name in tokens if word == "categories"}
    return sorted(found)


def tiers(classes: Classes, keys: t.Sequence[str]) -> list[Tier]:
    """The tiers by all of these keys together, as the left-hand site has the categories, sorted by name, and last the addresses of no VM."""
    found: dict[str, _Members] = {}
    for number, pairs in enumerate(classes.pairs):
        for pair in pairs:
            found.setdefault(_name(pair[0].nic, keys), {}).setdefault(number, set()).add(pair[0].vm)
    size = len(classes.pairs)
    known = [_tier(name, own, size) for name, own in _joined(found)]
    return [*known, Tier(ELSEWHERE, 0, (classes.universe[4] | classes.universe[6]) & ~classes.nics)]


def best_keys(classes: Classes, keys: t.Sequence[str]) -> list[str]:
    """The key, or two of these, that tell most tiers apart, but not too many to read; one where two make no difference."""
    known = {_values(pair[0].nic, keys) for pairs in classes.pairs for pair in pairs}
    counts: dict[tuple[int, ...], int] = {}
    for size in (1, 2):
        for places in itertools.combinations(range(len(keys)), size):
            counts[places] = len({tuple(values[place] for place in places) for values in known})
    few = {places: count for places, count in counts.items() if count <= MOST}
    best = max(few or counts, key=lambda places: (counts[places] if few else -counts[places], -len(places)), default=())
    return [keys[place] for place in best]


def tier_of(classes: Classes, keys: t.Sequence[str], known: t.Sequence[Tier]) -> dict[str, str]:
    """The tier of each interface by what people call it; whatever else has an address is elsewhere."""
    names = {tier.name for tier in known}
    rest = known[-2].name if len(known) > 1 else ELSEWHERE
    found = {}
    for pairs in classes.pairs:
        for pair in pairs:
            name = _name(pair[0].nic, keys)
            found[pair[0].label] = name if name in names else rest
    return found


def _secured(rules: Rules) -> t.Iterator[Selection]:
    for group in rules.groups:
        yield group.secured
    for isolation in rules.isolations:
        yield from isolation.groups
    for flex in rules.flex_rules:
        yield from flex.applied_to or ()


def _name(nic: Nic, keys: t.Sequence[str]) -> str:
    values = _values(nic, keys)
    return " / ".join(value or "-" for value in values) if any(values) else _NONE


def _values(nic: Nic, keys: t.Sequence[str]) -> tuple[str, ...]:
    """The values of these keys; several of one key are one text."""
    values: dict[str, list[str]] = {key: [] for key in keys}
    for word, name in sorted(nic.tokens):
        key, _slash, value = name.partition("/")
        if word == "categories" and key in values:
            values[key].append(value)
    return tuple("+".join(own) for own in values.values())


def _joined(found: t.Mapping[str, _Members]) -> list[tuple[str, _Members]]:
    """All by name, the smallest as one where there are too many."""
    if len(found) <= MOST:
        return sorted(found.items())
    by_size = sorted(found, key=lambda name: (-len(_vms(found[name])), name))
    joined: _Members = {}
    for name in by_size[MOST - 1 :]:
        for number, vms in found[name].items():
            joined.setdefault(number, set()).update(vms)
    return [*((name, found[name]) for name in sorted(by_size[: MOST - 1])), (f"{len(by_size) - MOST + 1} other tiers", joined)]


def _tier(name: str, own: _Members, size: int) -> Tier:
    alone: dict[str, list[int]] = {}
    for number, vms in sorted(own.items()):
        if len(vms) == 1:
            alone.setdefault(next(iter(vms)), []).append(number)
    return Tier(name, len(_vms(own)), bitset(sorted(own), size), tuple(tuple(numbers) for numbers in alone.values()))


def _vms(own: _Members) -> set[str]:
    return set().union(*own.values())
