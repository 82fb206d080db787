# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of protection domains: taken, listed, retained, expired (contract/element section 4.4).

A snapshot takes the cluster's ``snapshot_seconds``; then its replications are queued.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prismsim.element import notices, recovery, replication, vstores
from prismsim.element.agenda import Facts, action
from prismsim.element.cluster import Cluster
from prismsim.element.errors import unknown
from prismsim.element.fabric import Fabric
from prismsim.element.protection_domains import domain_named
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

_FOREVER = None


def take(fabric: Fabric, cluster: Cluster, domain: Record, remotes: list[str], expires_after: float | None = None, **facts: Any) -> str:
    """Begin a snapshot that goes to the named remote sites; its id. Facts: schedule, limits, oob, migrate."""
    number = str(cluster.next_id())
    fabric.agenda.add(
        cluster.described.snapshot_seconds, "snapshot taken",
        cluster=cluster.id, domain=domain.document["name"], number=number, remotes=remotes, keep=expires_after, **facts,
    )  # fmt: skip
    return number


@action("snapshot taken")
def _taken(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    domain = cluster.named("protection_domain", facts["domain"])
    if domain is None:
        return
    domain = vstores.with_its_vms(cluster, domain)
    now, held = fabric.now_usecs(), recovery.contents(cluster, domain.document)
    record = cluster.put(
        "dr_snapshot",
        {
            "extId": str(uuid4()), "protection_domain_name": facts["domain"], "snapshot_id": facts["number"], "remote_site_names": [],
            "snapshot_create_time_usecs": now, "snapshot_expiry_time_usecs": _FOREVER if not facts["keep"] else now + int(facts["keep"] * 1_000_000),
            "size_in_bytes": recovery.size(held), "exclusive_usage_in_bytes": 0, "oob_schedule_ids": facts.get("oob", []),
            "entries": domain.document["vms"], "groups": domain.document["volume_groups"], "held": held,
            "schedule": facts.get("schedule"), "limits": facts.get("limits", {}),
        },
    )  # fmt: skip
    context = {"protection_domain_name": facts["domain"], "snapshot_id": facts["number"]}
    text = "Snapshot {snapshot_id} created for protection domain {protection_domain_name}"
    notices.note(fabric, cluster, "event", "Snapshot created for protection domain", text, context,
                 entity_type="protection_domain", entity_name=facts["domain"])  # fmt: skip
    keep(fabric, cluster, record)
    for site in facts["remotes"]:
        replication.queue(fabric, cluster, record, site, migrate=bool(facts.get("migrate")))


def keep(fabric: Fabric, cluster: Cluster, record: Record, limit: str = "local") -> None:
    """Plan the end of a snapshot, and drop what its schedule no longer keeps."""
    document = record.document
    if document["snapshot_expiry_time_usecs"] is not _FOREVER:
        after = document["snapshot_expiry_time_usecs"] / 1_000_000 - fabric.agenda.now()
        fabric.agenda.add(after, "snapshot expires", cluster=cluster.id, uuid=record.id)
    most = document["limits"].get(limit)
    if not most:
        return
    mates = [s for s in cluster.objects.all("dr_snapshot") if s.document["schedule"] == document["schedule"]]
    for old in sorted(mates, key=lambda s: (s.document["snapshot_create_time_usecs"], int(s.document["snapshot_id"])))[:-most]:
        _drop(cluster, old)


@action("snapshot expires")
def _expires(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    record = cluster.objects.find("dr_snapshot", facts["uuid"])
    if record is None:
        return
    expiry = record.document["snapshot_expiry_time_usecs"]
    if expiry is not _FOREVER and expiry <= fabric.now_usecs():
        _drop(cluster, record)


def _drop(cluster: Cluster, record: Record) -> None:
    """Remove a snapshot; one that is being replicated stays until that is done."""
    if not any(r.document["snapshot_uuid"] == record.id for r in cluster.objects.all("replication")):
        cluster.objects.remove(record)


def of_domain(cluster: Cluster, name: str) -> list[Record]:
    """The snapshots of a protection domain that lie on this cluster, newest first."""
    found = [s for s in cluster.objects.all("dr_snapshot") if s.document["protection_domain_name"] == name]
    return sorted(found, key=lambda s: (-s.document["snapshot_create_time_usecs"], -int(s.document["snapshot_id"])))


def find(cluster: Cluster, domain: str, number: str) -> Record:
    """The snapshot of this id. Raises ElementError when there is none."""
    for record in of_domain(cluster, domain):
        if record.document["snapshot_id"] == str(number):
            return record
    raise unknown(cluster.switches, f"Snapshot of protection domain {domain}", str(number))


def render(record: Record, located: str | None = None) -> Document:
    """The DTO; ``located`` names the remote site where it lies, None for here."""
    document = record.document
    names = [entry["consistency_group"] for entry in [*document["entries"], *document["groups"]]]
    return {
        "protection_domain_name": document["protection_domain_name"], "snapshot_id": document["snapshot_id"], "snapshot_uuid": record.id,
        "state": "AVAILABLE" if document["snapshot_expiry_time_usecs"] is not _FOREVER else "RETAIN_FOREVER",
        "located_remote_site_name": located, "remote_site_names": document["remote_site_names"] if located is None else [],
        "snapshot_create_time_usecs": document["snapshot_create_time_usecs"],
        "snapshot_expiry_time_usecs": document["snapshot_expiry_time_usecs"], "size_in_bytes": document["size_in_bytes"],
        "exclusive_usage_in_bytes": document["exclusive_usage_in_bytes"], "consistency_groups": sorted(set(names)),
        "vms": document["entries"], "volume_groups": document["groups"], "nfs_files": [], "oob_schedule_ids": document["oob_schedule_ids"],
    }  # fmt: skip


def _collection(call: Call, found: list[Document]) -> Collection:
    limit = int(call.query.get("count") or len(found))
    return Collection(found[:limit], bare=False)


@route("GET", "protection_domains/dr_snapshots")
def _all(call: Call) -> Collection:
    domains = call.cluster.objects.all("protection_domain")
    return _collection(call, [render(s) for domain in domains for s in of_domain(call.cluster, domain.document["name"])])


@route("GET", "protection_domains/{name}/dr_snapshots")
def _list(call: Call) -> Collection:
    domain_named(call.cluster, call.params["name"])
    wanted = call.names("oob_schedule_ids", "oobScheduleIds")
    found = [render(record) for record in of_domain(call.cluster, call.params["name"])]
    return _collection(call, [s for s in found if wanted is None or wanted & {str(number) for number in s["oob_schedule_ids"]}])


@route("DELETE", "protection_domains/{name}/dr_snapshots/{id}")
def _delete(call: Call) -> Document:
    _drop(call.cluster, find(call.cluster, call.params["name"], call.params["id"]))
    return {"value": True}


@route("POST", "protection_domains/{name}/dr_snapshots/remove_list")
def _delete_list(call: Call) -> Document:
    for record in [find(call.cluster, call.params["name"], str(number)) for number in call.body or ()]:
        _drop(call.cluster, record)
    return {"value": True}


@route("POST", "protection_domains/{name}/dr_snapshots/{id}/retain")
def _retain(call: Call) -> Document:
    record = find(call.cluster, call.params["name"], call.params["id"])
    keep(call.fabric, call.cluster, call.cluster.change(record, snapshot_expiry_time_usecs=int(call.value()), limits={}))
    return {"value": True}


@route("GET", "remote_sites/dr_snapshots")
def _all_remote(call: Call) -> Collection:
    names = [site.document["name"] for site in call.cluster.objects.all("remote_site")]
    return _collection(call, [shown for name in names for shown in _remote(call, name)])


@route("GET", "remote_sites/{name}/dr_snapshots")
def _remote_list(call: Call) -> Collection:
    return _collection(call, _remote(call, call.params["name"]))


def _remote(call: Call, name: str) -> list[Document]:
    """The snapshots that lie at a remote site, as far as it answers."""
    peer = replication.peer_named(call.fabric, call.cluster, name)
    return [render(s, located=name) for s in peer.objects.all("dr_snapshot")] if peer else []
