# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs of a cluster: the configuration that v2.0 lists, the older form with protection, and power (contract/element section 5)."""

from __future__ import annotations

from prismsim.element import tasks
from prismsim.element.cluster import Cluster
from prismsim.element.clusters import host_uuid
from prismsim.element.errors import malformed, unknown
from prismsim.element.members import protector
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

_POWER = {"ON": "ON", "OFF": "OFF", "ACPI_SHUTDOWN": "OFF", "GUEST_SHUTDOWN": "OFF", "RESET": "ON", "POWERCYCLE": "ON"}


@route("GET", "vms")
def _list(call: Call) -> Collection:
    render = _older if call.v1 else _config
    return Collection([render(call, vm) for vm in list(call.cluster.vms())], bare=False)


@route("GET", "vms/{uuid}")
def _get(call: Call) -> Document:
    vm = _find(call)
    return _older(call, vm) if call.v1 else _config(call, vm)


@route("POST", "vms/{uuid}/set_power_state")
def _set_power_state(call: Call) -> Document:
    vm, site = _find(call), call.cluster.site
    transition = call.members({"transition", "host_uuid", "uuid", "vm_logical_timestamp"}, ["transition"])["transition"].upper()
    if transition not in _POWER:
        raise malformed(f"{transition} is no transition that prismsim knows")
    site.put("vm", {**vm.document, "powerState": _POWER[transition], "updateTime": site.now()})
    return {"task_uuid": tasks.done(call.fabric, call.cluster, "VmSetPowerState", "VM", vm.id)}


def _find(call: Call) -> Record:
    vm = call.cluster.site.objects.find("vm", call.params["uuid"].rpartition("::")[2])
    if vm is None or vm.document["cluster"]["extId"] != call.cluster.uuid:
        raise unknown(call.cluster.switches, "VM", call.params["uuid"])
    return vm


def _config(call: Call, vm: Record) -> Document:
    """What v2.0 shows; disks and NICs only when asked for."""
    document = vm.document
    shown: Document = {
        "uuid": vm.id, "name": document["name"], "description": document.get("description"), "power_state": document["powerState"].lower(),
        "num_vcpus": document["numSockets"], "num_cores_per_vcpu": document["numCoresPerSocket"],
        "memory_mb": document["memorySizeBytes"] // 1024**2, "host_uuid": host_uuid(call.cluster) if document["powerState"] == "ON" else None,
        "timezone": "UTC", "ha_priority": 0, "allow_live_migrate": True, "gpus_assigned": False, "vm_features": {},
        "vm_logical_timestamp": vm.revision,
    }  # fmt: skip
    if call.flag("include_vm_disk_config"):
        shown["vm_disk_info"] = [_disk(disk) for disk in document.get("disks", ())]
    if call.flag("include_vm_nic_config"):
        shown["vm_nics"] = [_nic(nic) for nic in document.get("nics", ())]
    return shown


def _disk(disk: Document) -> Document:
    address, backing = disk["diskAddress"], disk["backingInfo"]
    place = {"device_bus": address["busType"], "device_index": address["index"], "disk_label": f"scsi.{address['index']}", "is_cdrom": False}
    return {
        "disk_address": {**place, "vmdisk_uuid": backing["diskExtId"], "volume_group_uuid": None, "ndfs_filepath": None},
        "is_cdrom": False, "is_empty": False, "is_scsi_passthrough": True, "is_thin_provisioned": False, "shared": False,
        "flash_mode_enabled": False, "size": backing["diskSizeBytes"], "source_disk_address": None,
        "storage_container_uuid": backing["storageContainer"]["extId"],
    }  # fmt: skip


def _nic(nic: Document) -> Document:
    return {
        "mac_address": nic["backingInfo"]["macAddress"], "network_uuid": nic["networkInfo"]["subnet"]["extId"], "model": "",
        "ip_address": _address(nic), "requested_ip_address": None, "request_ip": False, "port_id": None, "is_connected": True,
    }  # fmt: skip


