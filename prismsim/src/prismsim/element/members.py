# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a protection domain protects: VMs and volume groups go in and out (contract/element sections 4.1, 4.2)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, malformed
from prismsim.element.protection_domains import active_domain, domain_named, render
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

AS_AT_SNAPSHOT = "Power state at time of snapshot"
_PROTECT = ("names", "uuids", "ids", "app_consistent_snapshots", "consistency_group_name", "ignore_dup_or_missing_vms")
_ENTITIES = (
    "vm_add_remove_type", "protection_domain_name", "vm_ids", "volume_group_uuids", "app_consistent_snapshots", "protect_related_entities",
)  # fmt: skip


def vm_entry(vm: Record, group: str | None = None, app_consistent: bool = False) -> Document:
    """A VM as a member."""
    return {
        "vm_name": vm.document["name"], "vm_id": vm.id, "vm_handle": zlib.crc32(vm.id.encode()) % 1_000_000,
        "consistency_group": group or vm.document["name"], "app_consistent_snapshots": app_consistent,
        "vm_power_state_on_recovery": AS_AT_SNAPSHOT, "vm_files": None, "related_entity_uuids": [], "vm_recoverability": [],
    }  # fmt: skip


def group_entry(group: Record) -> Document:
    """A volume group as a member."""
    name = group.document["name"]
    return {"volume_group_uuid": group.id, "name": name, "consistency_group": name, "nfs_file_paths": [], "related_entity_uuids": []}


def protector(cluster: Cluster, ext_id: str) -> tuple[str | None, Document | None]:
    """The protection domain that a VM or volume group belongs to, and its entry there."""
    for domain in cluster.objects.all("protection_domain"):
        for entry in [*domain.document["vms"], *domain.document["volume_groups"]] if domain.document["active"] else ():
            if ext_id in (entry.get("vm_id"), entry.get("volume_group_uuid")):
                return domain.document["name"], entry
    return None, None


def protect(cluster: Cluster, domain: Record, vms: Iterable[Record], groups: Iterable[Record], **entry: object) -> Record:
    """Add members. Raises ElementError when one is protected already."""
    vms, groups = list(vms), list(groups)
    for member in [*vms, *groups]:
        owner, _entry = protector(cluster, member.id)
        if owner is not None:
            raise broken_rule(cluster.switches, f"{member.document['name']} is already protected by protection domain {owner}")
    group, consistent = entry.get("group"), bool(entry.get("app_consistent"))
    entries = [vm_entry(vm, str(group) if group else None, consistent) for vm in vms]
    more = [group_entry(member) for member in groups]
    return cluster.change(domain, vms=domain.document["vms"] + entries, volume_groups=domain.document["volume_groups"] + more)


@route("POST", "protection_domains/{name}/protect_vms")
def _protect_vms(call: Call) -> Document:
    body = call.members(_PROTECT)
    domain = active_domain(call.cluster, call.params["name"])
    lenient = bool(body.get("ignore_dup_or_missing_vms"))
    wanted = [*(body.get("names") or ()), *(body.get("uuids") or ()), *(body.get("ids") or ())]
    if not wanted:
        raise malformed("names, uuids or ids are required")
    found = {name: _vm(call.cluster, name) for name in wanted}
    missing = [name for name, vm in found.items() if vm is None]
    if missing and not lenient:
        raise broken_rule(call.cluster.switches, f"VM {missing[0]} does not exist on cluster {call.cluster.name}")
    vms = [vm for vm in found.values() if vm is not None and not (lenient and protector(call.cluster, vm.id)[0])]
    options = {"group": body.get("consistency_group_name"), "app_consistent": body.get("app_consistent_snapshots")}
    return render(call.cluster, protect(call.cluster, domain, vms, [], **options))


@route("POST", "protection_domains/{name}/unprotect_vms")
def _unprotect_vms(call: Call) -> Document:
    domain = active_domain(call.cluster, call.params["name"])
    if not isinstance(call.body, list):
        raise malformed("The body must be an array of VM names")
    missing = set(call.body) - {entry["vm_name"] for entry in domain.document["vms"]}
    if missing:
        raise broken_rule(call.cluster.switches, f"VM {sorted(missing)[0]} is not in protection domain {call.params['name']}")
    left = [entry for entry in domain.document["vms"] if entry["vm_name"] not in call.body]
    return render(call.cluster, call.cluster.change(domain, vms=left))


@route("POST", "protection_domains/{name}/add_entities")
def _add_entities(call: Call) -> Document:
    body = call.members(_ENTITIES)
    domain, cluster = active_domain(call.cluster, call.params["name"]), call.cluster
    vms = [_vm(cluster, ext_id) for ext_id in body.get("vm_ids") or ()]
    groups = [cluster.objects.find("volume_group", ext_id) for ext_id in body.get("volume_group_uuids") or ()]
    if None in vms or None in groups:
        raise broken_rule(cluster.switches, "A VM or volume group does not exist on this cluster")
    members = [group for group in groups if group is not None]
    if body.get("protect_related_entities"):
        attached = [g for vm in vms if vm for g in cluster.objects.users(vm.id, "volume_group")]
        members += [group for group in attached if group not in members]
    options = {"app_consistent": body.get("app_consistent_snapshots")}
    return render(cluster, protect(cluster, domain, [vm for vm in vms if vm], members, **options))


def _vm(cluster: Cluster, name: str) -> Record | None:
    """By name, uuid, or id (``clusterUuid::vmUuid``)."""
    by_id = cluster.site.objects.find("vm", name.rpartition("::")[2])
    if by_id is not None and by_id.document["cluster"]["extId"] == cluster.uuid:
        return by_id
    return cluster.vm_named(name)


@route("GET", "protection_domains/consistency_groups")
def _all_groups(call: Call) -> Collection:
    domains = list(call.cluster.objects.all("protection_domain"))
    return Collection([group for domain in domains for group in _consistency_groups(domain)])


@route("GET", "protection_domains/{name}/consistency_groups")
def _groups(call: Call) -> Collection:
    return Collection(_consistency_groups(domain_named(call.cluster, call.params["name"])))


def _consistency_groups(domain: Record) -> list[Document]:
    found: dict[str, Document] = {}
    for entry in [*domain.document["vms"], *domain.document["volume_groups"]]:
        name = entry["consistency_group"]
        group = found.setdefault(
            name,
            {
                "consistency_group_name": name, "protection_domain_name": domain.document["name"], "app_consistent_snapshots": False,
                "marked_for_removal": False, "nfs_file_count": 0, "total_file_count": 0, "total_file_size_bytes": 0, "vm_count": 0,
                "within_snapshot": False,
            },
        )  # fmt: skip
        group["vm_count"] += 1 if "vm_id" in entry else 0
        group["app_consistent_snapshots"] = group["app_consistent_snapshots"] or bool(entry.get("app_consistent_snapshots"))
    return list(found.values())
