# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the selectors of policies mean, and which services: one end or one packet at a time, from API bodies. Knows no level."""

from __future__ import annotations

import ipaddress
from typing import Any, NamedTuple

from prismsim.estate.model import Body, Site
from prismsim.hitlog.ends import Address, End

_PORTS = {"tcp": "tcpServices", "udp": "udpServices"}
_TYPES = {"icmp": "icmpServices", "icmpv6": "icmpV6Services"}
_MATCHES = {
    "CONTAINS": str.__contains__,
    "STARTS_WITH": str.startswith,
    "ENDS_WITH": str.endswith,
    "EQUALS": str.__eq__,
}


class CannotJudge(Exception):
    """A policy says what this part of the simulator has no judgement of."""


class Packet(NamedTuple):
    """``number`` is the destination port or ICMP type, ``code`` the ICMP code."""

    protocol: str
    number: int = 0
    code: int = 0


class Members:
    """The groups of one site."""

    def __init__(self, site: Site) -> None:
        self._groups = {
            kind: {f"@{kind}:{body['name']}": body for body in bodies}
            for kind, bodies in (
                ("address_group", site.address_groups),
                ("service_group", site.service_groups),
                ("entity_group", site.entity_groups),
            )
        }

    def secured(self, spec: Body, policy: Body, end: End) -> bool:
        """Whether the secured group of a rule has this end, which the policy can enforce something on."""
        return self._reaches(policy, end) and self.group(spec, "securedGroup", end)

    def group(self, spec: Body, prefix: str, end: End) -> bool:
        """Whether a group by categories or entity group has this end."""
        entity_group = spec.get(f"{prefix}EntityGroupReference")
        if entity_group:
            return self._in_entity_group(entity_group, end)
        kind = spec.get(f"{prefix}CategoryAssociatedEntityType", "VM")
        return end.carries(kind, list(spec.get(f"{prefix}CategoryReferences", [])))

    def isolated(self, group: Body, policy: Body, end: End) -> bool:
        return self._reaches(policy, end) and self.group(group, "group", end)

    def peer(self, spec: Body, side: str, policy: Body, end: End) -> bool:
        """Whether the source (``src``) or destination (``dest``) of a rule has this end."""
        allow = spec.get(f"{side}AllowSpec")
        if allow:
            return bool(allow == "ALL")
        prefixes = [spec[name] for name in (f"{side}Subnet", f"{side}Ipv6Subnet") if spec.get(name)]
        if any(end.address in _network(one) for one in prefixes):
            return True
        if any(self._in_address_group(one, end.address) for one in spec.get(f"{side}AddressGroupReferences", [])):
            return True
        entity_group = spec.get(f"{side}EntityGroupReference")
        if entity_group and self._in_entity_group(entity_group, end):
            return self._by_address(entity_group, end.address) or self._reaches(policy, end)
        kind = spec.get(f"{side}CategoryAssociatedEntityType", "VM")
        return self._reaches(policy, end) and end.carries(kind, list(spec.get(f"{side}CategoryReferences", [])))

    def service(self, spec: Body, packet: Packet, groups: str = "serviceGroupReferences") -> bool:
        """Whether a rule is about this packet."""
        if spec.get("isAllProtocolAllowed"):
            return True
        bodies = [spec, *(self._find("service_group", one) for one in spec.get(groups, []))]
        return any(_has_service(body, packet) for body in bodies)

    def services(self, spec: Body, groups: str = "serviceGroupReferences") -> list[Packet]:
        """One packet of each service of a rule, and the one just behind it."""
        bodies = [spec, *(self._find("service_group", one) for one in spec.get(groups, []))]
        found = []
        for body in bodies:
            for protocol, name in _PORTS.items():
                for one in body.get(name, []):
                    found += [Packet(protocol, one["startPort"]), Packet(protocol, min(one["endPort"] + 1, 65535))]
            for protocol, name in _TYPES.items():
                found += [Packet(protocol, one.get("type", 8), one.get("code") or 0) for one in body.get(name, [])]
        return found or [Packet("tcp", 443)]

    def addresses(self, spec: Body, side: str) -> list[str]:
        """Some addresses that a rule names."""
        prefixes = [spec[name] for name in (f"{side}Subnet", f"{side}Ipv6Subnet") if spec.get(name)]
        for reference in spec.get(f"{side}AddressGroupReferences", []):
            body = self._find("address_group", reference)
            prefixes += [*body.get("ipv4Addresses", []), *body.get("ipv6Addresses", [])]
        return [str(_network(one)[min(7, _network(one).num_addresses - 1)]) for one in prefixes]

    def _reaches(self, policy: Body, end: End) -> bool:
        """Whether the policy can do anything on this interface: its scope has it, and it is not on a basic VLAN."""
        if not end.vm or not end.enforced:
            return False
        scope = policy.get("scope") or "ALL_VLAN"
        if scope in ("GLOBAL", "ALL_VLAN"):
            return scope == "GLOBAL" or not end.overlay
        if scope == "VPC_LIST":
            return end.overlay and f"@vpc:{end.vpc}" in policy.get("vpcReferences", [])
        if scope == "VPC_AS_CATEGORY":
            return end.overlay and end.carries("VPC", list(policy.get("scopeReferences", [])))
        return end.overlay and scope == "ALL_VPC"

    def _in_entity_group(self, reference: str, end: End) -> bool:
        body = self._find("entity_group", reference)
        if any(self._entity_has_address(one, end.address) for one in (body.get("exceptConfig") or {}).get("entities", [])):
            return False
        entities = body["allowedConfig"]["entities"]
        if self._by_address(reference, end.address):
            return True
        by_category = [one for one in entities if one["selectBy"] == "CATEGORY_EXT_ID"]
        if by_category and all(end.carries(one["type"], list(one["referenceExtIds"])) for one in by_category):
            return True
        return any(_is_named(one, end) for one in entities)

    def _by_address(self, reference: str, address: Address) -> bool:
        entities = self._find("entity_group", reference)["allowedConfig"]["entities"]
        return any(self._entity_has_address(one, address) for one in entities)

    def _entity_has_address(self, entity: Body, address: Address) -> bool:
        if entity["type"] != "ADDRESS_GROUP":
            return False
        if entity["selectBy"] == "EXT_ID":
            return any(self._in_address_group(one, address) for one in entity["referenceExtIds"])
        ranges = {"ipRanges": (entity.get("ipRanges") or {}).get("ipv4Ranges", [])}
        return _has_address({**(entity.get("addresses") or {}), **ranges}, address)

    def _in_address_group(self, reference: str, address: Address) -> bool:
        return _has_address(self._find("address_group", reference), address)

    def _find(self, kind: str, reference: str) -> Body:
        return self._groups[kind][reference]


