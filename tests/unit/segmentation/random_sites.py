"""Small random sites that use the whole language, and the packets that stand at their edges. Knows no answer."""

from __future__ import annotations

import random
from typing import Any

from tests.unit.segmentation.naive import FLEX, End, Probe, Site

_VALUES = {"T": ["Web", "App", "DB"], "Env": ["Prod", "Dev", "Test"]}
_EXTERNAL = ["10.1.1.200", "10.50.0.53", "10.50.0.54", "10.7.0.0", "10.7.0.255", "10.8.0.0", "203.0.113.9", "0.0.0.0", "255.255.255.255"]
_EXTERNAL6 = ["2001:db8::9", "2001:db8:7::1", "ffff::1"]
_RANGES = ["10.7.0.0/24", "10.1.1.0/25", "10.1.1.0/28", "10.1.1.3", "10.50.0.50-10.50.0.53", "0.0.0.0/0", "2001:db8:7::/48", "2001:db8:1::2"]
_PREFIXES = [text for text in _RANGES if "-" not in text]
_SERVICES = ["any", "tcp/443", "tcp/8000-8099", "tcp/8099-8105", "udp/53", "udp", "icmp", "icmp/8", "icmp/8/0", "icmpv6/128", "tcp/0-65535", "tcp/65535",
             "group:sg"]
_PACKETS = [
    *(("tcp", port, 0) for port in (0, 80, 442, 443, 444, 7999, 8000, 8098, 8099, 8100, 8105, 8106, 65534, 65535)),
    *(("udp", port, 0) for port in (52, 53, 54, 67, 5000, 5001)),
    *(("icmp", kind, code) for kind, code in ((8, 0), (8, 1), (13, 0), (255, 255))),
    *(("icmpv6", kind, 0) for kind in (128, 129)),
    ("other", 0, 0),
    ("dhcp", 0, 0),
]


OPEN = [
    "isolation_at_both_ends", "entity_group_adds_up", "equal_addresses_alias", "secondary_addresses_count",
    "gen1_empty_outbound_closes", "gen1_needs_all_values",
]
"""The open questions that the naive evaluator can answer either way."""
_LAST_LINE = {"priority": 250, "action": "deny", "direction": "in_out", "from": "any", "to": "any", "services": ["any"], "applied_to": ["eg0"]}


def random_site(dice: random.Random, *, gen1: bool = False, flex: bool = False) -> Site:
    vms = [_vm(dice, number) for number in range(1, dice.randint(4, 9))]
    entity_groups = [_entity_group(dice, f"eg{number}") for number in range(3)]
    address_groups = [{"name": f"ag{number}", "addresses": dice.sample(_RANGES, dice.randint(0, 3))} for number in range(2)]
    service_groups = [{"name": "sg", "services": dice.sample(["tcp/444", "udp/5000-5001", "icmp/13", "tcp/1-79"], 2)}]
    rules = [(_flex if flex else _rule)(dice, f"p{number}") for number in range(dice.randint(1, 5))]
    return Site(rules, vms, entity_groups, address_groups, service_groups, {"down"}, gen1)


def otherwise(dice: random.Random, site: Site) -> Site:
    """The same site where some of the open questions are answered the other way; some interfaces have a second address, others the same."""
    for nic in [nic for vm in site.vms for nic in vm["nics"]]:
        if isinstance(nic["ip"], list) or dice.random() < 0.3:
            nic["ip"] = [*([nic["ip"]] if nic["ip"] and isinstance(nic["ip"], str) else nic["ip"]), dice.choice(["10.1.1.3", "10.7.0.7"])]
    return site._replace(otherwise=frozenset(dice.sample(OPEN, dice.choice([1, 1, 2]))))


