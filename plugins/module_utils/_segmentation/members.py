# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a network interface of a VM is selected, by categories, an entity group or a scope. Knows no rule.

The default readings where the vendor's sources are silent (semantics section 15, R9): category members of one entity group must all
hold, everything else adds up, exceptions take away from all of it. Kubernetes and FQDN members select no VM.
"""

from __future__ import annotations

import typing as t

from .._errors import UnknownReference
from .._model.addresses import bounds, number_of
from .._model.entity import Canonical
from .._model.form_categories import category_names

Token = tuple[str, str]
BY_CATEGORY = ("categories", "subnet_categories", "vpc_categories")
_BY_NAME = ("vms", "subnets")
_NAME_TESTS: dict[str, t.Callable[[str, str], bool]] = {
    "contains": lambda name, text: text in name,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "equals": lambda name, text: name == text,
}


class Nic(t.NamedTuple):
    """One interface as selectors see it. ``tokens``: all that is true of it, like ("categories", "AppTier/Web")."""

    vm: str
    tokens: frozenset[Token]
    addresses: tuple[tuple[int, int], ...]


def name_matches(match: str, text: str, name: str) -> bool:
    """Whether the name of a VM contains, starts_with, ends_with or equals a text."""
    return _NAME_TESTS[match](name, text)


def interface(vm: t.Mapping[str, t.Any], raw: t.Mapping[str, t.Any]) -> Nic:
    """The interface ``raw`` of ``vm``, both as coverage.Vm describes them."""
    categories = vm.get("categories") or []
    names = category_names(categories) if isinstance(categories, t.Mapping) else categories
    tokens: set[Token] = {("categories", name) for name in names}
    for word in ("subnet_categories", "vpc_categories"):
        tokens |= {(word, name) for name in raw.get(word) or ()}
    tokens |= {("vms", str(vm["name"])), ("subnets", str(raw.get("subnet", "")))}
    ips = raw.get("ip") or []
    addresses = tuple(number_of(one) for one in ([ips] if isinstance(ips, str) else ips))
    return Nic(str(vm["name"]), frozenset(tokens), addresses)


def is_basic(raw: t.Mapping[str, t.Any]) -> bool:
    """Whether an interface is on a VLAN that the network controller doesn't manage."""
    return raw.get("kind") == "vlan" and not raw.get("advanced")


def in_scope(scope: t.Any, raw: t.Mapping[str, t.Any]) -> bool:
    """Whether a scope reaches the network of an interface; basic VLANs are VLANs here."""
    overlay = raw.get("kind") == "overlay"
    if isinstance(scope, dict):
        if "vpcs" in scope:
            return overlay and raw.get("vpc") in scope["vpcs"]
        return overlay and set(category_names(scope["vpc_categories"])) <= set(raw.get("vpc_categories") or ())
    return {"vlans": not overlay, "all_vpcs": overlay}.get(scope, True)


class Selection(t.NamedTuple):
    """Who is selected: whoever has all tokens of one of ``all_of``, or such a name or address, unless it is excepted."""

    all_of: tuple[frozenset[Token], ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    addresses: tuple[tuple[int, int, int], ...] = ()
    excepted: tuple[tuple[int, int, int], ...] = ()

    @property
    def mixed(self) -> bool:
        """Whether an entity group has members by category (its first ``all_of``) and members by address."""
        return bool(self.addresses) and any(word in BY_CATEGORY for tokens in self.all_of[:1] for word, _name in tokens)

    def has(self, nic: Nic) -> bool:
        if not (
            any(tokens <= nic.tokens for tokens in self.all_of)
            or any(name_matches(match, text, nic.vm) for match, text in self.names)
            or _inside(nic, self.addresses)
        ):
            return False
        return not _inside(nic, self.excepted)


class Groups:
    """The entity and address groups of a site, by name."""

    def __init__(self, entity_groups: t.Iterable[Canonical], address_groups: t.Iterable[Canonical] = ()) -> None:
        self._entity_groups = {group["name"]: group for group in entity_groups}
        self._addresses = {group["name"]: group.get("addresses", []) for group in address_groups}
        self._known: dict[str, Selection] = {}

    def selection(self, selector: t.Mapping[str, t.Any]) -> Selection:
        """Whom a canonical selector selects. Raises UnknownReference for a group that was not given."""
        if "entity_group" in selector:
            return self.entity_group(selector["entity_group"])
        tokens = _tokens(selector)
        return Selection(all_of=(tokens,) if tokens else ())

    def entity_group(self, name: str) -> Selection:
        """Whom an entity group selects. Raises UnknownReference for a group that was not given."""
        if name not in self._known:
            self._known[name] = self._compile(_given(self._entity_groups, "entity group", name))
        return self._known[name]

    def addresses(self, names: t.Iterable[str]) -> tuple[tuple[int, int, int], ...]:
        """What is in some address groups. Raises UnknownReference for one that was not given."""
        return self._bounds([{"address_groups": list(names)}])

    def _compile(self, group: Canonical) -> Selection:
        members: list[dict[str, t.Any]] = group.get("members", [])
        together: frozenset[Token] = frozenset().union(*(_tokens(member) for member in members))
        single = [frozenset([(word, one)]) for member in members for word in _BY_NAME for one in member.get(word, [])]
        return Selection(
            all_of=(*([together] if together else []), *single),
            names=tuple(pair for member in members for pair in member.get("vm_name", {}).items()),
            addresses=self._bounds(members),
            excepted=self._bounds(group.get("exceptions", [])),
        )

    def _bounds(self, members: t.Iterable[t.Mapping[str, t.Any]]) -> tuple[tuple[int, int, int], ...]:
        found: list[str] = []
        for member in members:
            found += member.get("addresses", [])
            for name in member.get("address_groups", []):
                found += _given(self._addresses, "address group", name)
        return tuple(bounds(text) for text in found)


def _given(known: t.Mapping[str, t.Any], title: str, name: str) -> t.Any:
    if name not in known:
        raise UnknownReference(f"there is no {title} '{name}'", fix="List the groups of the site completely")
    return known[name]


def _tokens(selector: t.Mapping[str, t.Any]) -> frozenset[Token]:
    """What must be true by category; empty if the selector doesn't go by categories."""
    return frozenset((word, name) for word in BY_CATEGORY if word in selector for name in category_names(selector[word]))


def _inside(nic: Nic, ranges: t.Iterable[tuple[int, int, int]]) -> bool:
    return any(version == own and first <= number <= last for version, first, last in ranges for own, number in nic.addresses)
