# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with the clusters, links and disks of an estate: names of things that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prismsim.estate.problems import Path, Problem


def problems(data: dict[str, Any], sites: dict[str, Any]) -> Iterator[Problem]:
    """The problems of all well-formed ``sites`` and of the links of the document."""
    clusters = {f"{site_id}/{entry['name']}": entry for site_id, site in sites.items() for entry in site.get("clusters") or ()}
    for site_id, site in sites.items():
        for index, cluster in enumerate(site.get("clusters") or ()):
            yield from _cluster(cluster, ("sites", site_id, "clusters", index), site, clusters)
        for index, vm in enumerate(site.get("vms") or ()):
            home = clusters.get(f"{site_id}/{vm['cluster']}")
            if home is not None:
                yield from _disks(vm, home, ("sites", site_id, "vms", index))
    if len(sites) < len(data["sites"]):
        return  # a site that is not whole may well have the cluster that a link names
    for index, link in enumerate(data.get("links") or ()):
        for end in ("from", "to"):
            if isinstance(link, dict) and isinstance(link.get(end), str) and link[end] not in clusters:
                yield _unknown(link[end], ("links", index, end), clusters)


def _cluster(cluster: dict[str, Any], at: Path, site: dict[str, Any], clusters: dict[str, Any]) -> Iterator[Problem]:
    vms = {vm["name"] for vm in site.get("vms") or () if vm["cluster"] == cluster["name"]}
    groups = {group["name"] for group in cluster.get("volume_groups") or ()}
    for index, group in enumerate(cluster.get("volume_groups") or ()):
        path = (*at, "volume_groups", index)
        yield from _disks(group, cluster, path)
        yield from _members(group.get("attached_to"), vms, (*path, "attached_to"), f"VM on cluster '{cluster['name']}'")
    for index, remote in enumerate(cluster.get("remote_sites") or ()):
        path = (*at, "remote_sites", index)
        target = remote.get("cluster")
        if target is not None and target not in clusters:
            yield _unknown(target, (*path, "cluster"), clusters)
        elif target is not None and not remote.get("addresses") and not clusters[target].get("virtual_ip"):
            yield Problem((*path, "cluster"), f"cluster '{target}' has no virtual_ip; say which addresses are meant")
    for index, domain in enumerate(cluster.get("protection_domains") or ()):
        path = (*at, "protection_domains", index)
        yield from _members(domain.get("vms"), vms, (*path, "vms"), f"VM on cluster '{cluster['name']}'")
        yield from _members(domain.get("volume_groups"), groups, (*path, "volume_groups"), "volume group of this cluster")


def _members(names: Any, known: set[str], at: Path, what: str) -> Iterator[Problem]:
    for index, name in enumerate(names or ()):
        if name not in known:
            yield Problem((*at, index), f"there is no {what} named '{name}'")


def _disks(owner: dict[str, Any], cluster: dict[str, Any], at: Path) -> Iterator[Problem]:
    entries = cluster.get("storage_containers", ["default"])
    known = {entry if isinstance(entry, str) else entry["name"] for entry in entries}
    for index, disk in enumerate(owner.get("disks") or ()):
        if disk["container"] not in known:
            yield Problem((*at, "disks", index, "container"), f"cluster '{cluster['name']}' has no storage container '{disk['container']}'")


def _unknown(name: str, at: Path, clusters: dict[str, Any]) -> Problem:
    return Problem(at, f"there is no cluster '{name}' (known: {', '.join(sorted(clusters))})")
