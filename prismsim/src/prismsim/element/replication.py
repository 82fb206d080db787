# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replications: one at a time from a cluster to a remote site, as fast as link and bandwidth policy let (section 4.4).

The first snapshot of a protection domain that goes to a site is sent whole, a later one a hundredth of its size.
"""

from __future__ import annotations

from prismsim.element import failover_steps, notices, recovery, traffic
from prismsim.element.agenda import Facts, action
from prismsim.element.bandwidth import bytes_per_second
from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, unknown
from prismsim.element.fabric import Fabric
from prismsim.element.protection_domains import add, domain_named, replications
from prismsim.element.relationship import ESTABLISHED, half_that_points_back, relationship
from prismsim.element.remote_sites import site_named
from prismsim.element.routes import Call, Collection, route
from prismsim.element.traffic import progress
from prismsim.objects import Document, Record

_DELTA = 100


def peer_named(fabric: Fabric, cluster: Cluster, name: str) -> Cluster | None:
    """The cluster behind a remote site while the relationship stands, else None. Raises ElementError for no such site."""
    found = relationship(fabric, cluster, site_named(cluster, name).document)
    return found.peer if found.status == ESTABLISHED else None


def container_names(cluster: Cluster, peer: Cluster, site: Document) -> dict[str, str]:
    """This cluster's container names -> the peer's, where replication can go."""
    names: dict[str, str] = dict(site["vstore_name_map"])
    if cluster.switches.element_unmapped_goes_to_same_name:
        for container in cluster.containers():
            names.setdefault(container.document["name"], container.document["name"])
    return {here: there for here, there in names.items() if peer.container_named(there) is not None}


def queue(fabric: Fabric, cluster: Cluster, snapshot: Record, site: str, migrate: bool) -> None:
    """Line up the replication of a snapshot."""
    document, name = snapshot.document, snapshot.document["protection_domain_name"]
    domain = domain_named(cluster, name)
    total = document["size_in_bytes"] // (_DELTA if site in domain.document["sent"] else 1)
    cluster.put(
        "replication",
        {
            "number": cluster.next_id(), "protection_domain_name": name, "remote_site_name": site, "snapshot_uuid": snapshot.id,
            "snapshot_id": document["snapshot_id"], "total": total, "done": 0.0, "rate": None, "since": None, "started": None,
            "paused": False, "migrate": migrate, "stamp": 0,
        },
    )  # fmt: skip
    reconsider(fabric)


def reconsider(fabric: Fabric) -> None:
    """Start what can start, stall what cannot go on: after anything that replications depend on has changed."""
    for cluster in fabric.clusters.values():
        busy: set[str] = set()
        for record in replications(cluster):
            site = record.document["remote_site_name"]
            record = _halted(fabric, cluster, record)
            if site in busy or record.document["paused"] or cluster.named("remote_site", site) is None:
                continue
            busy.add(site)
            _run(fabric, cluster, record)


def _halted(fabric: Fabric, cluster: Cluster, record: Record) -> Record:
    """The replication with what it has sent so far written down."""
    document = record.document
    if document["since"] is None:
        return record
    sent = min(document["total"], progress(fabric, document))
    return cluster.change(record, done=sent, since=None, rate=None, stamp=document["stamp"] + 1)


def _run(fabric: Fabric, cluster: Cluster, record: Record) -> None:
    site = site_named(cluster, record.document["remote_site_name"]).document
    peer = peer_named(fabric, cluster, site["name"])
    if peer is None:
        return
    rate = bytes_per_second(fabric, cluster, peer, site)
    now, document = fabric.agenda.now(), record.document
    record = cluster.change(record, since=now, rate=rate, started=document["started"] or fabric.now_usecs())
    left = 0.0 if rate is None else (document["total"] - document["done"]) / rate
    fabric.agenda.add(left, "replicated", cluster=cluster.id, uuid=record.id, stamp=record.document["stamp"])


@action("reconsider")
def _reconsider(fabric: Fabric, facts: Facts) -> None:
    reconsider(fabric)


@action("replicated")
def _replicated(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    record = cluster.objects.find("replication", facts["uuid"])
    if record is None or record.document["stamp"] != facts["stamp"]:
        return
    document = record.document
    snapshot = cluster.objects.find("dr_snapshot", document["snapshot_uuid"])
    site = site_named(cluster, document["remote_site_name"])
    peer = peer_named(fabric, cluster, site.document["name"])
    cluster.objects.remove(record)
    traffic.count(cluster, document["remote_site_name"], document["total"])
    if snapshot is None or peer is None:
        return
    names = container_names(cluster, peer, site.document)
    held = snapshot.document["held"]
    unmapped = {name for owner in [*held["vms"], *held["volume_groups"]] for name in recovery.containers_of(owner)} - set(names)
    context = {"protection_domain_name": document["protection_domain_name"], "remote_name": document["remote_site_name"]}
    if unmapped:
        text = f"Replication of protection domain {{protection_domain_name}} to {{remote_name}} failed: {min(unmapped)} is not mapped"
        notices.note(fabric, cluster, "alert", "Protection Domain Replication Failure", text, context, severity="kCritical",
                     entity_type="protection_domain", entity_name=document["protection_domain_name"])  # fmt: skip
        failover_steps.migration_failed(cluster, document)
    else:
        _arrive(fabric, cluster, peer, snapshot, recovery.moved_to(held, names), document)
        text = "Replication completed for Protection Domain {protection_domain_name} to remote {remote_name}"
        notices.note(fabric, cluster, "event", "Replication completed", text, context,
                     entity_type="protection_domain", entity_name=document["protection_domain_name"])  # fmt: skip
        if document["migrate"]:
            failover_steps.finish_migration(fabric, cluster, peer, snapshot)
    reconsider(fabric)


def _arrive(fabric: Fabric, cluster: Cluster, peer: Cluster, snapshot: Record, held: Document, document: Document) -> None:
    """The copy at the peer, where the protection domain appears inactive with the first one."""
    name, site = document["protection_domain_name"], document["remote_site_name"]
    if peer.named("protection_domain", name) is None:
        add(peer, name, active=False)
    copy = peer.put("dr_snapshot", {**snapshot.document, "held": held, "remote_site_names": [], "oob_schedule_ids": []})
    _keep_copy(fabric, peer, copy, site)
    cluster.change(snapshot, remote_site_names=sorted({*snapshot.document["remote_site_names"], site}))
    domain = domain_named(cluster, name)
    sent = {"snapshot_id": document["snapshot_id"], "started": document["started"], "ended": fabric.now_usecs()}
    cluster.change(domain, sent={**domain.document["sent"], site: sent})


def _keep_copy(fabric: Fabric, peer: Cluster, copy: Record, site: str) -> None:
    """Plan the end of a copy, and drop what its schedule no longer keeps there."""
    expiry = copy.document["snapshot_expiry_time_usecs"]
    if expiry is not None:
        fabric.agenda.add(max(0.0, expiry / 1_000_000 - fabric.agenda.now()), "snapshot expires", cluster=peer.id, uuid=copy.id)
    most = copy.document["limits"].get(f"to {site}")
    mates = [s for s in peer.objects.all("dr_snapshot") if most and s.document["schedule"] == copy.document["schedule"]]
    for old in sorted(mates, key=lambda s: (s.document["snapshot_create_time_usecs"], int(s.document["snapshot_id"])))[: -(most or 1)]:
        peer.objects.remove(old)


def _render(fabric: Fabric, document: Document, sender: bool) -> Document:
    done = progress(fabric, document)
    left = None if document["rate"] is None else int((document["total"] - done) / document["rate"])
    return {
        "id": document["number"], "protection_domain_name": document["protection_domain_name"],
        "remote_site_name": document["remote_site_name"], "snapshot_id": document["snapshot_id"], "sender": sender,
        "paused": document["paused"], "aborted": False, "completed_bytes": int(done),
        "completed_percentage": 100.0 * done / document["total"] if document["total"] else 0.0,
        "start_replication_time_usecs": document["started"], "replication_time_to_complete_secs": left,
    }  # fmt: skip


def _running(call: Call) -> list[Document]:
    """What this cluster sends, then what it receives, which it calls by the name of its own half."""
    cluster = call.cluster
    sent = [_render(call.fabric, r.document, sender=True) for r in replications(cluster) if r.document["started"] is not None]
    received: list[Document] = []
    for other in call.fabric.clusters.values():
        half = half_that_points_back(call.fabric, cluster, other)
        for record in replications(other) if half and other is not cluster else ():
            document = record.document
            if document["started"] is not None and peer_named(call.fabric, other, document["remote_site_name"]) is cluster and half:
                shown = _render(call.fabric, document, sender=False)
                received.append({**shown, "remote_site_name": half.document["name"]})
    return sent + received


@route("GET", "protection_domains/replications")
def _all(call: Call) -> Collection:
    names = call.names("protection_domain_names", "protectionDomainNames")
    return Collection([shown for shown in _running(call) if names is None or shown["protection_domain_name"] in names])


@route("GET", "protection_domains/{name}/replications")
def _list(call: Call) -> Collection:
    domain_named(call.cluster, call.params["name"])
    return Collection([shown for shown in _running(call) if shown["protection_domain_name"] == call.params["name"]])


def _find(call: Call) -> Record:
    for record in replications(call.cluster, call.params["name"]):
        if str(record.document["number"]) == call.params["id"]:
            return record
    raise unknown(call.cluster.switches, "Replication", call.params["id"])


@route("PUT", "protection_domains/{name}/replications/{id}")
def _put(call: Call) -> Document:
    record, verb = _find(call), call.value()
    if verb == "abort":
        return _aborted(call, record)
    if verb not in ("pause", "resume"):
        raise broken_rule(call.cluster.switches, f"{verb} is none of pause, resume, abort")
    call.cluster.change(_halted(call.fabric, call.cluster, record), paused=verb == "pause")
    reconsider(call.fabric)
    return {"value": True}


@route("DELETE", "protection_domains/{name}/replications/{id}")
def _abort(call: Call) -> Document:
    return _aborted(call, _find(call))


def _aborted(call: Call, record: Record) -> Document:
    call.cluster.objects.remove(record)
    failover_steps.migration_failed(call.cluster, record.document)
    reconsider(call.fabric)
    return {"value": True}
