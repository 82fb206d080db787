# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vStores: storage containers as replication sees them, and protecting all VMs of one (contract/element section 3)."""

from __future__ import annotations

from prismsim.element.cluster import Cluster
from prismsim.element.containers import extra_of, find
from prismsim.element.errors import broken_rule
from prismsim.element.members import protector, vm_entry
from prismsim.element.protection_domains import add
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record


@route("GET", "vstores")
def _list(call: Call) -> Collection:
    names, uuids = call.names("names"), call.names("uuids")
    found = [container for container in list(call.cluster.containers()) if names is None or container.document["name"] in names]
    return Collection([_render(call, container) for container in found if uuids is None or container.id in uuids])


@route("GET", "vstores/{uuid}")
def _get(call: Call) -> Document:
    return _render(call, _vstore(call))


@route("POST", "vstores/{uuid}/protect")
def _protect(call: Call) -> Document:
    """A protection domain of the vStore's name, whose members are whatever VMs lie there when a snapshot is taken."""
    cluster, container = call.cluster, _vstore(call)
    name = container.document["name"]
    if _domain(cluster, container) is not None:
        raise broken_rule(cluster.switches, f"vStore {name} is already protected")
    if cluster.named("protection_domain", name) is not None:
        raise broken_rule(cluster.switches, f"Protection domain {name} already exists")
    for vm in _vms(cluster, container):
        owner, _entry = protector(cluster, vm.id)
        if owner is not None:
            raise broken_rule(cluster.switches, f"{vm.document['name']} is already protected by protection domain {owner}")
    number = extra_of(cluster, container)["number"]
    consistent = call.flag("vm_level_consistency", "vmLevelConsistency")
    domain = cluster.change(add(cluster, name, active=True), vstore_id=number, vm_level_consistent=consistent)
    with_its_vms(cluster, domain)
    return _render(call, container)


@route("POST", "vstores/{uuid}/unprotect")
def _unprotect(call: Call) -> Document:
    container = _vstore(call)
    domain = _domain(call.cluster, container)
    if domain is None:
        raise broken_rule(call.cluster.switches, f"vStore {container.document['name']} is not protected")
    call.fabric.agenda.add(0.0, "remove protection domain", cluster=call.cluster.id, uuid=domain.id)
    call.cluster.change(domain, marked_for_removal=True)
    return _render(call, container)


def with_its_vms(cluster: Cluster, domain: Record) -> Record:
    """The protection domain of a vStore with the VMs that lie there now; any other as it is."""
    container = next((each for each in cluster.containers() if extra_of(cluster, each)["number"] == domain.document.get("vstore_id")), None)
    if container is None or not domain.document["active"]:
        return domain
    known = {entry["vm_id"]: entry for entry in domain.document["vms"]}
    group = None if domain.document["vm_level_consistent"] else str(domain.document["name"])
    return cluster.change(domain, vms=[known.get(vm.id) or vm_entry(vm, group) for vm in _vms(cluster, container)])


def _vms(cluster: Cluster, container: Record) -> list[Record]:
    """The VMs with a disk in a container."""
    return [
        vm for vm in cluster.vms()
        if any(disk["backingInfo"]["storageContainer"]["extId"] == container.id for disk in vm.document.get("disks", ()))
    ]  # fmt: skip


def _vstore(call: Call) -> Record:
    """By uuid, or by the number that v1 uses."""
    wanted = call.params["uuid"]
    numbered = [each for each in call.cluster.containers() if str(extra_of(call.cluster, each)["number"]) == wanted.rpartition("::")[2]]
    return numbered[0] if numbered else find(call.cluster, wanted)


def _domain(cluster: Cluster, container: Record) -> Record | None:
    number = extra_of(cluster, container)["number"]
    domains = list(cluster.objects.all("protection_domain"))
    return next((each for each in domains if each.document.get("vstore_id") == number and not each.document["marked_for_removal"]), None)


def _render(call: Call, container: Record) -> Document:
    number, domain = extra_of(call.cluster, container)["number"], _domain(call.cluster, container)
    return {
        "id": number,
        "Uuid" if call.v1 else "uuid": container.id,
        "name": container.document["name"],
        "storage_container_id": number,
        "storage_container_uuid": container.id,
        "protection_domain": domain.document["name"] if domain else None,
        "backedup": False,
        "is_backup": False,
        "marked_for_removal": False,
        "vm_level_consistent": bool(domain and domain.document["vm_level_consistent"]),
    }
