# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All clusters of the world and what lies between them: links, one agenda, one clock. Knows no HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from prismsim.element.agenda import Agenda
from prismsim.element.cluster import Cluster
from prismsim.element.links import Links
from prismsim.estate import Estate, object_id
from prismsim.site import Site
from prismsim.store import Store


@dataclass
class Fabric:
    """Clusters by id (``site/cluster``)."""

    clusters: dict[str, Cluster]
    links: Links
    agenda: Agenda

    def load(self) -> None:
        """Take over what was there before a restart."""
        for cluster in self.clusters.values():
            cluster.objects.load()
        self.links.load()
        self.agenda.load()

    def by_address(self, address: str) -> Cluster | None:
        """The cluster that has this virtual or CVM address, or None."""
        return next((cluster for cluster in self.clusters.values() if address in cluster.addresses), None)

    def by_uuid(self, uuid: str) -> Cluster | None:
        """The cluster of this uuid, or None."""
        return next((cluster for cluster in self.clusters.values() if cluster.uuid == uuid), None)

    def now_usecs(self) -> int:
        """The simulated time in microseconds since the epoch."""
        return int(self.agenda.now() * 1_000_000)

    def settle(self) -> bool:
        """Do all that is due; whether there was anything."""
        return self.agenda.work(self)


def fabric_of(estate: Estate, sites: dict[str, Site], store: Store) -> Fabric:
    """The clusters of all sites, still empty."""
    clusters: dict[str, Cluster] = {}
    for site_id, described in estate.sites.items():
        for cluster in described.clusters:
            path = f"{site_id}/{cluster.name}"
            clusters[path] = Cluster(path, object_id(site_id, "cluster", cluster.name), sites[site_id], cluster)
    clock = next(iter(sites.values())).clock
    return Fabric(clusters, Links(store), Agenda(store, clock))