def _address(nic: Document) -> str | None:
    address: str | None = nic["networkInfo"].get("ipv4Config", {}).get("ipAddress", {}).get("value")
    return address


@route("GET", "protection_domains/unprotected_vms")
def _unprotected(call: Call) -> Collection:
    names, ids = call.names("vm_names", "vmNames"), call.names("vm_ids", "vmIds")
    found = [
        _older(call, vm)
        for vm in list(call.cluster.vms())
        if protector(call.cluster, vm.id)[0] is None
        and (names is None or vm.document["name"] in names)
        and (ids is None or vm.id in ids)
    ]
    return Collection(found)


def _older(call: Call, vm: Record) -> Document:
    """The form of v1, which v2.0 uses for unprotected VMs."""
    cluster, document = call.cluster, vm.document
    domain, entry = protector(cluster, vm.id)
    disks = [disk["backingInfo"] for disk in document.get("disks", ())]
    nics = document.get("nics", ())
    containers = sorted({disk["storageContainer"]["extId"] for disk in disks})
    names = [_container(cluster, disk["storageContainer"]["extId"]) for disk in disks]
    paths = [f"/{name}/.acropolis/vmdisk/{disk['diskExtId']}" for name, disk in zip(names, disks, strict=True)]
    on = document["powerState"] == "ON"
    return {
        "uuid": vm.id, "vm_id": f"{cluster.uuid}::{vm.id}", "vm_name": document["name"], "power_state": document["powerState"].lower(),
        "cluster_uuid": cluster.uuid, "host_id": f"{cluster.uuid}::5" if on else None, "host_uuid": host_uuid(cluster) if on else None,
        "host_name": f"{cluster.name}-1" if on else None, "hypervisor_type": cluster.described.hypervisor,
        "guest_operating_system": None, "controller_vm": False, "displayable": True, "acropolis_vm": True, "running_on_ndfs": True,
        "control_domain": None, "num_vcpus": document["numSockets"], "cpu_reserved_in_hz": 0,
        "memory_capacity_in_bytes": document["memorySizeBytes"], "memory_reserved_capacity_in_bytes": 0,
        "disk_capacity_in_bytes": sum(disk["diskSizeBytes"] for disk in disks), "num_network_adapters": len(nics),
        "ip_addresses": [address for nic in nics if (address := _address(nic))],
        "virtual_nic_uuids": [nic["extId"] for nic in nics],
        "virtual_nic_ids": [f"{vm.id}:{nic['backingInfo']['macAddress']}" for nic in nics],
        "nutanix_virtual_disks": paths, "nutanix_virtual_disk_uuids": [disk["diskExtId"] for disk in disks],
        "nutanix_virtual_disk_ids": [f"{cluster.uuid}::{disk['diskExtId']}" for disk in disks],
        "vdisk_names": [f"{cluster.uuid}::NFS:{disk['diskExtId']}" for disk in disks], "vdisk_file_paths": paths,
        "container_ids": [f"{cluster.uuid}::{uuid}" for uuid in containers], "container_uuids": containers,
        "storage_container_ids": [f"{cluster.uuid}::{uuid}" for uuid in containers], "storage_container_uuids": containers,
        "on_disk_dedup": None, "finger_print_on_write": None, "protection_domain_name": domain,
        "consistency_group_name": entry["consistency_group"] if entry else None, "nutanix_guest_tools": _guest_tools(cluster, vm),
    }  # fmt: skip


def _guest_tools(cluster: Cluster, vm: Record) -> Document:
    return {
        "vm_name": vm.document["name"], "vm_uuid": vm.id, "vm_id": f"{cluster.uuid}::{vm.id}", "enabled": False, "installed_version": None,
        "cluster_version": None, "tools_mounted": False, "communication_link_active": False, "to_remove": False,
        "applications": {"file_level_restore": False, "vss_snapshot": False},
    }  # fmt: skip


def _container(cluster: Cluster, uuid: str) -> str:
    record = cluster.site.objects.find("storage_container", uuid)
    return str(record.document["name"]) if record else "?"
