# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address, service and entity groups of a generated estate. Knows their API bodies."""

from __future__ import annotations

from random import Random
from typing import Any

from prismsim.estate.generator.names import TIERS, Names, category


def address_groups(names: Names, draw: Random, minor: int) -> list[dict[str, Any]]:
    """Site CIDRs of both sites first, then branches, address ranges and partners; IPv6 from minor 4.2 on."""
    groups: list[dict[str, Any]] = []
    for index in range(names.size.address_groups):
        group: dict[str, Any] = {"name": names.address_group(index)}
        if index == 0:
            group |= {"description": "Everything at north", "ipv4Addresses": [_ipv4(10, 16, 0, length=12)]}
        elif index == 1:
            group |= {"description": "Everything at south", "ipv4Addresses": [_ipv4(10, 32, 0, length=12)]}
        elif index % 5 == 2:
            # Part of north: what a replication must translate through the prefix map.
            group["ipv4Addresses"] = _distinct(lambda: _ipv4(10, 16 + draw.randrange(8), draw.randrange(64) * 4, length=22), 2)
        elif index % 5 == 3:
            first = draw.randrange(1, 120)
            start = f"10.{64 + draw.randrange(64)}.{draw.randrange(256)}"
            group["ipRanges"] = [{"startIp": f"{start}.{first}", "endIp": f"{start}.{first + draw.randrange(1, 100)}"}]
        else:
            count = draw.randrange(1, 5)
            group["ipv4Addresses"] = _distinct(lambda: _ipv4(10, 64 + draw.randrange(128), draw.randrange(256), length=24), count)
            if minor >= 2 and index % 10 == 4:
                group["ipv6Addresses"] = [{"value": f"2001:db8:{index:x}::", "prefixLength": 48}]
        groups.append(group)
    return groups


def service_groups(names: Names, draw: Random) -> list[dict[str, Any]]:
    """TCP ports and ranges, every third with UDP, every tenth with ICMP."""
    groups: list[dict[str, Any]] = []
    for index in range(names.size.service_groups):
        starts = sorted(draw.sample(range(1024, 60000, 10), draw.randrange(1, 4)))
        group: dict[str, Any] = {
            "name": names.service_group(index),
            "tcpServices": [{"startPort": start, "endPort": start + draw.randrange(10)} for start in starts],
        }
        if index % 3 == 0:
            port = draw.randrange(1024, 60000)
            group["udpServices"] = [{"startPort": port, "endPort": port}]
        if index % 10 == 0:
            group["icmpServices"] = [{"type": 8, "code": 0}]
        groups.append(group)
    return groups


def entity_groups(names: Names, draw: Random, minor: int) -> list[dict[str, Any]]:
    """VMs of one tier of an application; some are subnets, and from minor 4.2 on addresses with exceptions."""
    groups: list[dict[str, Any]] = []
    for index in range(names.size.entity_groups):
        application = names.application(draw.randrange(names.size.applications))
        member: dict[str, Any] = {
            "type": "VM",
            "selectBy": "CATEGORY_EXT_ID",
            "referenceExtIds": [category("AppType", application), category("AppTier", draw.choice(TIERS))],
        }
        body: dict[str, Any] = {"name": names.entity_group(index)}
        if index % 10 == 5:
            member = {"type": "SUBNET", "selectBy": "EXT_ID", "referenceExtIds": [f"@subnet:{names.vpc(index)}/apps"]}
        elif index % 10 == 7 and minor >= 2:
            reference = f"@address_group:{names.address_group(draw.randrange(names.size.address_groups))}"
            member = {"type": "ADDRESS_GROUP", "selectBy": "EXT_ID", "referenceExtIds": [reference]}
            excepted = {"ipv4Addresses": [_ipv4(10, 16, draw.randrange(256), length=25)]}
            body["exceptConfig"] = {"entities": [{"type": "ADDRESS_GROUP", "selectBy": "IP_VALUES", "addresses": excepted}]}
        groups.append({**body, "allowedConfig": {"entities": [member]}})
    return groups


def _ipv4(first: int, second: int, third: int, length: int) -> dict[str, Any]:
    return {"value": f"{first}.{second}.{third}.0", "prefixLength": length}


def _distinct(make: Any, count: int) -> list[dict[str, Any]]:
    """``count`` bodies from ``make`` that differ from one another, in the order they came."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        body = make()
        if body not in found:
            found.append(body)
    return found
