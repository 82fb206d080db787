# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which clusters of a site map replicate to each other, and what their halves, containers and networks are called. Pure; asks no site."""

from __future__ import annotations

import typing as t

from .._evidence.marked import Path
from .site_map import NamePair, SiteMap

#: System-managed on every cluster: holds nothing that replicates, and need not be mapped.
MANAGEMENT_SHARE = "NutanixManagementShare"


class ClusterPair(t.NamedTuple):
    """Two clusters that replicate to each other, by site id. ``remote_sites`` are the names of the two halves: the one on a site's
    cluster leads to the other cluster. ``at`` is the place of the pair in the site map."""

    clusters: t.Mapping[str, str]
    remote_sites: t.Mapping[str, str]
    at: Path

    def other(self, site: str) -> str:
        """The id of the other site."""
        return next(one for one in self.clusters if one != site)

    def as_result(self) -> dict[str, dict[str, str]]:
        """As modules return it."""
        return {"clusters": dict(self.clusters), "remote_sites": dict(self.remote_sites)}


class Names(t.NamedTuple):
    """What leads from one cluster to the other: ``mapped`` as local name -> remote name; ``same`` are those among them that the map
    doesn't list and that both clusters have; ``unmapped`` exist here and lead nowhere; ``missing`` are ``(where, side, name)`` of
    entries that name something which a cluster doesn't have."""

    mapped: t.Mapping[str, str]
    same: tuple[str, ...]
    unmapped: tuple[str, ...]
    missing: tuple[tuple[str, str, str], ...]


def cluster_pairs(site_map: SiteMap) -> tuple[ClusterPair, ...]:
    """The pairs of ``maps.clusters``. A half is called like the cluster it leads to, unless ``maps.remote_sites`` names it."""
    pairs = site_map.names["clusters"]
    found = []
    for pair in pairs:
        one, other = pair.names
        names = {one: pair.names[other], other: pair.names[one]}
        for entry in site_map.names["remote_sites"]:
            if any(_cluster_of(entry.names[site]) == pair.names[site] for site in (one, other)) or (
                len(pairs) == 1 and not any(_cluster_of(name) for name in entry.names.values())
            ):
                names = {site: local_name(entry.names[site], pair.names[site]) for site in (one, other)}
        found.append(ClusterPair(dict(pair.names), names, pair.at))
    return tuple(found)


def container_names(site_map: SiteMap, pair: ClusterPair, source: str, here: t.Collection[str], there: t.Collection[str]) -> Names:
    """Containers of the cluster at ``source`` and where they replicate to. One that the map doesn't list goes to the one of its name."""
    return _names(site_map, pair, source, "containers", set(here) - {MANAGEMENT_SHARE}, set(there), same=True)


def network_names(site_map: SiteMap, pair: ClusterPair, source: str, here: t.Collection[str], there: t.Collection[str]) -> Names:
    """VLAN networks of the cluster at ``source`` and those that recovered VMs get. Only what the map lists is mapped."""
    found = _names(site_map, pair, source, "subnets", set(here), set(there), same=False)
    # A subnet that is on neither cluster is an overlay one, or one of another pair of clusters.
    return found._replace(missing=())


def local_name(name: str, cluster: str) -> str:
    """The name without the cluster that a site map may write before it: ``CLUSTER/NAME``."""
    return name[len(cluster) + 1 :] if name.startswith(f"{cluster}/") else name


def _cluster_of(name: str) -> str:
    return name.partition("/")[0] if "/" in name else ""


def _names(site_map: SiteMap, pair: ClusterPair, source: str, section: str, here: set[str], there: set[str], *, same: bool) -> Names:
    target = pair.other(source)
    mapped: dict[str, str] = {}
    missing: list[tuple[str, str, str]] = []
    listed: set[str] = set()
    for entry in site_map.names[section]:
        name, remote = (_name_at(entry, pair, site) for site in (source, target))
        if name is None or remote is None:
            continue
        listed.add(name)
        if not entry.leads_from(source):
            continue
        if name in here and remote in there:
            mapped[name] = remote
        elif len(site_map.names["clusters"]) == 1 or name in here or remote in there:
            missing += [(site_map.where(*entry.at, source), source, name)] if name not in here else []
            missing += [(site_map.where(*entry.at, target), target, remote)] if remote not in there else []
    alike = sorted((here & there) - listed) if same else []
    mapped.update({name: name for name in alike})
    return Names(dict(sorted(mapped.items())), tuple(alike), tuple(sorted(here - set(mapped))), tuple(missing))


def _name_at(entry: NamePair, pair: ClusterPair, site: str) -> str | None:
    """What an entry calls the object on the pair's cluster at a site; None when it speaks of another cluster."""
    name, cluster = entry.names[site], pair.clusters[site]
    return None if _cluster_of(name) not in ("", cluster) else local_name(name, cluster)
