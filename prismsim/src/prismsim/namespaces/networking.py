# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPCs, subnets and network functions (contract/v4 section 13), as far as policies and VMs need them."""

from __future__ import annotations

from prismsim.crud import Resource, register
from prismsim.errors import Message
from prismsim.objects import Document, Record
from prismsim.site import ADMIN, Site


def _check_categories(site: Site, document: Document) -> list[Message]:
    gone = [i for i in document.get("metadata", {}).get("categoryIds", ()) if site.objects.find("category", i) is None]
    return [Message(f"The following categories were not found: {', '.join(gone)}.", "NET-10002", "RESOURCE_NOT_FOUND")] if gone else []


def _check_vpc(site: Site, document: Document, old: Record | None) -> list[Message]:
    return _check_categories(site, document)


def _prepare_vpc(site: Site, document: Document, old: Record | None) -> Document:
    return {"vpcType": "REGULAR", **document, "metadata": {"ownerReferenceId": ADMIN, **document.get("metadata", {})}}


def _check_subnet(site: Site, document: Document, old: Record | None) -> list[Message]:
    messages = _check_categories(site, document)
    overlay = document.get("subnetType") == "OVERLAY"
    kind, member = ("vpc", "vpcReference") if overlay else ("cluster", "clusterReference")
    reference = document.get(member)
    if reference is None:
        messages.append(Message(f"A subnet of type {document.get('subnetType')} needs {member}.", "NET-10003", "INVALID_INPUT"))
    elif site.objects.find(kind, reference) is None:
        messages.append(Message(f"The {kind} {reference} was not found.", "NET-10002", "RESOURCE_NOT_FOUND"))
    return messages


def _prepare_subnet(site: Site, document: Document, old: Record | None) -> Document:
    metadata = {"ownerReferenceId": ADMIN, **document.get("metadata", {})}
    network = {"networkId": site.next_number("vni")} if document.get("subnetType") == "OVERLAY" else {}
    return {"isExternal": False, "hypervisorType": "acropolis", **network, **document, "metadata": metadata}


def _expand_subnet(site: Site, document: Document, names: tuple[str, ...]) -> Document:
    vpc = site.objects.find("vpc", document.get("vpcReference", "")) if "vpc" in names else None
    return {**document, "vpc": vpc.document} if vpc else document


def _users(site: Site, record: Record) -> list[Record]:
    return site.objects.users(record.id)


VPC = Resource(
    "networking", "vpc", "vpcs", "vpc", "networking.v4.config.Vpc", "networking:config:vpc", "VPC",
    server_set=frozenset({"snatIps"}), check=_check_vpc, prepare=_prepare_vpc, in_use=_users,
)  # fmt: skip
SUBNET = Resource(
    "networking", "subnet", "subnets", "subnet", "networking.v4.config.Subnet", "networking:config:subnet", "subnet",
    server_set=frozenset({"ipUsage", "clusterName"}), check=_check_subnet, prepare=_prepare_subnet, in_use=_users,
    expand=_expand_subnet,
)  # fmt: skip
NETWORK_FUNCTION = Resource(
    "networking", "network_function", "network_functions", "network_function", "networking.v4.config.NetworkFunction",
    "networking:config:network-function", "network function", in_use=_users,
)  # fmt: skip

for _resource in (VPC, SUBNET, NETWORK_FUNCTION):
    register(_resource)