def _is_named(entity: Body, end: End) -> bool:
    kind, selector = entity["type"], entity["selectBy"]
    if (kind, selector) == ("VM", "EXT_ID"):
        return f"@vm:{end.vm}" in entity["referenceExtIds"]
    if (kind, selector) == ("VM", "REGEX"):
        return bool(end.vm) and bool(_MATCHES[entity["matchCriteria"]](end.vm, entity["referenceString"]))
    if (kind, selector) == ("SUBNET", "EXT_ID"):
        return f"@subnet:{end.subnet}" in entity["referenceExtIds"]
    if (kind, selector) == ("VPC", "EXT_ID"):
        return f"@vpc:{end.vpc}" in entity["referenceExtIds"]
    if selector == "CATEGORY_EXT_ID" or kind == "ADDRESS_GROUP":
        return False
    raise CannotJudge(f"members of an entity group by {kind} {selector}")


def _has_service(body: Body, packet: Packet) -> bool:
    if packet.protocol in _PORTS:
        return any(one["startPort"] <= packet.number <= one["endPort"] for one in body.get(_PORTS[packet.protocol], []))
    for one in body.get(_TYPES.get(packet.protocol, ""), []):
        if one.get("isAllAllowed") or (one.get("type") == packet.number and one.get("code") in (None, packet.code)):
            return True
    return False


def _has_address(body: Body, address: Address) -> bool:
    prefixes = [*body.get("ipv4Addresses", []), *body.get("ipv6Addresses", [])]
    ranges = [*body.get("ipRanges", []), *body.get("ipv6Ranges", [])]
    return any(address in _network(one) for one in prefixes) or any(_within(one, address) for one in ranges)


def _within(one: Body, address: Address) -> bool:
    first, last = (ipaddress.ip_address(_plain(one[name])) for name in ("startIp", "endIp"))
    return first.version == address.version and int(first) <= int(address) <= int(last)


def _plain(value: Any) -> str:
    return str(value["value"] if isinstance(value, dict) else value)


def _network(one: Body) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(f"{_plain(one['value'])}/{one['prefixLength']}", strict=False)
