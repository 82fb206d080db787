# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""To which network a recovered NIC is connected, and with which address. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from prismsim.crud import children
from prismsim.objects import Document, Record
from prismsim.recovery.members import Route, Settings
from prismsim.relocation import nic_on
from prismsim.site import Site


@dataclass(frozen=True)
class Connection:
    """Where a NIC goes. Without a mapping it is not mapped; without a subnet its network does not exist there."""

    source: Record | None
    mapping: Record | None = None
    subnet: Record | None = None
    #: What the mapping calls the network at the target.
    wanted: str = ""


def connection(site: Site, plan: Record, way: Route, nic: Document, test: bool) -> Connection:
    """Where a NIC of the source goes, as the plan's network mappings say."""
    source = way.source.objects.find("subnet", nic["networkInfo"]["subnet"]["extId"])
    here, there = ("primary", "recovery") if way.forward else ("recovery", "primary")
    for mapping in children(site, plan, "network_mapping"):
        if source is None or not _is(source, mapping.document[f"{here}Network"]):
            continue
        wanted = mapping.document.get(f"{there}TestNetwork" if test else f"{there}Network")
        if wanted is None:
            return Connection(source)
        found = [subnet for subnet in way.target.objects.all("subnet") if _is(subnet, wanted) and _reaches(subnet, way.cluster)]
        return Connection(source, mapping, found[0] if found else None, wanted.get("subnetName") or wanted["subnetExtId"])
    return Connection(source)


def _is(subnet: Record, network: Document) -> bool:
    if "subnetExtId" in network:
        return bool(subnet.id == network["subnetExtId"])
    vpc = network.get("vpc", {}).get("extId")
    return bool(subnet.document["name"] == network["subnetName"] and subnet.document.get("vpcReference") == vpc)


def _reaches(subnet: Record, cluster: str) -> bool:
    return subnet.document.get("clusterReference") in (None, cluster)


def connected(nic: Document, found: Connection, chosen: Settings, test: bool) -> Document | None:
    """The NIC as it is at the target; None when there is no network for it."""
    if found.source is None or found.subnet is None or found.mapping is None:
        return None
    moved = nic_on(nic, found.source.document.get("ipPrefix"), found.subnet)
    address = nic["networkInfo"].get("ipv4Config", {}).get("ipAddress", {}).get("value", "")
    mapped = chosen.addresses.get((found.mapping.id, address, test))
    if mapped is None or not found.mapping.document["isIpMappingEnabled"]:
        return moved
    new = {"value": mapped, "prefixLength": 32}
    info = {**moved["networkInfo"], "ipv4Config": {**moved["networkInfo"]["ipv4Config"], "ipAddress": new}, "ipv4Info": {"learnedIpAddresses": [new]}}
    return {**moved, "networkInfo": info, "nicNetworkInfo": {**moved["nicNetworkInfo"], **info}}
