# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage containers and their vStores (contract/element section 3). A container holds one vStore of its own name."""

from __future__ import annotations

import zlib
from typing import Any
from uuid import uuid4

from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, unknown
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

_GIB = 1024**3
_SETTABLE: dict[str, Any] = {
    "max_capacity": None, "total_explicit_reserved_capacity": 0, "total_implicit_reserved_capacity": 0,
    "advertised_capacity": None, "replication_factor": 2, "oplog_replication_factor": 2, "nfs_whitelist": [],
    "nfs_whitelist_inherited": True, "random_io_preference": ["SSD", "HDD"], "seq_io_preference": ["SSD", "HDD"],
    "ilm_policy": None, "down_migrate_times_in_secs": {}, "erasure_code": "OFF", "erasure_code_delay_secs": None,
    "finger_print_on_write": "OFF", "on_disk_dedup": "OFF", "compression_enabled": True, "compression_delay_in_secs": 0,
    "is_nutanix_managed": None, "enable_software_encryption": False,
}  # fmt: skip
_MEMBERS = {
    "id", "storage_container_uuid", "name", "cluster_uuid", "marked_for_removal", "vstore_name_list", "mapped_remote_containers",
    "stats", "usage_stats", "alert_summary", "health_summary", "storage_pool_id", "storage_pool_uuid", *_SETTABLE,
}  # fmt: skip


def describe(cluster: Cluster, container: Record, capacity_gib: int = 40000, used_gib: int = 0) -> None:
    """Note what only Prism Element knows of a container."""
    name = container.document["name"]
    managed = True if name == "NutanixManagementShare" else None
    number = 1000 + zlib.crc32(container.id.encode()) % 1_000_000
    document = {**_SETTABLE, "max_capacity": capacity_gib * _GIB, "is_nutanix_managed": managed, "number": number, "used": used_gib * _GIB}
    cluster.put("container", {**document, "extId": container.id})


def used_bytes(cluster: Cluster, container: Record) -> int:
    """What is taken: what was there at start and what now lies on the disks of VMs and volume groups."""
    base: int = extra_of(cluster, container)["used"]
    disks = [disk["backingInfo"] for vm in cluster.vms() for disk in vm.document.get("disks", ())]
    mine: int = sum(disk["diskSizeBytes"] for disk in disks if disk["storageContainer"]["extId"] == container.id)
    groups = [disk for group in cluster.objects.all("volume_group") for disk in group.document["disk_list"]]
    attached: int = sum(disk["vmdisk_size_bytes"] for disk in groups if disk["storage_container_uuid"] == container.id)
    return base + mine + attached


def extra_of(cluster: Cluster, container: Record) -> Document:
    """What only Prism Element knows of a container."""
    record = cluster.objects.find("container", container.id)
    if record is None:
        describe(cluster, container)
        record = cluster.objects.find("container", container.id)
    return record.document if record else {}


def _render(cluster: Cluster, container: Record) -> Document:
    extra, name = extra_of(cluster, container), container.document["name"]
    used = used_bytes(cluster, container)
    mapped = {
        site.document["name"]: site.document["vstore_name_map"][name]
        for site in cluster.objects.all("remote_site")
        if name in site.document["vstore_name_map"]
    }
    usage = {
        "storage.capacity_bytes": extra["max_capacity"], "storage.free_bytes": extra["max_capacity"] - used,
        "storage.user_free_bytes": extra["max_capacity"] - used, "storage.usage_bytes": used, "storage.logical_usage_bytes": used,
    }  # fmt: skip
    return {
        "id": f"{cluster.uuid}::{extra['number']}",
        "storage_container_uuid": container.id,
        "name": name,
        "cluster_uuid": cluster.uuid,
        "marked_for_removal": False,
        **{key: extra[key] for key in _SETTABLE},
        "vstore_name_list": [name],
        "mapped_remote_containers": mapped,
        "stats": {},
        "usage_stats": {key: str(value) for key, value in usage.items()},
    }


@route("GET", "storage_containers", v1="containers")
def _list(call: Call) -> Collection:
    wanted = call.query.get("search_string") or call.query.get("searchString") or ""
    found = [_render(call.cluster, container) for container in list(call.cluster.containers()) if wanted in container.document["name"]]
    return Collection(found, bare=False)


@route("GET", "storage_containers/{uuid}", v1="containers/{uuid}")
def _get(call: Call) -> Document:
    return _render(call.cluster, find(call.cluster, call.params["uuid"]))


@route("POST", "storage_containers", v1="containers")
def _post(call: Call) -> Document:
    members = call.members(_MEMBERS, ["name"])
    _free(call, members["name"])
    cluster = call.cluster
    document = {"extId": str(uuid4()), "name": members["name"], "clusterExtId": cluster.uuid, "clusterName": cluster.name}
    container = cluster.site.put("storage_container", {**document, "containerExtId": document["extId"]})
    describe(cluster, container)
    return _change(cluster, container, members)


@route("PUT", "storage_containers", v1="containers")
def _put(call: Call) -> Document:
    return _update(call)


@route("PATCH", "storage_containers", v1="containers")
def _patch(call: Call) -> Document:
    return _update(call)


@route("DELETE", "storage_containers/{uuid}", v1="containers/{uuid}")
def _delete(call: Call) -> Document:
    container = find(call.cluster, call.params["uuid"])
    if call.cluster.site.objects.users(container.id, "vm") or call.cluster.objects.users(container.id, "volume_group"):
        raise broken_rule(call.cluster.switches, f"Storage container {container.document['name']} is not empty")
    call.cluster.site.objects.remove(container)
    return {"value": True}


def _update(call: Call) -> Document:
    members = call.members(_MEMBERS, ["storage_container_uuid"])
    container = find(call.cluster, members["storage_container_uuid"])
    name = members.get("name") or container.document["name"]
    if name != container.document["name"]:
        _free(call, name)
        container = call.cluster.site.put("storage_container", {**container.document, "name": name})
    return _change(call.cluster, container, members)


def _change(cluster: Cluster, container: Record, members: Document) -> Document:
    chosen = {key: members[key] for key in _SETTABLE if members.get(key) is not None}
    cluster.put("container", {**extra_of(cluster, container), **chosen})
    return {"value": True}


def _free(call: Call, name: str) -> None:
    if call.cluster.container_named(name) is not None:
        raise broken_rule(call.cluster.switches, f"Storage container {name} already exists")


def find(cluster: Cluster, uuid: str) -> Record:
    """The container of this uuid. Raises ElementError."""
    container = next((found for found in cluster.containers() if found.id == uuid), None)
    if container is None:
        raise unknown(cluster.switches, "Storage container", uuid)
    return container