def random_probes(dice: random.Random, site: Site, count: int) -> list[Probe]:
    """Packets between VMs, or between a VM and an address."""
    ends = [End(vm, nic) for vm in site.vms for nic in vm["nics"]]
    found: list[Probe] = []
    while len(found) < count:
        family = 6 if dice.random() < 0.15 else 4
        outside = [End(None, {}, text) for text in (_EXTERNAL if family == 4 else _EXTERNAL6)]
        protocol, a, b = dice.choice(_PACKETS)
        one, other = dice.choice(ends), dice.choice(ends if dice.random() < 0.7 else outside)
        if one.vm is other.vm or protocol in ({4: ["icmpv6"], 6: ["icmp", "dhcp"]}[family]):
            continue
        source, destination = (one, other) if dice.random() < 0.5 else (other, one)
        found.append(Probe(source, destination, family, protocol, a, b))
    return found


def _vm(dice: random.Random, number: int) -> dict[str, Any]:
    categories: dict[str, Any] = {}
    for key, chosen in _VALUES.items():
        if dice.random() < 0.8:
            categories[key] = dice.choice(chosen) if dice.random() < 0.85 else sorted(dice.sample(chosen, 2))
    if dice.random() < 0.15:
        categories["Quarantine"] = dice.choice(["Default", "Forensics"])
    if dice.random() < 0.25:
        categories["SharedService"] = "dns"
    nics = [_nic(dice, f"10.1.1.{number}", f"2001:db8:1::{number}")]
    if dice.random() < 0.2:
        nics.append(_nic(dice, f"10.1.1.{number + 100}", f"2001:db8:7::{number + 100:x}"))
    return {"name": f"{dice.choice(['web', 'app'])}-{number}", "categories": categories, "power": "on", "nics": nics}


def _nic(dice: random.Random, ip: str, ip6: str) -> dict[str, Any]:
    network = dice.choice(["vlan", "vlan", "vlan", "basic", "vpc-1", "vpc-2"])
    overlay = network.startswith("vpc")
    return {
        "subnet": network,
        "kind": "overlay" if overlay else "vlan",
        "advanced": network != "basic",
        "vpc": network if overlay else "",
        "ip": dice.choice([ip, ip, ip, [ip, ip6], ""]),
        "subnet_categories": dice.choice([[], ["Net/front"]]),
        "vpc_categories": ["Zone/a"] if network == "vpc-1" else [],
    }


def _entity_group(dice: random.Random, name: str) -> dict[str, Any]:
    choices: list[Any] = [
        lambda: {"categories": _categories(dice)},
        lambda: {"categories": _categories(dice)},
        lambda: {"vms": [f"web-{dice.randint(1, 6)}"]},
        lambda: {"vm_name": {dice.choice(["starts_with", "contains"]): "web"}},
        lambda: {"vm_name": {"ends_with": "-3"}},
        lambda: {"subnets": [dice.choice(["vlan", "vpc-1"])]},
        lambda: {"subnet_categories": {"Net": "front"}},
        lambda: {"vpc_categories": {"Zone": "a"}},
        lambda: {"address_groups": [f"ag{dice.randint(0, 1)}"]},
        lambda: {"addresses": [dice.choice(_RANGES[:6])]},
    ]
    exceptions = [{"addresses": [dice.choice(_RANGES[:4])]}] if dice.random() < 0.3 else []
    return {"name": name, "members": [dice.choice(choices)() for _member in range(dice.randint(1, 3))], "exceptions": exceptions}


def _categories(dice: random.Random) -> dict[str, Any]:
    return {key: dice.choice(_VALUES[key]) for key in dice.sample(sorted(_VALUES), dice.choice([1, 1, 2]))}


def _selector(dice: random.Random) -> dict[str, Any]:
    return dice.choice([
        {"categories": _categories(dice)}, {"categories": _categories(dice)}, {"categories": _categories(dice)},
        {"entity_group": f"eg{dice.randint(0, 2)}"}, {"subnet_categories": {"Net": "front"}}, {"vpc_categories": {"Zone": "a"}},
    ])


