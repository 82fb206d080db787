# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The security policies of a generated estate: applications with tiers, isolation, shared services. Knows API bodies."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from prismsim.estate.generator.names import ENVIRONMENTS, Names, category

Body = dict[str, Any]


def security_policies(names: Names, draw: Random, minor: int) -> list[Body]:
    """All user policies: isolation first, then shared services (application policies before minor 4.1), then applications."""
    size = names.size
    return [
        *(_isolation(names, draw, minor, index) for index in range(size.isolations)),
        *(_shared_service(names, draw, minor, index) for index in range(size.shared_services)),
        *(_application(names, draw, minor, index) for index in range(size.applications)),
    ]


def scope_of(names: Names, minor: int, index: int) -> Body:
    """The scope of an application's policy: mostly VLANs; every tenth one VPC, some all networks or VPCs by their tag."""
    if index % 10 == 3:
        return {"scope": "VPC_LIST", "vpcReferences": [f"@vpc:{names.vpc(index // 10)}"]}
    if minor >= 1 and index % 20 == 7:
        return {"scope": "GLOBAL"}
    if minor >= 1 and index % 20 == 17:
        return {"scope": "VPC_AS_CATEGORY", "scopeReferences": [category("Tenant", names.vpc(index // 20))]}
    return {"scope": "ALL_VLAN"}


def _isolation(names: Names, draw: Random, minor: int, index: int) -> Body:
    scope = "GLOBAL" if minor >= 1 else "ALL_VLAN"
    policy: Body = {"type": "ISOLATION", "state": draw.choice(("ENFORCE", "ENFORCE", "MONITOR")), "scope": scope}
    if index < len(ENVIRONMENTS) - 1:
        # Production from each other environment.
        groups = [category("Environment", ENVIRONMENTS[0])], [category("Environment", ENVIRONMENTS[index + 1])]
        name = f"isolate-production-{ENVIRONMENTS[index + 1].lower()}"
    elif index % 2:
        divisions = [names.division(4 * index + step) for step in range(4)]
        members = [{"groupCategoryReferences": [category("Division", value)]} for value in divisions]
        rule = {"type": "MULTI_ENV_ISOLATION", "spec": {"spec": {"isolationGroups": members}}}
        return {"name": f"isolate-divisions-{index:03d}", **policy, "rules": [rule]}
    else:
        # Two environments of one division: each side is a conjunction of two categories.
        division = category("Division", names.division(index))
        groups = [division, category("Environment", "Production")], [division, category("Environment", "Testing")]
        name = f"isolate-within-{names.division(index)}-{index:03d}"
    spec = {"firstIsolationGroup": groups[0], "secondIsolationGroup": groups[1]}
    return {"name": name, **policy, "rules": [{"type": "TWO_ENV_ISOLATION", "spec": spec}]}


def _shared_service(names: Names, draw: Random, minor: int, index: int) -> Body:
    shared = minor >= 1
    secured = {"securedGroupCategoryReferences": [category("SharedService", names.shared_service(index))]}
    rule_type = "SHARED_SERVICE" if shared else "APPLICATION"
    rules: list[Body] = [{"type": rule_type, "description": "everyone", "spec": {**secured, "srcAllowSpec": "ALL", **_services(names, index)}}]
    seen = index
    while len(rules) < names.size.entries:
        seen += 1
        peer = {"srcAddressGroupReferences": [f"@address_group:{names.address_group(seen)}"]}
        spec = {**secured, **peer, **_services(names, seen)}
        rules.append({"type": rule_type, "description": f"entry {len(rules)}", "spec": spec})
    return {
        "name": f"shared-{names.shared_service(index)}",
        "type": "SHAREDSERVICE" if shared else "APPLICATION",
        "state": "ENFORCE",
        "scope": "GLOBAL" if shared else "ALL_VLAN",
        "isHitlogEnabled": draw.random() < 0.5,
        "rules": rules,
    }


def _application(names: Names, draw: Random, minor: int, index: int) -> Body:
    rules: list[Body] = []
    for rule in _application_rules(names, draw, minor, index):
        rules.append(rule)
        if len(rules) == names.size.entries:
            break
    return {
        "name": names.application(index),
        "description": f"Application {index} of {names.division(index)}",
        "type": "APPLICATION",
        "state": draw.choice(("ENFORCE",) * 7 + ("MONITOR",) * 2 + ("SAVE",)),
        **scope_of(names, minor, index),
        "isIpv6TrafficAllowed": draw.random() < 0.1,
        "isHitlogEnabled": draw.random() < 0.3,
        "rules": rules,
    }


def _application_rules(names: Names, draw: Random, minor: int, index: int) -> Iterator[Body]:
    """The rules of one application in the order of their worth, without end and without repetition."""
    app_type = category("AppType", names.application(index))
    web, app, db = ([app_type, category("AppTier", tier)] for tier in ("Web", "App", "DB"))
    port = 8000 + draw.randrange(900)
    api = {"tcpServices": [{"startPort": port, "endPort": port + draw.randrange(20)}]}
    port = draw.choice((1433, 1521, 3306, 5432))
    sql = {"tcpServices": [{"startPort": port, "endPort": port}]}

    yield _rule("users", web, {"srcAllowSpec": "ALL"}, {"serviceGroupReferences": ["@service_group:https"]})
    yield _rule("web to app", web, {"destCategoryReferences": app}, api)
    yield _rule("app from web", app, {"srcCategoryReferences": web}, api)
    yield _rule("app to db", app, {"destCategoryReferences": db}, sql)
    yield _rule("db from app", db, {"srcCategoryReferences": app}, sql)
    yield _intra(web, {"securedGroupAction": "ALLOW"})
    limited = {"securedGroupServiceReferences": [_service_group(names, index)]} if minor >= 1 else {}
    yield _intra(db, {"securedGroupAction": "ALLOW", **limited})
    yield _intra(app, {"securedGroupAction": "DENY"})
    # A running number in each further rule's ports keeps two rules from ever being equal.
    for number in range(10_000):
        secured = (web, app, db)[number % 3]
        services = {**_services(names, index + number), "udpServices": [{"startPort": 20000 + number, "endPort": 20000 + number}]}
        yield _rule(f"entry {number}", secured, _peer(names, draw, minor, index, number), services)


def _peer(names: Names, draw: Random, minor: int, index: int, number: int) -> Body:
    """Someone outside the application: address group, another application, a subnet, or an entity group."""
    side = "src" if number % 2 else "dest"
    kind = draw.randrange(4)
    if kind == 0:
        return {f"{side}AddressGroupReferences": [f"@address_group:{names.address_group(index + number)}"]}
    if kind == 1:
        other = names.application(draw.randrange(names.size.applications))
        return {f"{side}CategoryReferences": [category("AppType", other), category("AppTier", "App")]}
    if kind == 2 or minor < 1 or not names.size.entity_groups:
        return {f"{side}Subnet": {"value": f"10.{16 + draw.randrange(112)}.{draw.randrange(256)}.0", "prefixLength": 24}}
    return {f"{side}EntityGroupReference": f"@entity_group:{names.entity_group(index + number)}"}


def _rule(description: str, secured: list[str], peer: Body, services: Body) -> Body:
    spec = {"securedGroupCategoryReferences": list(secured), **peer, **services}
    return {"type": "APPLICATION", "description": description, "spec": spec}


def _intra(secured: list[str], rest: Body) -> Body:
    return {"type": "INTRA_GROUP", "spec": {"securedGroupCategoryReferences": list(secured), **rest}}


def _services(names: Names, index: int) -> Body:
    return {"serviceGroupReferences": [_service_group(names, index)]}


def _service_group(names: Names, index: int) -> str:
    return f"@service_group:{names.service_group(index)}"
