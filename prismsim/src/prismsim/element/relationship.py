# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How two clusters stand to each other: the state of one half of a pair, from the physical truth. Writes nothing.

A half reaches its peer through port 2020 of one of its addresses. It stands when the peer has its own half that points
back, when both ports are open both ways, and while the peer is the cluster that it was when they first met.
"""

from __future__ import annotations

from dataclasses import dataclass

from prismsim.element.cluster import Cluster
from prismsim.element.fabric import Fabric
from prismsim.element.links import CONTROL_PORT, DATA_PORT
from prismsim.objects import Document, Record

ESTABLISHED = "RELATIONSHIP_ESTABLISHED"
NOT_ESTABLISHED = "RELATIONSHIP_NOT_ESTABLISHED"
HANDSHAKING = "HANDSHAKING"
UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True)
class Relationship:
    """``peer`` is the cluster behind the addresses, when it answers."""

    status: str
    peer: Cluster | None = None
    latency_usecs: int | None = None
    #: The peer is another one than the half was made for.
    stranger: bool = False


def relationship(fabric: Fabric, cluster: Cluster, site: Document) -> Relationship:
    """The state of a remote site of a cluster."""
    peer = reachable(fabric, cluster, site)
    if peer is None:
        return Relationship(UNREACHABLE)
    latency = int(fabric.links.get(cluster.id, peer.id).latency_ms * 1000)
    known = (site["cluster_id"], site["cluster_incarnation_id"])
    if known not in ((None, None), peer.identity):
        return Relationship(NOT_ESTABLISHED, peer, latency, stranger=True)
    other_half = half_that_points_back(fabric, peer, cluster)
    if other_half is None:
        alone = HANDSHAKING if cluster.switches.element_one_half_handshakes else NOT_ESTABLISHED
        return Relationship(alone, peer, latency)
    if reachable(fabric, peer, other_half.document) is None or not _data_passes(fabric, cluster, peer):
        return Relationship(NOT_ESTABLISHED, peer, latency)
    younger = max(site["_created"], other_half.document["_created"])
    if fabric.agenda.now() < younger + cluster.site.profile.pairing:
        return Relationship(HANDSHAKING, peer, latency)
    return Relationship(ESTABLISHED, peer, latency)


def reachable(fabric: Fabric, cluster: Cluster, site: Document) -> Cluster | None:
    """The cluster that answers behind the addresses of a remote site, or None."""
    for address, port in site["remote_ip_ports"].items():
        peer = fabric.by_address(address)
        if peer is None or peer is cluster or not peer.answers or port != CONTROL_PORT:
            continue
        if CONTROL_PORT in fabric.links.get(cluster.id, peer.id).ports:
            return peer
    return None


def half_that_points_back(fabric: Fabric, peer: Cluster, cluster: Cluster) -> Record | None:
    """The peer's remote site whose addresses are this cluster's, or None."""
    for half in peer.objects.all("remote_site"):
        pointed = {fabric.by_address(address) for address in half.document["remote_ip_ports"]}
        if not half.document["marked_for_removal"] and cluster in [found for found in pointed if found]:
            return half
    return None


def _data_passes(fabric: Fabric, one: Cluster, other: Cluster) -> bool:
    there, back = fabric.links.get(one.id, other.id), fabric.links.get(other.id, one.id)
    return DATA_PORT in there.ports and DATA_PORT in back.ports
