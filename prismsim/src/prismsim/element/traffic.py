# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes over a remote site: bytes and rates of replications, for its statistics (contract/element section 2.1)."""

from __future__ import annotations

from prismsim.element.cluster import Cluster
from prismsim.element.errors import malformed, unknown
from prismsim.element.fabric import Fabric
from prismsim.element.protection_domains import replications
from prismsim.element.relationship import half_that_points_back
from prismsim.element.routes import Call, route
from prismsim.objects import Document


def progress(fabric: Fabric, document: Document) -> float:
    """The bytes that a replication has sent."""
    if document["since"] is None:
        return float(document["done"])
    if document["rate"] is None:
        return float(document["total"])
    return float(min(document["total"], document["done"] + document["rate"] * (fabric.agenda.now() - document["since"])))


def count(cluster: Cluster, site: str, sent: float) -> None:
    """Remember what a finished replication has sent."""
    cluster.site.remember(_key(cluster, site), _finished(cluster, site) + int(sent))


def _key(cluster: Cluster, site: str) -> str:
    return f"sent from {cluster.name} to {site}"


def _finished(cluster: Cluster, site: str) -> int:
    return int(cluster.site.recall(_key(cluster, site)) or 0)


def statistics(fabric: Fabric, cluster: Cluster, site: Document) -> dict[str, int]:
    """The numbers of a remote site now, by metric. What it receives is what the other half sends."""
    rate, sent = _sent(fabric, cluster, str(site["name"]))
    back_rate = back = 0
    peer = next((found for address in site["remote_ip_ports"] if (found := fabric.by_address(address))), None)
    half = half_that_points_back(fabric, peer, cluster) if peer else None
    if peer is not None and half is not None:
        back_rate, back = _sent(fabric, peer, str(half.document["name"]))
    return {
        "replication_transmitted_bandwidth_kBps": rate,
        "replication_num_transmitted_bytes": sent,
        "replication_received_bandwidth_kBps": back_rate,
        "replication_num_received_bytes": back,
    }


def _sent(fabric: Fabric, cluster: Cluster, site: str) -> tuple[int, int]:
    """The rate in kilobytes per second, and the bytes since the pair was made."""
    mine = [record.document for record in replications(cluster) if record.document["remote_site_name"] == site]
    rates = [document["rate"] or 0.0 for document in mine if document["since"] is not None]
    return int(sum(rates) / 1000), _finished(cluster, site) + int(sum(progress(fabric, document) for document in mine))


@route("GET", "remote_sites/{name}/stats")
def _stats(call: Call) -> Document:
    """Each metric's present value; there is no history."""
    metrics = call.names("metrics")
    if not metrics:
        raise malformed("metrics is required")
    site = call.cluster.named("remote_site", call.params["name"])
    if site is None:
        raise unknown(call.cluster.switches, "Remote site", call.params["name"])
    known = statistics(call.fabric, call.cluster, site.document)
    return {"stats_specific_responses": [_response(call, metric, known.get(metric)) for metric in sorted(metrics)]}


def _response(call: Call, metric: str, value: int | None) -> Document:
    text = None if value is not None else f"{metric} is no metric of a remote site"
    start = int(call.query.get("start_time_in_usecs") or call.query.get("startTimeInUsecs") or call.fabric.now_usecs())
    every = int(call.query.get("interval_in_secs") or call.query.get("intervalInSecs") or 30)
    return {
        "successful": value is not None, "message": text, "metric": metric, "start_time_in_usecs": start, "interval_in_secs": every,
        "values": [] if value is None else [value],
    }  # fmt: skip
