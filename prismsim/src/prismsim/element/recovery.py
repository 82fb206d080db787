# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a snapshot holds and how it becomes VMs and volume groups again, on this or on another cluster.

A snapshot names containers, networks and categories, since ids differ between clusters.
"""

from __future__ import annotations

from uuid import uuid4

from prismsim.element import volume_groups
from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.element.members import AS_AT_SNAPSHOT
from prismsim.element.relationship import half_that_points_back
from prismsim.objects import Document, Record
from prismsim.relocation import categories_named, category_names, disk_in, nic_on


def contents(cluster: Cluster, domain: Document) -> Document:
    """All that the members of a protection domain are at this moment; members that are gone are left out."""
    vms = [(entry, cluster.site.objects.find("vm", entry["vm_id"])) for entry in domain["vms"]]
    groups = [cluster.objects.find("volume_group", entry["volume_group_uuid"]) for entry in domain["volume_groups"]]
    return {
        "origin": cluster.id,
        "vms": [_vm_contents(cluster, entry, vm) for entry, vm in vms if vm is not None],
        "volume_groups": [_group_contents(cluster, group) for group in groups if group is not None],
    }


def size(held: Document) -> int:
    """The bytes of all disks."""
    return sum(disk["bytes"] for owner in [*held["vms"], *held["volume_groups"]] for disk in owner["disks"])


def containers_of(owner: Document) -> set[str]:
    """The names of the containers that a VM or volume group lies in."""
    return {disk["container"] for disk in owner["disks"]}


def moved_to(held: Document, names: dict[str, str]) -> Document:
    """The same contents in the containers of another cluster."""

    def moved(owner: Document) -> Document:
        return {**owner, "disks": [{**disk, "container": names[disk["container"]]} for disk in owner["disks"]]}

    return {**held, "vms": [moved(vm) for vm in held["vms"]], "volume_groups": [moved(group) for group in held["volume_groups"]]}


def _container_name(cluster: Cluster, ext_id: str) -> str:
    record = cluster.site.objects.find("storage_container", ext_id)
    return str(record.document["name"]) if record else "?"


def _vm_contents(cluster: Cluster, entry: Document, vm: Record) -> Document:
    subnets = []
    for nic in vm.document.get("nics", ()):
        subnet = cluster.site.objects.find("subnet", nic["networkInfo"]["subnet"]["extId"])
        subnets.append({"name": subnet.document["name"], "prefix": subnet.document.get("ipPrefix")} if subnet else None)
    disks = [
        {"container": _container_name(cluster, disk["backingInfo"]["storageContainer"]["extId"]), "bytes": disk["backingInfo"]["diskSizeBytes"]}
        for disk in vm.document.get("disks", ())
    ]
    categories = category_names(cluster.site, vm.document.get("categories", []))
    return {"entry": entry, "document": vm.document, "subnets": subnets, "categories": categories, "disks": disks}


def _group_contents(cluster: Cluster, group: Record) -> Document:
    disks = [
        {"container": _container_name(cluster, disk["storage_container_uuid"]), "bytes": disk["vmdisk_size_bytes"]}
        for disk in group.document["disk_list"]
    ]
    return {"uuid": group.id, "name": group.document["name"], "attached": [a["vm_uuid"] for a in group.document["attachment_list"]], "disks": disks}


def register_vm(fabric: Fabric, cluster: Cluster, held: Document, origin: str, prefix: str = "") -> Record:
    """Make a VM from what a snapshot holds of it. NICs on unmapped networks are left out."""
    switches, site = cluster.switches, cluster.site
    old = held["document"]
    taken = any(other.site.objects.find("vm", old["extId"]) for other in fabric.clusters.values())
    home = origin == cluster.id
    keeps_id = (home or switches.element_recovered_vm_keeps_uuid) and not taken
    keeps_categories = home or switches.element_recovered_vm_keeps_categories
    on_recovery = held["entry"]["vm_power_state_on_recovery"]
    power = old["powerState"] if on_recovery == AS_AT_SNAPSHOT else ("ON" if on_recovery == "Powered On" else "OFF")
    document = {
        **old,
        "extId": old["extId"] if keeps_id else str(uuid4()),
        "name": prefix + old["name"],
        "cluster": {"extId": cluster.uuid},
        "categories": categories_named(site, held["categories"]) if keeps_categories else [],
        "nics": _nics(fabric, cluster, held, origin),
        "disks": [_disk(cluster, disk, shape) for disk, shape in zip(held["disks"], old.get("disks", ()), strict=True)],
        "powerState": power,
        "updateTime": site.now(),
    }
    return site.put("vm", {key: value for key, value in document.items() if value not in (None, [])})


def register_group(cluster: Cluster, held: Document, vm_ids: dict[str, str], prefix: str = "") -> Record:
    """Make a volume group from what a snapshot holds of it; ``vm_ids`` tells old VM ids from new ones."""
    disks = []
    for index, disk in enumerate(held["disks"]):
        container = cluster.container_named(disk["container"])
        disks.append(volume_groups.disk(index, container.id if container else "", disk["bytes"]))
    attached = [vm_ids[vm] for vm in held["attached"] if vm in vm_ids]
    document = volume_groups.document(prefix + held["name"], disks, attached)
    taken = cluster.objects.find("volume_group", held["uuid"]) is not None
    return cluster.put("volume_group", document if taken else {**document, "extId": held["uuid"]})


def _disk(cluster: Cluster, disk: Document, shape: Document) -> Document:
    container = cluster.container_named(disk["container"])
    return disk_in(shape, container.id if container else "")


def _nics(fabric: Fabric, cluster: Cluster, held: Document, origin: str) -> list[Document]:
    here = {subnet.document["name"]: subnet for subnet in cluster.networks()}
    networks = {name: name for name in here} if origin == cluster.id else _mapped_networks(fabric, cluster, origin)
    found: list[Document] = []
    for nic, subnet in zip(held["document"].get("nics", ()), held["subnets"], strict=True):
        target = here.get(networks.get(subnet["name"], "")) if subnet else None
        if target is not None and subnet is not None:
            found.append(nic_on(nic, subnet["prefix"], target))
    return found


def _mapped_networks(fabric: Fabric, cluster: Cluster, origin: str) -> dict[str, str]:
    """The origin's network names -> this cluster's, by this cluster's half of the pair (there: dest -> src)."""
    half = half_that_points_back(fabric, cluster, fabric.clusters[origin])
    mappings = half.document["network_mapping"]["l2_network_mappings"] if half else []
    return {mapping["dest_network_name"]: mapping["src_network_name"] for mapping in mappings}
