# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a VM looks on another site: its NICs, disks and categories there. Knows not why it goes there."""

from __future__ import annotations

from prismsim.addresses import readdressed
from prismsim.naming import find_named, readable_name
from prismsim.objects import Document, Record, unique_name
from prismsim.site import Site


def nic_on(nic: Document, prefix: str | None, subnet: Record) -> Document:
    """The NIC on another subnet; an address of the old prefix follows the new one, host part unchanged."""
    change: Document = {"subnet": {"extId": subnet.id}}
    for part in ("ipv4Config", "ipv4Info"):
        if part in nic["networkInfo"]:
            change[part] = readdressed(nic["networkInfo"][part], prefix, subnet.document.get("ipPrefix"))
    return {**nic, "networkInfo": {**nic["networkInfo"], **change}, "nicNetworkInfo": {**nic["nicNetworkInfo"], **change}}


def nic_by_name(origin: Site, destination: Site, nic: Document, vm: str) -> Document:
    """The NIC on the subnet of the same path at another site. Raises ValueError when that has none."""
    subnet = origin.objects.find("subnet", nic["networkInfo"]["subnet"]["extId"])
    name = readable_name(origin, subnet) if subnet else "?"
    there = find_named(destination, "subnet", name)
    if there is None or subnet is None:
        raise ValueError(f"subnet {name} of VM {vm} does not exist at {destination.id}")
    return nic_on(nic, subnet.document.get("ipPrefix"), there)


def disk_in(disk: Document, container: str) -> Document:
    """The disk in another storage container."""
    return {**disk, "backingInfo": {**disk["backingInfo"], "storageContainer": {"extId": container}}}


def container_like(origin: Site, destination: Site, cluster: str, container: str) -> Record | None:
    """The storage container of the same name on another cluster, else that cluster's first one; None if it has none."""
    old = origin.objects.find("storage_container", container)
    there = [each for each in destination.objects.all("storage_container") if each.document["clusterExtId"] == cluster]
    same = [each for each in there if old and each.document["name"] == old.document["name"]]
    return next(iter(same or there), None)


def category_names(site: Site, references: list[Document]) -> list[str]:
    """References to categories as ``key/value``; one that is gone is left out."""
    found = [site.objects.find("category", reference["extId"]) for reference in references]
    return [unique_name("category", category.document) for category in found if category]


def categories_named(site: Site, names: list[str]) -> list[Document]:
    """The references to the categories of these names that exist here."""
    return [{"extId": found.id} for name in names for found in site.objects.named("category", name)]
