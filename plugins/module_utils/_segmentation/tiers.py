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
    """``vms``: how many; ``bits``: the classes of their interfaces, or of all addresses that no VM has. A class may be of several tiers."""

    name: str
    vms: int
    bits: int


def securing_keys(sites: t.Iterable[Rules]) -> list[str]:
    """The category keys by which rules secure."""
    found: set[str] = set()
    for rules in sites:
        for selection in _secured(rules):
            found |= {name.partition("/")[0] for tokens in selection.all_of for word, name in tokens if word == "categories"}
    return sorted(found)


def tiers(classes: Classes, keys: t.Sequence[str]) -> list[Tier]:
    """The tiers by all of these keys together, as the left-hand site has the categories, sorted by name, and last the addresses of no VM."""
    vms: dict[str, set[str]] = {}
    numbers: dict[str, set[int]] = {}
    for number, pairs in enumerate(classes.pairs):
        for pair in pairs:
            name = _name(pair[0].nic, keys)
            vms.setdefault(name, set()).add(pair[0].vm)
            numbers.setdefault(name, set()).add(number)
    size = len(classes.pairs)
    found = sorted(Tier(name, len(vms[name]), bitset(sorted(numbers[name]), size)) for name in vms)
    return [*_joined(found), Tier(ELSEWHERE, 0, (classes.universe[4] | classes.universe[6]) & ~classes.nics)]


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


def _joined(found: list[Tier]) -> list[Tier]:
    """The same, the smallest as one where there are too many."""
    if len(found) <= MOST:
        return found
    by_size = sorted(found, key=lambda tier: (-tier.vms, tier.name))
    large, small = by_size[: MOST - 1], by_size[MOST - 1 :]
    bits = 0
    for tier in small:
        bits |= tier.bits
    return [*sorted(large), Tier(f"{len(small)} other tiers", sum(tier.vms for tier in small), bits)]
