# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One policy body for each thing that policies can say, with the minor it exists since. Knows API bodies only."""

from __future__ import annotations

from typing import Any

from tests.contract.kinds import category, named
from tests.contract.sdk import Site

_APPLICATION = "microseg.v4.config.ApplicationRuleSpec"
_INTRA = "microseg.v4.config.IntraEntityGroupRuleSpec"
_TCP = {"tcpServices": [{"startPort": 443, "endPort": 443}]}


class Ids:
    """The ids of the contract estate's objects on one site, by name."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def category(self, path: str) -> str:
        return category(self._site, *path.split("/"))

    def group(self, kind: str, name: str) -> str:
        return named(self._site, kind, name)

    def vpc(self, name: str) -> str:
        return self._only("VpcsApi", "list_vpcs", name)

    def network_function(self, name: str) -> str:
        return self._only("NetworkFunctionsApi", "list_network_functions", name)

    def _only(self, api: str, method: str, name: str) -> str:
        (found,) = getattr(self._site.api("networking", api), method)(_filter=f"name eq '{name}'").data
        return str(found.ext_id)


def bodies(ids: Ids, minor: int) -> dict[str, dict[str, Any]]:
    """Every policy that a minor can hold outside Flex mode, by what it is about."""
    shop = [ids.category("AppType/Shop"), ids.category("AppTier/DB")]
    by_minor = [
        (0, {**_peers(ids, shop), **_isolations(ids), **_scopes(ids, shop)}),
        (1, _since_1(ids, shop) if minor >= 1 else {}),
        (2, _since_2(ids, shop) if minor >= 2 else {}),
        (3, _since_3(ids, shop) if minor >= 3 else {}),
    ]
    return {about: body for since, found in by_minor if since <= minor for about, body in found.items()}


def flex_bodies(ids: Ids) -> dict[str, dict[str, Any]]:
    """One policy of each Flex type."""
    databases = ids.group("entity_group", "databases")
    rule = {
        "name": "rule-1",
        "type": "FLEX",
        "isLoggingEnabled": True,
        "spec": {
            "$objectType": "microseg.v4.config.FlexRuleSpec",
            "shouldAllowAnySrc": True,
            "destEntityGroupReferences": [databases],
            "appliedToEntityGroupReferences": [databases],
            "priority": 1,
            "action": "REJECT",
            "direction": "IN",
            "ipVersion": "IPV4_IPV6",
            **_TCP,
        },
    }
    types = ("CRITICAL", "COREINFRASTRUCTURE", "ZONE", "WORKLOAD")
    return {
        f"flex {name}": {**_policy(name, [rule], scope="GLOBAL"), "priority": 10 + number} for number, name in enumerate(types)
    }


def _policy(kind: str, rules: list[dict[str, Any]], scope: str = "ALL_VLAN", **more: Any) -> dict[str, Any]:
    return {"name": "contract-each", "type": kind, "state": "MONITOR", "scope": scope, "rules": rules, **more}


def _application(secured: list[str], rule_type: str = "APPLICATION", **peer: Any) -> dict[str, Any]:
    spec = {"$objectType": _APPLICATION, "securedGroupCategoryReferences": secured, **peer}
    return {"type": rule_type, "spec": spec if "isAllProtocolAllowed" in peer or len(peer) > 1 else {**spec, **_TCP}}


def _peers(ids: Ids, shop: list[str]) -> dict[str, dict[str, Any]]:
    peers: dict[str, dict[str, Any]] = {
        "anyone": {"srcAllowSpec": "ALL"},
        "no one": {"destAllowSpec": "NONE", "isAllProtocolAllowed": True},
        "categories in order": {"srcCategoryReferences": [ids.category("Environment/Dev"), ids.category("AppTier/Web")]},
        "subnet": {"destSubnet": {"value": "10.3.0.0", "prefixLength": 16}},
        "address group": {"destAddressGroupReferences": [ids.group("address_group", "partners")]},
        "service group": {"srcAllowSpec": "ALL", "serviceGroupReferences": [ids.group("service_group", "shop-api")]},
        "udp": {"srcAllowSpec": "ALL", "udpServices": [{"startPort": 0, "endPort": 65535}]},
        "icmp": {"srcAllowSpec": "ALL", "icmpServices": [{"isAllAllowed": False, "type": 43, "code": 15}]},
        "all icmp": {"srcAllowSpec": "ALL", "icmpServices": [{"isAllAllowed": True}]},
    }
    made = {about: _policy("APPLICATION", [_application(shop, **peer)]) for about, peer in peers.items()}
    intra = {"$objectType": _INTRA, "securedGroupCategoryReferences": shop}
    for action in ("ALLOW", "DENY"):
        rules = [{"type": "INTRA_GROUP", "spec": {**intra, "securedGroupAction": action}}, _application(shop, srcAllowSpec="ALL")]
        made[f"intra {action}"] = _policy("APPLICATION", rules)
    flags = {"isHitlogEnabled": True, "isIpv6TrafficAllowed": True, "description": "with flags: all (of them)"}
    made["flags"] = _policy("APPLICATION", [_application(shop, srcAllowSpec="ALL")], **flags)
    return made


def _isolations(ids: Ids) -> dict[str, dict[str, Any]]:
    first, second, third = (ids.category(f"Environment/{name}") for name in ("Production", "Testing", "Staging"))
    two = {"$objectType": "microseg.v4.config.TwoEnvIsolationRuleSpec"}
    groups = [{"groupCategoryReferences": [value]} for value in (first, second, third)]
    many = {
        "$objectType": "microseg.v4.config.MultiEnvIsolationRuleSpec",
        "spec": {"$objectType": "microseg.v4.config.AllToAllIsolationGroup", "isolationGroups": groups},
    }
    pair = {**two, "firstIsolationGroup": [first, ids.category("AppType/Shop")], "secondIsolationGroup": [second]}
    return {
        "two environments": _policy("ISOLATION", [{"type": "TWO_ENV_ISOLATION", "spec": pair}]),
        "many environments": _policy("ISOLATION", [{"type": "MULTI_ENV_ISOLATION", "spec": many}]),
    }


def _scopes(ids: Ids, shop: list[str]) -> dict[str, dict[str, Any]]:
    rules = [_application(shop, srcAllowSpec="ALL")]
    return {
        "scope ALL_VPC": _policy("APPLICATION", rules, "ALL_VPC"),
        "scope VPC_LIST": _policy("APPLICATION", rules, "VPC_LIST", vpcReferences=[ids.vpc("other")]),
    }


def _since_1(ids: Ids, shop: list[str]) -> dict[str, dict[str, Any]]:
    databases = ids.group("entity_group", "databases")
    service = [ids.category("SharedService/DNS")]
    zone = [ids.category("Zone/DMZ")]
    by_group = {"$objectType": _APPLICATION, "securedGroupEntityGroupReference": databases}
    limited = {"securedGroupServiceReferences": [ids.group("service_group", "shop-api")], "udpServices": [{"startPort": 1, "endPort": 2}]}
    intra = {"$objectType": _INTRA, "securedGroupEntityGroupReference": databases, "securedGroupAction": "ALLOW", **limited}
    typed = {"srcCategoryAssociatedEntityType": "SUBNET", "srcCategoryReferences": zone}
    function = {"srcAllowSpec": "ALL", "networkFunctionReference": ids.network_function("ids"), **_TCP}
    rules = [_application(shop, srcAllowSpec="ALL")]
    return {
        "entity group secured": _policy("APPLICATION", [{"type": "APPLICATION", "spec": {**by_group, "srcAllowSpec": "ALL", **_TCP}}]),
        "entity group as peer": _policy("APPLICATION", [_application(shop, destEntityGroupReference=databases)]),
        "intra with services": _policy("APPLICATION", [{"type": "INTRA_GROUP", "spec": intra}]),
        "subnets as peer": _policy("APPLICATION", [_application(shop, **typed, **_TCP)]),
        "network function": _policy("APPLICATION", [_application(shop, **function)]),
        "shared service": _policy("SHAREDSERVICE", [_application(service, "SHARED_SERVICE", srcAllowSpec="ALL")], "GLOBAL"),
        "scope GLOBAL": _policy("APPLICATION", rules, "GLOBAL"),
        "scope VPC_AS_CATEGORY": _policy("APPLICATION", rules, "VPC_AS_CATEGORY", scopeReferences=zone),
    }


def _since_2(ids: Ids, shop: list[str]) -> dict[str, dict[str, Any]]:
    subnet = {"srcIpv6Subnet": {"value": "2001:db8::", "prefixLength": 32}}
    icmp = {"icmpV6Services": [{"isAllAllowed": False, "type": 128, "code": 0}]}
    flags = {"isIpv4AddressScope": True, "isIpv6AddressScope": True, "isIpv6TrafficAllowed": False}
    return {"IPv6": _policy("APPLICATION", [_application(shop, **subnet, **icmp)], **flags)}


def _since_3(ids: Ids, shop: list[str]) -> dict[str, dict[str, Any]]:
    rule = {**_application(shop, srcAllowSpec="ALL"), "name": "named-rule", "isLoggingEnabled": True}
    return {"rule name and logging": _policy("APPLICATION", [rule])}
