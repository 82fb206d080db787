"""The site of the truth table: its VMs and policy P3, as functions so that each row can change what it needs."""

from __future__ import annotations

import copy
from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import Readings
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow, Segmentation, Verdict

WEB, APP, DB = {"categories": {"T": "Web"}}, {"categories": {"T": "App"}}, {"categories": {"T": "DB"}}
PROD, DEV, TEST = ({"categories": {"Env": value}} for value in ("Prod", "Dev", "Test"))
DNSX = {"address_groups": ["DNSX"]}
DNS = ["tcp/53", "udp/53"]


def vm(name: str, ip: str, categories: dict[str, Any], **network: Any) -> dict[str, Any]:
    nic = {"subnet": "app", "kind": "vlan", "advanced": True, "vpc": "", "ip": ip, **network}
    return {"name": name, "categories": categories, "power": "on", "nics": [nic]}


def tier(name: str, *numbers: int) -> list[dict[str, Any]]:
    return [vm(f"{name[0]}{place + 1}", f"10.1.1.{number}", {"T": name, "Env": "Prod"}) for place, number in enumerate(numbers)]


VMS = [
    *tier("Web", 11, 12),
    *tier("App", 21, 22),
    *tier("DB", 31, 32),
    vm("N1", "10.1.1.53", {"SharedService": "dns", "Env": "Prod"}),
    vm("V1", "10.1.2.11", {"Env": "Dev"}),
    vm("X1", "10.1.1.90", {}),
    vm("X2", "10.1.1.91", {}),
    vm("B1", "10.1.1.99", {"T": "Web", "Env": "Prod"}, advanced=False),
    vm("O1", "10.9.0.10", {"T": "Web", "Env": "Prod"}, kind="overlay", vpc="VPC-1", subnet="VPC-1/app"),
    vm("O2", "10.9.1.10", {"T": "Web", "Env": "Prod"}, kind="overlay", vpc="VPC-2", subnet="VPC-2/app"),
]
U = "203.0.113.9"


def group(secured: dict[str, Any], intra: Any = None, inbound: Any = (), outbound: Any = ()) -> dict[str, Any]:
    found = {"secured": secured, "inbound": list(inbound), "outbound": list(outbound)}
    return {**found, "intra": intra} if intra else found


def inbound(peer: Any, *services: str, **more: Any) -> dict[str, Any]:
    return {"from": peer, "services": list(services), **more}


def outbound(peer: Any, *services: str) -> dict[str, Any]:
    return {"to": peer, "services": list(services)}


def application(name: str, *groups: dict[str, Any], kind: str = "application", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "mode": "enforce", "scope": "vlans", "groups": list(groups), **more}


def isolation(name: str, *between: dict[str, Any], **more: Any) -> dict[str, Any]:
    kind = "two_env" if len(between) == 2 else "multi_env"
    one = {"between": list(between), "kind": kind}
    return {"name": name, "type": "isolation", "mode": "enforce", "scope": "vlans", "isolations": [one], **more}


def p3(**more: Any) -> dict[str, Any]:
    """R1 is groups[0].inbound[0], R2 and R6 groups[0].outbound, R3 groups[1].inbound[0] and so on."""
    return application(
        "P3",
        group(WEB, "allow", [inbound("any", "tcp/443")], [outbound(APP, "tcp/8443"), outbound(DNSX, *DNS)]),
        group(APP, "deny", [inbound(WEB, "tcp/8443")], [outbound(DB, "tcp/3306"), outbound(DNSX, *DNS)]),
        group(DB, None, [inbound(APP, "tcp/3306")], [outbound(DNSX, *DNS)]),
        **more,
    )


def p3_with(tier_number: int, part: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """P3 with more entries in one of its groups (0 Web, 1 App, 2 DB)."""
    rule = p3()
    rule["groups"][tier_number][part] += entries
    return rule


def vms_with(*others: dict[str, Any]) -> list[dict[str, Any]]:
    """All VMs; those of the same name replaced."""
    names = {one["name"] for one in others}
    return [one for one in copy.deepcopy(VMS) if one["name"] not in names] + list(others)


def site(*rules: dict[str, Any], vms: Any = None, closed: Any = (), entity_groups: Any = (), service_groups: Any = ()) -> Objects:
    groups = [{"name": "DNSX", "addresses": ["10.50.0.53"]}]
    return Objects(list(rules), VMS if vms is None else vms, entity_groups, groups, service_groups, frozenset(closed))


def ask(objects: Objects, source: str, destination: str, packet: str, *, ipv6: bool = False, **readings: Any) -> Verdict:
    return Segmentation(objects, Readings(**readings)).verdict(Flow(source, destination, packet, ipv6))


def word(verdict: Verdict) -> str:
    return "MONITORED" if verdict.monitored else "ALLOW" if verdict.allowed else "DENY"


def deciders(verdict: Verdict) -> list[tuple[str, str, int]]:
    """Policy, direction and level of what decided."""
    return [(one.policy, one.direction, one.level) for one in verdict.decided_by]
