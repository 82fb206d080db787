# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover does to the two clusters once it is on its way: members leave here and appear there."""

from __future__ import annotations

from prismsim.element import notices, progress, recovery
from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.element.members import group_entry, vm_entry
from prismsim.element.protection_domains import domain_named
from prismsim.objects import Document, Record


def finish_migration(fabric: Fabric, cluster: Cluster, peer: Cluster, snapshot: Record) -> None:
    """The last snapshot has arrived: the VMs leave the source, the peer registers them from its copy."""
    name = snapshot.document["protection_domain_name"]
    leave(fabric, cluster, name)
    copy = peer.objects.find("dr_snapshot", snapshot.id)
    if copy is not None:
        progress.begin(fabric, peer, "activate", name)
        appear(fabric, peer, name, copy)


def migration_failed(cluster: Cluster, replication: Document) -> None:
    """The last snapshot cannot arrive: the protection domain stays active at the source, its VMs powered off."""
    domain = cluster.named("protection_domain", replication["protection_domain_name"])
    if replication["migrate"] and domain is not None:
        cluster.change(domain, pending=None)
        progress.end(cluster, "deactivate", domain.document["name"], "failed")


def leave(fabric: Fabric, cluster: Cluster, name: str) -> None:
    """Deactivate: the members are deleted here."""
    domain = domain_named(cluster, name)
    for entry in domain.document["vms"]:
        vm = cluster.site.objects.find("vm", entry["vm_id"])
        if vm is not None and vm.document["cluster"]["extId"] == cluster.uuid:
            cluster.site.objects.remove(vm)
    for entry in domain.document["volume_groups"]:
        group = cluster.objects.find("volume_group", entry["volume_group_uuid"])
        if group is not None:
            cluster.objects.remove(group)
    cluster.change(domain, active=False, pending=None, vms=[], volume_groups=[])
    progress.end(cluster, "deactivate", name)
    _note(fabric, cluster, name, "deactivated")


def appear(fabric: Fabric, cluster: Cluster, name: str, snapshot: Record) -> None:
    """Activate: the members are registered here from a snapshot."""
    held, origin = snapshot.document["held"], snapshot.document["held"]["origin"]
    vms, new_ids = [], {}
    for each in held["vms"]:
        vm = recovery.register_vm(fabric, cluster, each, origin)
        new_ids[each["document"]["extId"]] = vm.id
        entry = each["entry"]
        kept = {"vm_power_state_on_recovery": entry["vm_power_state_on_recovery"]}
        vms.append({**vm_entry(vm, entry["consistency_group"], entry["app_consistent_snapshots"]), **kept})
    groups = [group_entry(recovery.register_group(cluster, each, new_ids)) for each in held["volume_groups"]]
    cluster.change(domain_named(cluster, name), active=True, pending=None, vms=vms, volume_groups=groups)
    progress.end(cluster, "activate", name)
    _note(fabric, cluster, name, "activated")


def _note(fabric: Fabric, cluster: Cluster, name: str, what: str) -> None:
    context = {"protection_domain_name": name}
    notices.note(fabric, cluster, "event", f"Protection domain {what}", f"Protection domain {{protection_domain_name}} {what}", context,
                 entity_type="protection_domain", entity_name=name)  # fmt: skip
