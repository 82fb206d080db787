"""Large sites for the policy engine: three-tier applications, shared services, isolation and address peers. Knows no engine.

The same numbers give the same site. An application is one policy of three groups with 20 entries.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

_TIERS = ("web", "app", "db")
Site = dict[str, list[dict[str, Any]]]
"""``rules`` and ``vms``, ``address_groups`` and ``service_groups``."""


def make_site(nics: int, policies: int, seed: int = 7) -> Site:
    dice = random.Random(seed)
    address_groups = [{"name": f"partner-{number}", "addresses": [_prefix(dice) for _one in range(3)]} for number in range(200)]
    service_groups = [{"name": f"service-{number}", "services": [f"tcp/{3000 + 7 * number}-{3003 + 7 * number}"]} for number in range(400)]
    rules = [_application(dice, number, policies) for number in range(policies - 2)]
    rules += [
        _policy("isolation", "isolate", isolations=[{"between": [_env("prod"), _env("dev")], "kind": "two_env"}]),
        _policy(
            "shared_service", "dns",
            groups=[{"secured": {"categories": {"SharedService": "dns"}}, "inbound": [{"from": "any", "services": ["tcp/53", "udp/53"]}]}],
        ),
    ]
    vms = [_vm(number, policies) for number in range(nics)]
    return {"rules": rules, "vms": vms, "address_groups": address_groups, "service_groups": service_groups}


def otherwise(site: Site) -> Site:
    """The same site as somebody else would have written it: shuffled, policies renamed, prefixes split, entries doubled."""
    other = copy.deepcopy(site)
    dice = random.Random(1)
    dice.shuffle(other["rules"])
    for rule in other["rules"]:
        rule["name"] = f"{rule['name']}-too"
        for group in rule.get("groups", []):
            dice.shuffle(group["inbound"])
            group["inbound"].append(copy.deepcopy(group["inbound"][0]))
    for group in other["address_groups"]:
        network, _slash, _length = group["addresses"][0].partition("/")
        start = network.rpartition(".")[0]
        group["addresses"][:1] = [f"{start}.0/25", f"{start}.128/25"]
    return other


def _fault_drop(site: Site) -> None:
    site["rules"][10]["groups"][1]["inbound"].pop(0)


def _fault_widen(site: Site) -> None:
    entry = site["rules"][20]["groups"][1]["inbound"][0]
    low, _dash, high = entry["services"][0].removeprefix("tcp/").partition("-")
    entry["services"] = [f"tcp/{low}-{int(high or low) + 1}"]


def _fault_category(site: Site) -> None:
    del site["vms"][30]["categories"]["AppTier"]


def _fault_scope(site: Site) -> None:
    site["rules"][40]["scope"] = {"vpcs": ["elsewhere"]}


def _fault_monitor(site: Site) -> None:
    site["rules"][50]["mode"] = "monitor"


def _fault_address(site: Site) -> None:
    site["address_groups"][6]["addresses"][1] = "198.51.100.0/24"


def _fault_isolation(site: Site) -> None:
    site["rules"] = [rule for rule in site["rules"] if rule["type"] != "isolation"]


def _fault_basic(site: Site) -> None:
    site["vms"][70]["nics"][0]["advanced"] = False


def _fault_group(site: Site) -> None:
    site["service_groups"][8]["services"] = ["tcp/3056-3060"]


FAULTS: tuple[Callable[[Site], None], ...] = (
    _fault_drop, _fault_widen, _fault_category, _fault_scope, _fault_monitor, _fault_address, _fault_isolation, _fault_basic, _fault_group,
)


def _policy(kind: str, name: str, **content: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "mode": "enforce", "scope": "vlans", **content}


def _env(value: str) -> dict[str, Any]:
    return {"categories": {"Environment": value}}


def _tier(app: int, tier: str) -> dict[str, Any]:
    return {"categories": {"AppType": f"a{app}", "AppTier": tier}}


def _prefix(dice: random.Random) -> str:
    return f"172.{dice.randrange(16, 32)}.{dice.randrange(256)}.0/24"


def _entry(side: str, peer: Any, *services: str) -> dict[str, Any]:
    return {side: peer, "services": list(services)}


def _application(dice: random.Random, app: int, policies: int) -> dict[str, Any]:
    base = 8000 + dice.randrange(0, 2000) * 20
    middle, low = f"tcp/{base}-{base + 9}", f"tcp/{base + 12}"
    web, application, db = (_tier(app, tier) for tier in _TIERS)
    service = f"group:service-{dice.randrange(400)}"
    partner = {"address_groups": [f"partner-{dice.randrange(200)}"]}
    neighbor = _tier(dice.randrange(policies), "app")
    dns = _entry("to", {"categories": {"SharedService": "dns"}}, "tcp/53", "udp/53")
    ntp = _entry("to", {"cidr": ["10.252.0.8/29"]}, "udp/123")
    common = [_entry("from", {"cidr": [f"10.250.{app % 256}.0/24"]}, "tcp/22"), _entry("from", {"cidr": ["10.251.0.0/16"]}, "icmp/8")]
    groups = [
        {
            "secured": web, "intra": "allow",
            "inbound": [_entry("from", "any", "tcp/443"), _entry("from", partner, service), *common],
            "outbound": [_entry("to", application, middle), dns, ntp],
        },
        {
            "secured": application, "intra": "deny",
            "inbound": [_entry("from", web, middle), _entry("from", neighbor, f"tcp/{base + 15}"), *common],
            "outbound": [_entry("to", db, low), dns, ntp],
        },
        {
            "secured": db,
            "inbound": [_entry("from", application, low), *common],
            "outbound": [_entry("to", {"cidr": [_prefix(dice)]}, "tcp/873"), dns, ntp],
        },
    ]
    return _policy("application", f"app-{app}", groups=groups)


def _vm(number: int, policies: int) -> dict[str, Any]:
    app = number % policies
    categories = {"AppType": f"a{app}", "AppTier": _TIERS[number // policies % 3], "Environment": "dev" if app % 5 == 0 else "prod"}
    if number % 2500 == 0:
        categories = {"SharedService": "dns", "Environment": "prod"}
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    nic = {"subnet": "app", "kind": "vlan", "advanced": True, "vpc": "", "ip": address}
    return {"name": f"vm-{number}", "categories": categories, "nics": [nic]}
