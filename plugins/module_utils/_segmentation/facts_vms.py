# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a recovery that VMs show: lost categories, other networks, other or unknown addresses."""

from __future__ import annotations

import typing as t

from .._model.addresses import bounds
from .._model.entity import Canonical
from .._model.form_categories import category_names
from .atoms import Atoms
from .classes import LAST
from .members import interface, is_basic
from .site_facts import NOTE, PROBLEM, WARNING, Fact, Sites, Vm, active, listed, peer_selectors


def other_categories(sites: Sites) -> t.Iterator[Fact]:
    """F1: a recovery point has the categories of its time."""
    for left, right in sites.vms:
        before, now = _categories(left), _categories(right)
        lost, new = sorted(before - now), sorted(now - before)
        if now and lost:
            problem = f"lacks {', '.join(lost)}, perhaps since its recovery point is older"
            yield Fact("F1", WARNING, f"vm {right['name']}", problem, "give it back with vm_categories")
        if new and before:
            yield Fact("F1", NOTE, f"vm {right['name']}", f"has {', '.join(new)}, which it had not before", "take it away if it is not meant")


def no_categories(sites: Sites) -> t.Iterator[Fact]:
    """F2: a restore that overrides the specification leaves out categories that it doesn't list."""
    for left, right in sites.vms:
        if _categories(left) and not _categories(right):
            problem = f"has no category at all, before it had {', '.join(sorted(_categories(left)))}"
            yield Fact("F2", PROBLEM, f"vm {right['name']}", problem, "give them back with vm_categories")


def missing_on_site(sites: Sites) -> t.Iterator[Fact]:
    """F4: networks and categories that the recovery plan would look for in vain."""
    for subnet, names in sorted(sites.lost_subnets.items()):
        problem = f"has no counterpart on the other site, so nothing is said about {listed(names)}"
        yield Fact("F4", WARNING, f"subnet {subnet}", problem, "add it to maps.subnets of the site map")
    if sites.categories is None:
        return
    carriers: dict[str, list[str]] = {}
    for left, _right in sites.vms:
        for name in _categories(left) - sites.categories:
            carriers.setdefault(name, []).append(str(left["name"]))
    for name, names in sorted(carriers.items()):
        yield Fact("F4", PROBLEM, f"category {name}", f"does not exist there; {listed(names)} would lose it", "bring it there with replicate")


def other_address(sites: Sites) -> t.Iterator[Fact]:
    """F5: rules that name the address of before. (Where no rule names it, another address changes nothing.)"""
    named = _Named(_named_ranges(sites))
    for left, right in sites.vms:
        for old, new in _nics(left, right):
            before, now = interface(left, old).addresses, interface(right, new).addresses
            stale = sorted(named.by(set(before) - set(now)) - named.by(now)) if now else []
            if stale:
                problem = f"has the address {_addresses(new)} instead of {_addresses(old)}, which is named by {listed(stale)}"
                yield Fact("F5", WARNING, f"vm {right['name']}", problem, "map the prefix, or override the address group in the site map")


def basic_vlan(sites: Sites) -> t.Iterator[Fact]:
    """F6: on a basic VLAN nothing is enforced."""
    for left, right in sites.vms:
        for old, new in _nics(left, right):
            if is_basic(new) and not is_basic(old):
                problem = f"is on the basic VLAN {new.get('subnet')}, where no policy is enforced"
                yield Fact("F6", PROBLEM, f"vm {right['name']}", problem, "map its subnet to one that the network controller manages")


def unknown_address(sites: Sites) -> t.Iterator[Fact]:
    """F13: policies of others find a VM by category only once its address is known."""
    for left, right in sites.vms:
        for old, new in _nics(left, right):
            if old.get("ip") and not new.get("ip"):
                problem = f"has no known address on {new.get('subnet')} yet, so it is in nobody's set of peers"
                yield Fact("F13", WARNING, f"vm {right['name']}", problem, "wait until it runs and the address is known, then check again")


VM_FACTS: tuple[tuple[str, t.Callable[[Sites], t.Iterable[Fact]]], ...] = (
    ("F1", other_categories),
    ("F2", no_categories),
    ("F4", missing_on_site),
    ("F5", other_address),
    ("F6", basic_vlan),
    ("F13", unknown_address),
)


def _categories(vm: Vm) -> set[str]:
    categories = vm.get("categories") or []
    return set(category_names(categories) if isinstance(categories, t.Mapping) else categories)


def _addresses(nic: t.Mapping[str, t.Any]) -> str:
    ips = nic.get("ip") or ""
    return ips if isinstance(ips, str) else ", ".join(ips)


def _nics(left: Vm, right: Vm) -> t.Iterator[tuple[t.Mapping[str, t.Any], t.Mapping[str, t.Any]]]:
    return zip(left.get("nics") or (), right.get("nics") or (), strict=False)


def _named_ranges(sites: Sites) -> t.Iterator[tuple[str, int, int, int]]:
    """Who on the right names which addresses."""
    for group in sites.right.address_groups:
        for text in group.get("addresses", []):
            yield (f"address group {group['name']}", *bounds(text))
    for rule in active(sites.right.rules):
        for text in _prefixes(rule):
            yield (f"security rule {rule['name']}", *bounds(text))


def _prefixes(rule: Canonical) -> t.Iterator[str]:
    for selector in peer_selectors(rule):
        yield from selector.get("cidr", [])


class _Named:
    """Who names an address, found without looking at everything that is named."""

    def __init__(self, named: t.Iterable[tuple[str, int, int, int]]) -> None:
        by_version: dict[int, list[tuple[str, int, int]]] = {version: [] for version in LAST}
        for name, version, low, high in named:
            by_version[version].append((name, low, high))
        self._atoms = {version: Atoms(((low, high) for _name, low, high in by_version[version]), last) for version, last in LAST.items()}
        self._names: dict[tuple[int, int], set[str]] = {}
        for version, ranges in by_version.items():
            for name, low, high in ranges:
                for atom in range(*self._atoms[version].span(low, high)):
                    self._names.setdefault((version, atom), set()).add(name)

    def by(self, addresses: t.Iterable[tuple[int, int]]) -> set[str]:
        """Those that name any of these addresses."""
        return set().union(*(self._names.get((version, self._atoms[version].index(number)), set()) for version, number in addresses))
