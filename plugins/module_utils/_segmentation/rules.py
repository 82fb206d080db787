# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canonical security rules taken apart: who is secured, which entries hold there. Knows no level, no bitset and no VM.

A rule that is only saved says nothing. Names of groups are resolved here; one that was not given is an error.
"""

from __future__ import annotations

import typing as t

from .._errors import DrError, Finding, InvalidInput
from .._model.addresses import bounds
from .._model.entity import Canonical
from .._model.form_categories import category_names
from .._model.services import Service
from .members import Groups, Selection
from .service_atoms import ServiceGroups

Range = tuple[int, int, int]
FLEX_TYPES = ("critical", "core_infrastructure", "zone", "workload")
"""In the order in which they are looked at."""
_STRICT = "Quarantine/Default"


class Objects(t.NamedTuple):
    """What the engine knows of a site, all canonical. ``vms`` as coverage.Vm describes them. ``closed_functions``: the network
    functions that are down and let nothing pass then (FAIL_CLOSE)."""

    rules: t.Sequence[Canonical]
    vms: t.Sequence[t.Mapping[str, t.Any]]
    entity_groups: t.Sequence[Canonical] = ()
    address_groups: t.Sequence[Canonical] = ()
    service_groups: t.Sequence[Canonical] = ()
    closed_functions: frozenset[str] = frozenset()


class Policy(t.NamedTuple):
    """What all entries of a security rule share. ``ipv6``: pass (whatever the entries say), rules or block."""

    name: str
    type: str
    enforced: bool
    scope: t.Any
    ipv6: str


class Peer(t.NamedTuple):
    """The other end of an entry: everybody, or whoever is selected or has such an address. Nobody if all is empty."""

    everybody: bool = False
    selections: tuple[Selection, ...] = ()
    ranges: tuple[Range, ...] = ()


class Entry(t.NamedTuple):
    """One line of a group. ``part``: intra, inbound or outbound; an intra entry has no peer of its own."""

    part: str
    action: str
    peer: Peer
    services: tuple[Service, ...]
    function: str
    where: str


class Group(t.NamedTuple):
    """One secured group. ``strict``: quarantine without any exception."""

    policy: Policy
    secured: Selection
    strict: bool
    entries: tuple[Entry, ...]
    where: str


class Isolation(t.NamedTuple):
    """Groups that may not talk to each other."""

    policy: Policy
    groups: tuple[Selection, ...]
    where: str


class FlexRule(t.NamedTuple):
    """One line of a Flex list. ``order`` sorts it among all others: by type, then priorities; ``applied_to`` is None if it names nobody."""

    policy: Policy
    order: tuple[int, float, float, str, str]
    action: str
    direction: str
    source: Peer
    destination: Peer
    services: tuple[Service, ...]
    function: str
    families: tuple[int, ...]
    applied_to: tuple[Selection, ...] | None
    where: str


class Rules:
    """All security rules of a site that do something."""

    def __init__(self, objects: Objects) -> None:
        """Raises UnknownReference, and InvalidInput where Flex and other security rules are mixed."""
        self.groups: list[Group] = []
        self.isolations: list[Isolation] = []
        self.flex_rules: list[FlexRule] = []
        self._members = Groups(objects.entity_groups, objects.address_groups)
        self._service_groups = ServiceGroups(objects.service_groups)
        self._services: dict[tuple[str, ...], tuple[Service, ...]] = {}
        self._peers: dict[str, Peer] = {}
        self._secured: dict[str, Selection] = {}
        active = [rule for rule in objects.rules if rule.get("mode") in ("monitor", "enforce")]
        _check_not_mixed(active)
        for rule in sorted(active, key=lambda rule: str(rule["name"])):
            try:
                self._read(rule)
            except DrError as error:
                raise error.about(kind="security_rule", name=str(rule["name"])) from None

    def selections(self) -> t.Iterator[Selection]:
        """Everything that selects VMs, some of it twice."""
        yield from self._secured.values()
        for peer in self._peers.values():
            yield from peer.selections
        for rule in self.flex_rules:
            yield from rule.applied_to or ()

    def ranges(self) -> t.Iterator[Range]:
        """Everything that selects addresses, some of it twice."""
        for peer in self._peers.values():
            yield from peer.ranges
        for selection in self.selections():
            yield from selection.addresses
            yield from selection.excepted

    def services(self) -> t.Iterator[Service]:
        for services in self._services.values():
            yield from services

    def monitored(self) -> bool:
        """Whether any security rule is only monitored."""
        parts: list[t.Any] = [*self.groups, *self.isolations, *self.flex_rules]
        return any(not part.policy.enforced for part in parts)

    def _read(self, rule: Canonical) -> None:
        ipv6 = "pass" if rule.get("allow_ipv6") else "rules" if rule.get("ipv6_scope") else "block"
        policy = Policy(str(rule["name"]), rule["type"], rule["mode"] == "enforce", rule.get("scope", "vlans"), ipv6)
        for index, group in enumerate(rule.get("groups", [])):
            self._read_group(policy, group, f"groups[{index}]")
        for index, isolation in enumerate(rule.get("isolations", [])):
            groups = tuple(self._select(one) for one in isolation["between"])
            self.isolations.append(Isolation(policy, groups, f"isolations[{index}]"))
        for index, flex in enumerate(rule.get("flex_rules", [])):
            self.flex_rules.append(self._flex_rule(policy, rule.get("priority"), flex, f"flex_rules[{index}]"))

    def _read_group(self, policy: Policy, group: t.Mapping[str, t.Any], where: str) -> None:
        entries = [
            Entry("intra", one["action"], Peer(), self._expand(one.get("services", ["any"])), "", f"{where}.intra")
            for one in _spelled_out(group.get("intra"))
        ]
        for direction in ("inbound", "outbound", "bidirectional"):
            for number, entry in enumerate(group.get(direction, [])):
                services, function = self._expand(entry.get("services", [])), str(entry.get("network_function", ""))
                for part, side in (("inbound", "from"), ("outbound", "to")):
                    if side in entry:
                        peer = self._peer(entry[side])
                        entries.append(Entry(part, "allow", peer, services, function, f"{where}.{direction}[{number}]"))
        secured = group["secured"]
        strict = policy.type == "quarantine" and _STRICT in category_names(secured.get("categories", {}))
        self.groups.append(Group(policy, self._select(secured), strict, tuple(entries), where))

    def _flex_rule(self, policy: Policy, priority: int | None, rule: t.Mapping[str, t.Any], where: str) -> FlexRule:
        last = float("inf")
        order = (FLEX_TYPES.index(policy.type), priority or last, rule.get("priority") or last, policy.name, where)
        return FlexRule(
            policy,
            order,
            rule["action"],
            rule["direction"],
            self._peer(rule["from"]),
            self._peer(rule["to"]),
            self._expand(rule.get("services", [])),
            str(rule.get("network_function", "")),
            {"ipv4": (4,), "ipv6": (6,)}.get(rule.get("ip_version", "both"), (4, 6)),
            tuple(self._members.entity_group(name) for name in rule["applied_to"]) if rule.get("applied_to") else None,
            where,
        )

    def _select(self, selector: t.Mapping[str, t.Any]) -> Selection:
        key = repr(selector)
        if key not in self._secured:
            self._secured[key] = self._members.selection(selector)
        return self._secured[key]

    def _peer(self, said: t.Any) -> Peer:
        key = repr(said)
        if key not in self._peers:
            self._peers[key] = self._read_peer(said)
        return self._peers[key]

    def _read_peer(self, said: t.Any) -> Peer:
        if isinstance(said, str):
            return Peer(everybody=said == "any")
        selections = [self._members.entity_group(name) for name in said.get("entity_groups", [])]
        if "entity_group" in said:
            selections.append(self._members.entity_group(said["entity_group"]))
        selections += [
            self._members.selection({word: said[word]})
            for word in ("categories", "subnet_categories", "vpc_categories")
            if word in said
        ]
        ranges = tuple(bounds(text) for text in said.get("cidr", [])) + self._members.addresses(said.get("address_groups", []))
        return Peer(selections=tuple(selections), ranges=ranges)

    def _expand(self, services: t.Sequence[str]) -> tuple[Service, ...]:
        key = tuple(services)
        if key not in self._services:
            self._services[key] = tuple(self._service_groups.expand(key))
        return self._services[key]


def _spelled_out(intra: t.Any) -> list[t.Mapping[str, t.Any]]:
    several = intra if isinstance(intra, list) else [] if intra is None else [intra]
    return [{"action": one} if isinstance(one, str) else one for one in several]


def _check_not_mixed(rules: t.Sequence[Canonical]) -> None:
    flex = [str(rule["name"]) for rule in rules if rule["type"] in FLEX_TYPES]
    others = [str(rule["name"]) for rule in rules if rule["type"] not in FLEX_TYPES]
    if flex and others:
        problem = f"the site has Flex rules ({flex[0]}) beside others ({others[0]}); a site works in one of the two ways"
        raise InvalidInput([Finding("", problem, "save one kind only, or leave it out")])
