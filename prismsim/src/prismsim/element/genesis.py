# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what an estate says of a cluster to what Prism Element keeps. Runs once, after the Prism Centrals are there."""

from __future__ import annotations

from prismsim import estate as words
from prismsim.element import containers, members, notices, protection_domains, remote_sites, schedules, volume_groups
from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.estate import object_id
from prismsim.estate.model_element import ProtectionDomain, RemoteSite, VolumeGroup


def populate(fabric: Fabric, estate: words.Estate) -> None:
    """Fill all clusters."""
    for link in estate.links:
        fabric.links.put(link)
    for cluster in fabric.clusters.values():
        _containers(cluster)
        for group in cluster.described.volume_groups:
            _volume_group(cluster, group)
        for remote in cluster.described.remote_sites:
            _remote_site(fabric, cluster, remote)
        for domain in cluster.described.protection_domains:
            _protection_domain(fabric, cluster, domain)
        for alert in cluster.described.alerts:
            record = notices.note(
                fabric, cluster, "alert", alert.title, alert.message, alert.context,
                severity=alert.severity, entity_type=alert.entity_type, entity_name=alert.entity_name,
            )  # fmt: skip
            if alert.resolved:
                cluster.change(record, resolved=fabric.now_usecs())


def _containers(cluster: Cluster) -> None:
    for described in cluster.described.storage_containers:
        container = cluster.container_named(described.name)
        if container is not None:
            containers.describe(cluster, container, described.capacity_gib, described.used_gib)


def _volume_group(cluster: Cluster, group: VolumeGroup) -> None:
    ext_id = object_id(cluster.id, "volume_group", group.name)
    homes = [cluster.container_named(disk.container) for disk in group.disks]
    disks = [
        volume_groups.disk(index, home.id, disk.gib * 1024**3) for index, (home, disk) in enumerate(zip(homes, group.disks, strict=True)) if home
    ]
    attached = [vm for name in group.attached_to if (vm := cluster.vm_named(name))]
    cluster.put("volume_group", {**volume_groups.document(group.name, disks, [vm.id for vm in attached]), "extId": ext_id})


def _protection_domain(fabric: Fabric, cluster: Cluster, described: ProtectionDomain) -> None:
    domain = protection_domains.add(cluster, described.name, active=described.metro is None or described.metro["role"] == "Active")
    if described.metro is not None:
        domain = cluster.change(domain, metro_avail={"failure_handling": "Witness", **described.metro})
    vms = [vm for name in described.vms if (vm := cluster.vm_named(name))]
    groups = [group for name in described.volume_groups if (group := cluster.named("volume_group", name))]
    domain = members.protect(cluster, domain, vms, groups)
    for schedule in described.schedules:
        schedules.add(fabric, cluster, domain, dict(schedule))
        domain = protection_domains.domain_named(cluster, described.name)


def _remote_site(fabric: Fabric, cluster: Cluster, remote: RemoteSite) -> None:
    addresses = remote.addresses or fabric.clusters[str(remote.cluster)].addresses[:1]
    hypervisor = cluster.described.hypervisor
    mappings = [
        {"src_hypervisor_type": hypervisor, "src_network_name": here, "dest_hypervisor_type": hypervisor, "dest_network_name": there}
        for here, there in remote.network_map.items()
    ]
    record = remote_sites.add(
        fabric,
        cluster,
        {
            "name": remote.name,
            "remote_ip_ports": dict.fromkeys(addresses, 2020),
            "capabilities": list(remote.capabilities),
            "compression_enabled": True,
            "vstore_name_map": dict(remote.vstore_map),
            "network_mapping": {"l2_network_mappings": mappings},
        },
    )
    # Pairs of an estate have stood for long.
    cluster.change(record, _created=0.0)