def _peer(dice: random.Random) -> Any:
    return dice.choice([
        "any", "any", "none", _selector(dice), _selector(dice), _selector(dice), {"cidr": [dice.choice(_PREFIXES)]},
        {"address_groups": ["ag0", "ag1"]}, {"cidr": [dice.choice(_PREFIXES)], **_selector(dice)},
    ])


def _services(dice: random.Random) -> list[str]:
    return sorted(dice.sample(_SERVICES, dice.choice([1, 1, 2, 3]))) if dice.random() < 0.95 else []


def _entry(dice: random.Random, *sides: str) -> dict[str, Any]:
    entry = {"services": _services(dice), **{side: _peer(dice) for side in sides}}
    if dice.random() < 0.1:
        entry["network_function"] = dice.choice(["up", "down"])
    return entry


def _group(dice: random.Random, secured: dict[str, Any]) -> dict[str, Any]:
    group: dict[str, Any] = {"secured": secured}
    intra = dice.choice([None, "allow", "deny", {"action": "allow", "services": ["tcp/443"]},
                         [{"action": "allow", "services": ["udp"]}, {"action": "allow", "services": ["icmp"]}], [{"action": "allow"}, {"action": "deny"}]])
    if intra:
        group["intra"] = intra
    group["inbound"] = [_entry(dice, "from") for _entry_number in range(dice.randint(0, 3))]
    group["outbound"] = [_entry(dice, "to") for _entry_number in range(dice.randint(0, 3))]
    if dice.random() < 0.2:
        group["bidirectional"] = [_entry(dice, *dice.choice([("from", "to"), ()]))]
    return group


def _rule(dice: random.Random, name: str) -> dict[str, Any]:
    kind = dice.choice(["application"] * 5 + ["isolation"] * 2 + ["shared_service"] * 2 + ["quarantine"])
    rule = {
        "name": name,
        "type": kind,
        "mode": dice.choice(["enforce"] * 6 + ["monitor"] * 3 + ["save"]),
        "scope": dice.choice(["vlans", "vlans", "global", "global", "all_vpcs", {"vpcs": ["vpc-1"]}, {"vpc_categories": {"Zone": "a"}}]),
        "allow_ipv6": dice.random() < 0.2,
        "ipv6_scope": dice.random() < 0.4,
    }
    if kind == "isolation":
        rule["isolations"] = [{"between": [_selector(dice) for _selected in range(dice.choice([2, 2, 3]))], "kind": "multi_env"}]
    elif kind == "quarantine":
        rule["groups"] = [_group(dice, {"categories": {"Quarantine": value}}) for value in ("Default", "Forensics")]
    elif kind == "shared_service":
        rule["groups"] = [_group(dice, {"categories": {"SharedService": "dns"}})]
    else:
        rule["groups"] = [_group(dice, _selector(dice)) for _selected in range(dice.randint(1, 3))]
    return rule


def _flex(dice: random.Random, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": dice.choice(FLEX),
        "priority": int(name[1:]) + 1,
        "mode": dice.choice(["enforce"] * 4 + ["monitor"]),
        "scope": "global",
        "flex_rules": [_flex_line(dice, number) for number in range(1, dice.randint(2, 6))] + dice.choice([[], [_LAST_LINE]]),
    }


def _flex_line(dice: random.Random, priority: int) -> dict[str, Any]:
    peers: list[Any] = ["any", "any", "none", {"entity_groups": ["eg0"]}, {"entity_groups": ["eg1", "eg2"]}, {"cidr": ["10.1.1.0/28"]}]
    line = {
        "priority": priority,
        "action": dice.choice(["allow", "deny", "reject"]),
        "direction": dice.choice(["in", "out", "in_out"]),
        "from": dice.choice(peers),
        "to": dice.choice(peers),
        "services": _services(dice),
        "ip_version": dice.choice(["ipv4", "ipv6", "both"]),
    }
    if dice.random() < 0.4:
        line["applied_to"] = [f"eg{dice.randint(0, 2)}"]
    return line
