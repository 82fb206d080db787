"""A deliberately naive evaluator: one packet at a time, every policy each time, written from the semantics and from nothing else.

It shares no code with the engine (not even the reading of services and addresses), so that both must be wrong in the same way
for a mistake to go unseen. Slow and plain on purpose.
"""

from __future__ import annotations

import ipaddress
from typing import Any, NamedTuple


class End(NamedTuple):
    """One end of a packet: an interface of a VM, or an address that no VM has."""

    vm: dict[str, Any] | None
    nic: dict[str, Any]
    address: str = ""


class Probe(NamedTuple):
    """``a`` is the port or ICMP type, ``b`` the ICMP code."""

    source: End
    destination: End
    family: int
    protocol: str
    a: int = 0
    b: int = 0


class Answer(NamedTuple):
    allowed: bool
    monitored: bool
    if_enforced: bool


class Site(NamedTuple):
    rules: list[dict[str, Any]]
    vms: list[dict[str, Any]]
    entity_groups: list[dict[str, Any]]
    address_groups: list[dict[str, Any]]
    service_groups: list[dict[str, Any]]
    closed: set[str]
    gen1: bool = False
    otherwise: frozenset[str] = frozenset()
    """The open questions that are answered the other way than documented, by the engine's names for them."""


FLEX = ["critical", "core_infrastructure", "zone", "workload"]


def answer(site: Site, probe: Probe) -> Answer:
    if probe.protocol == "dhcp":
        return Answer(True, False, True)
    real = [end_says(site, probe, direction, False) for direction in ("out", "in")]
    strict = [end_says(site, probe, direction, True) for direction in ("out", "in")]
    allowed = "deny" not in real
    return Answer(allowed, allowed and "monitored" in real, "deny" not in strict)


def end_says(site: Site, probe: Probe, direction: str, all_enforced: bool) -> str:
    """allow, deny, monitored or nothing. Gathers whatever matches; the smallest wins."""
    own, peer = (probe.source, probe.destination) if direction == "out" else (probe.destination, probe.source)
    if own.vm is None or not can_be_enforced(site, own.nic):
        return "nothing"
    found: list[tuple[Any, str]] = []
    for rule in site.rules:
        if rule["mode"] == "save":
            continue
        enforced = all_enforced or rule["mode"] == "enforce"
        for rank, action in matches_of_rule(site, rule, probe, direction, own, peer):
            if enforced:
                found.append(((0, rank, 0), action))
            elif site.gen1:
                found.append(((0, rank, 1), "monitored"))
            else:
                found.append(((1, rank, 0), "monitored"))
    return min(found)[1] if found else "nothing"


def matches_of_rule(site: Site, rule: dict[str, Any], probe: Probe, direction: str, own: End, peer: End) -> list[tuple[Any, str]]:
    if rule["type"] in FLEX:
        return flex_matches(site, rule, probe, direction, own, peer)
    if rule["type"] == "isolation":
        if direction == "out" and "isolation_at_both_ends" in site.otherwise:
            return []
        return isolation_matches(site, rule, probe, own, peer)
    found = []
    for group in rule["groups"]:
        if secures(site, group["secured"], rule, own):
            found += secured_matches(site, rule, group, probe, direction, own, peer)
        if rule["type"] == "shared_service":
            found += as_peer_of_service(site, rule, group, probe, direction, own, peer)
    return found


