# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which protection domains a site map moves, between which clusters, and what the remote sites are called. Pure; asks no site."""

from __future__ import annotations

import typing as t

from .._errors import Finding, InvalidInput
from .cluster_pairs import ClusterPair, cluster_pairs
from .site_map import DomainEntry, SiteMap


class MappedDomain(t.NamedTuple):
    """One protection domain and the pair of clusters that it moves between."""

    name: str
    pair: ClusterPair

    def cluster(self, site: str) -> str:
        return self.pair.clusters[site]

    def remote_site(self, source: str) -> str:
        """What the cluster at a site calls the other one."""
        return self.pair.remote_sites[source]


def mapped_domains(site_map: SiteMap) -> list[MappedDomain]:
    """All protection domains of the map. Raises InvalidInput with file and line for those whose clusters it doesn't tell."""
    pairs = cluster_pairs(site_map)
    findings: list[Finding] = []
    found: list[MappedDomain] = []
    for entry in site_map.protection_domains:
        fitting = [pair for pair in pairs if all(pair.clusters[site] == cluster for site, cluster in entry.clusters.items())]
        if len(fitting) == 1:
            found.append(MappedDomain(entry.name, fitting[0]))
        else:
            findings.append(_unclear(site_map, entry, pairs, fitting))
    if not site_map.protection_domains:
        findings.append(Finding(site_map.where(), "lists no protection_domains", "add maps.protection_domains: [NAME], or use another mover"))
    if findings:
        raise InvalidInput(findings, verb="read", kind="site_map")
    return found


def _unclear(site_map: SiteMap, entry: DomainEntry, pairs: t.Sequence[ClusterPair], fitting: t.Sequence[ClusterPair]) -> Finding:
    where = site_map.where(*entry.at)
    if not pairs:
        return Finding(where, f"protection domain '{entry.name}': maps.clusters pairs no clusters", "say there which clusters replicate to each other")
    known = "; ".join(" and ".join(pair.clusters.values()) for pair in pairs)
    example = ", ".join(f"{site}: {cluster}" for site, cluster in pairs[0].clusters.items())
    if fitting:
        return Finding(where, f"protection domain '{entry.name}' may be on several pairs of clusters: {known}", f"write {{name: {entry.name}, {example}}}")
    return Finding(where, f"protection domain '{entry.name}' names clusters that are no pair", f"pairs are {known}")