def secured_matches(
    site: Site, rule: dict[str, Any], group: dict[str, Any], probe: Probe, direction: str, own: End, peer: End
) -> list[tuple[Any, str]]:
    intra, intra_rest, allow, rest = {"application": (9, 10, 11, 12), "shared_service": (4, 5, 6, 7), "quarantine": (98, 99, 2, 3)}[rule["type"]]
    if rule["type"] == "quarantine" and "Default" in values(group["secured"].get("categories", {}).get("Quarantine", [])):
        return [((1, 0), "deny")]
    if probe.family == 6:
        if rule.get("allow_ipv6"):
            return [((allow, 0), "allow")]
        if not rule.get("ipv6_scope") or site.gen1:
            return [((rest, 0), "deny")]
    found: list[tuple[Any, str]] = [((rest, 0), "deny")]
    said = group.get("intra")
    entries = said if isinstance(said, list) else [said] if said else []
    if entries and rule["type"] != "quarantine" and is_member_as_peer(site, group["secured"], rule, probe, peer):
        found.append(((intra_rest, 0), "deny"))
        for entry in entries:
            entry = {"action": entry} if isinstance(entry, str) else entry
            if entry["action"] == "deny":
                found.append(((intra, 0), "deny"))
            elif service_matches(site, entry.get("services", ["any"]), probe):
                found.append(((intra, 1), "allow"))
    lists = {"out": ("outbound", "to"), "in": ("inbound", "from")}[direction]
    if direction == "out" and opens_outbound(site, group):
        found.append(((allow, 0), "allow"))
    for entry in group.get(lists[0], []) + group.get("bidirectional", []):
        if lists[1] in entry and service_matches(site, entry["services"], probe) and peer_matches(site, entry[lists[1]], rule, probe, peer):
            dead = entry.get("network_function") in site.closed
            found.append(((allow, 1), "deny") if dead else ((allow, 0), "allow"))
    return found


def opens_outbound(site: Site, group: dict[str, Any]) -> bool:
    if not site.gen1 or "gen1_empty_outbound_closes" not in site.otherwise:
        return False
    return not any("to" in entry for entry in group.get("outbound", []) + group.get("bidirectional", []))


def as_peer_of_service(
    site: Site, rule: dict[str, Any], group: dict[str, Any], probe: Probe, direction: str, own: End, peer: End
) -> list[tuple[Any, str]]:
    """5.9: whoever may talk to a shared service may do so at its own end too."""
    if probe.family == 6 and (rule.get("allow_ipv6") or not rule.get("ipv6_scope") or site.gen1):
        return []
    if not is_member_as_peer(site, group["secured"], rule, probe, peer):
        return []
    lists = {"out": ("inbound", "from"), "in": ("outbound", "to")}[direction]
    return [
        ((6, 0), "allow")
        for entry in group.get(lists[0], []) + group.get("bidirectional", [])
        if lists[1] in entry
        and entry.get("network_function") not in site.closed
        and service_matches(site, entry["services"], probe)
        and peer_matches(site, entry[lists[1]], rule, probe, own)
    ]


def isolation_matches(site: Site, rule: dict[str, Any], probe: Probe, own: End, peer: End) -> list[tuple[Any, str]]:
    if probe.family == 6 and rule.get("allow_ipv6"):
        return []
    for isolation in rule["isolations"]:
        for mine in isolation["between"]:
            for theirs in isolation["between"]:
                if mine is not theirs and secures(site, mine, rule, own) and is_member_as_peer(site, theirs, rule, probe, peer):
                    return [((8, 0), "deny")]
    return []


def flex_matches(site: Site, rule: dict[str, Any], probe: Probe, direction: str, own: End, peer: End) -> list[tuple[Any, str]]:
    found: list[tuple[Any, str]] = []
    for place, line in enumerate(rule["flex_rules"]):
        if line["direction"] not in (direction, "in_out"):
            continue
        if line.get("ip_version", "both") not in ("both", f"ipv{probe.family}"):
            continue
        if line.get("applied_to") and not any(in_entity_group(site, name, own) for name in line["applied_to"]):
            continue
        mine, theirs = (line["from"], line["to"]) if direction == "out" else (line["to"], line["from"])
        if not (peer_matches(site, mine, rule, probe, own) and peer_matches(site, theirs, rule, probe, peer)):
            continue
        if service_matches(site, line["services"], probe):
            rank = (FLEX.index(rule["type"]), rule.get("priority", 999), line.get("priority", 999), rule["name"], place)
            ok = line["action"] == "allow" and line.get("network_function") not in site.closed
            found.append((rank, "allow" if ok else "deny"))
    return found


# Who is meant.


def can_be_enforced(site: Site, nic: dict[str, Any]) -> bool:
    if site.gen1:
        return nic["kind"] == "vlan"
    return nic["kind"] == "overlay" or bool(nic["advanced"])


def in_scope(rule: dict[str, Any], nic: dict[str, Any]) -> bool:
    scope = rule.get("scope", "vlans")
    if scope == "global":
        return True
    if scope == "vlans":
        return bool(nic["kind"] == "vlan")
    if nic["kind"] != "overlay":
        return False
    if scope == "all_vpcs":
        return True
    if "vpcs" in scope:
        return nic["vpc"] in scope["vpcs"]
    return all(f"{key}/{one}" in nic["vpc_categories"] for key, wanted in scope["vpc_categories"].items() for one in values(wanted))


def secures(site: Site, selector: dict[str, Any], rule: dict[str, Any], end: End) -> bool:
    return end.vm is not None and can_be_enforced(site, end.nic) and in_scope(rule, end.nic) and selected(site, selector, end)


def is_member_as_peer(site: Site, selector: dict[str, Any], rule: dict[str, Any], probe: Probe, end: End) -> bool:
    return any(secures(site, selector, rule, one) and bool(own_addresses(site, one)) for one in alike(site, probe, end))


def alike(site: Site, probe: Probe, end: End) -> list[End]:
    """The end itself; and, where sets of peers are sets of addresses, every interface with one of its addresses."""
    if end.vm is None or "equal_addresses_alias" not in site.otherwise:
        return [end]
    ours = addresses_of_family(site, end, probe)
    others = [End(vm, nic) for vm in site.vms for nic in vm["nics"]]
    return [end] + [one for one in others if set(addresses_of_family(site, one, probe)) & set(ours)]


def selected(site: Site, selector: dict[str, Any], end: End) -> bool:
    if "entity_group" in selector:
        return in_entity_group(site, selector["entity_group"], end)
    return has_categories(site, selector, end)


def has_categories(site: Site, selector: dict[str, Any], end: End) -> bool:
    assert end.vm is not None
    carried = {
        "categories": {f"{key}/{one}" for key, held in end.vm["categories"].items() for one in values(held)},
        "subnet_categories": set(end.nic["subnet_categories"]),
        "vpc_categories": set(end.nic["vpc_categories"]),
    }
    for word, held in carried.items():
        for key, wanted in selector.get(word, {}).items():
            enough = any if site.gen1 and "gen1_needs_all_values" in site.otherwise else all
            if not enough(f"{key}/{one}" in held for one in values(wanted)):
                return False
    return any(word in selector for word in carried)


def in_entity_group(site: Site, name: str, end: End) -> bool:
    if end.vm is None or excepted(site, name, own_addresses(site, end)):
        return False
    return by_name_or_category(site, name, end) or by_address(site, name, own_addresses(site, end))


def by_address(site: Site, name: str, addresses: list[str]) -> bool:
    return not narrowed(site, name) and has_member_address(site, name, addresses)


def has_member_address(site: Site, name: str, addresses: list[str]) -> bool:
    return any(within(address, text) for address in addresses for text in group_addresses(site, name, "members"))


def narrowed(site: Site, name: str) -> bool:
    """Whether the addresses of a group with categories and addresses narrow its categories down."""
    members = find(site.entity_groups, name)["members"]
    typed = any(word.endswith("categories") for member in members for word in member)
    return typed and "entity_group_adds_up" in site.otherwise and bool(group_addresses(site, name, "members"))


def by_name_or_category(site: Site, name: str, end: End) -> bool:
    assert end.vm is not None
    members = find(site.entity_groups, name)["members"]
    typed = [member for member in members if any(word.endswith("categories") for word in member)]
    if typed and all_categories(site, typed, end) and (not narrowed(site, name) or has_member_address(site, name, own_addresses(site, end))):
        return True
    for member in members:
        text = end.vm["name"]
        if text in member.get("vms", []) or end.nic["subnet"] in member.get("subnets", []):
            return True
        for how, wanted in member.get("vm_name", {}).items():
            if {"contains": wanted in text, "starts_with": text.startswith(wanted), "ends_with": text.endswith(wanted), "equals": text == wanted}[how]:
                return True
    return False


def all_categories(site: Site, members: list[dict[str, Any]], end: End) -> bool:
    """All members hold together; where one value of a key is enough, it may be one of any member's."""
    merged: dict[str, dict[str, list[str]]] = {}
    for member in members:
        for word in member:
            for key, wanted in member[word].items():
                merged.setdefault(word, {}).setdefault(key, []).extend(values(wanted))
    return has_categories(site, merged, end)


def peer_matches(site: Site, said: Any, rule: dict[str, Any], probe: Probe, end: End) -> bool:
    if said == "any":
        return True
    if said == "none":
        return False
    ours = addresses_of_family(site, end, probe)
    texts = list(said.get("cidr", []))
    for name in said.get("address_groups", []):
        texts += find(site.address_groups, name)["addresses"]
    if any(within(address, text) for address in ours for text in texts):
        return True
    groups = list(said.get("entity_groups", [])) + ([said["entity_group"]] if "entity_group" in said else [])
    for name in groups:
        if not excepted(site, name, own_addresses(site, end)) and by_address(site, name, ours):
            return True
        for one in alike(site, probe, end):
            if known_member(site, rule, one) and not excepted(site, name, own_addresses(site, one)) and by_name_or_category(site, name, one):
                return True
    return any(known_member(site, rule, one) and has_categories(site, said, one) for one in alike(site, probe, end))


def known_member(site: Site, rule: dict[str, Any], end: End) -> bool:
    """Whether a selector by category or name may find this end at all: a VM, in scope, its address known."""
    return end.vm is not None and bool(own_addresses(site, end)) and can_be_enforced(site, end.nic) and in_scope(rule, end.nic)


def own_addresses(site: Site, end: End) -> list[str]:
    if end.vm is None:
        return [end.address]
    held = end.nic["ip"]
    known = [held] if isinstance(held, str) and held else list(held)
    if "secondary_addresses_count" in site.otherwise:
        known = known[:1] + [one for one in known[1:] if (":" in one) != (":" in known[0])][:1]
    return known


def addresses_of_family(site: Site, end: End, probe: Probe) -> list[str]:
    return [address for address in own_addresses(site, end) if (":" in address) == (probe.family == 6)]


def group_addresses(site: Site, name: str, part: str) -> list[str]:
    found = []
    for member in find(site.entity_groups, name).get(part, []):
        found += member.get("addresses", [])
        for group in member.get("address_groups", []):
            found += find(site.address_groups, group)["addresses"]
    return found


def excepted(site: Site, name: str, addresses: list[str]) -> bool:
    return any(within(address, text) for address in addresses for text in group_addresses(site, name, "exceptions"))


# What is meant.


def within(address: str, text: str) -> bool:
    number = ipaddress.ip_address(address)
    if "-" in text:
        first, last = (ipaddress.ip_address(part) for part in text.split("-"))
        return first.version == number.version and int(first) <= int(number) <= int(last)
    return number in ipaddress.ip_network(text)


def service_matches(site: Site, services: list[str], probe: Probe) -> bool:
    for text in services:
        if text.startswith("group:"):
            if service_matches(site, find(site.service_groups, text[6:])["services"], probe):
                return True
            continue
        parts = text.split("/")
        if parts[0] == "any":
            return True
        if parts[0] != probe.protocol:
            continue
        if len(parts) == 1:
            return True
        if probe.protocol in ("tcp", "udp"):
            low, _dash, high = parts[1].partition("-")
            if int(low) <= probe.a <= int(high or low):
                return True
        elif probe.a == int(parts[1]) and (len(parts) == 2 or probe.b == int(parts[2])):
            return True
    return False


def find(objects: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in objects if one["name"] == name)


def values(one: Any) -> list[str]:
    return list(one) if isinstance(one, list) else [one]
