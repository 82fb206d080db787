# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection domains: create, read, remove (contract/element sections 4.1, 4.2). Others give them members and work."""

from __future__ import annotations

from prismsim.element.agenda import Facts, action
from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, unknown
from prismsim.element.fabric import Fabric
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record


def domain_named(cluster: Cluster, name: str) -> Record:
    """The protection domain of this name. Raises ElementError when there is none."""
    record = cluster.named("protection_domain", name)
    if record is None:
        raise unknown(cluster.switches, "Protection domain", name)
    return record


def active_domain(cluster: Cluster, name: str) -> Record:
    """The same; it must be active here. Raises ElementError when it is not."""
    record = domain_named(cluster, name)
    if not record.document["active"]:
        raise broken_rule(cluster.switches, f"Protection domain {name} is not active on cluster {cluster.name}")
    if record.document["marked_for_removal"]:
        raise broken_rule(cluster.switches, f"Protection domain {name} is marked for removal")
    return record


def add(cluster: Cluster, name: str, active: bool, annotations: list[str] | None = None) -> Record:
    """Make a protection domain without members."""
    return cluster.put(
        "protection_domain",
        {
            "name": name, "active": active, "annotations": annotations or [], "cron_schedules": [], "marked_for_removal": False,
            "metro_avail": None, "vms": [], "volume_groups": [], "pending": None, "oob": {}, "sent": {}, "received": False,
        },
    )  # fmt: skip


def replications(cluster: Cluster, name: str | None = None) -> list[Record]:
    """The unfinished replications that start here, of one protection domain or of all, oldest first."""
    found = cluster.objects.all("replication")
    return [record for record in found if name in (None, record.document["protection_domain_name"])]


def remote_site_names(domain: Document) -> list[str]:
    """The remote sites that the schedules name."""
    named = (schedule["retention_policy"]["remote_max_snapshots"] or {} for schedule in domain["cron_schedules"])
    return sorted({site for sites in named for site in sites})


def render(cluster: Cluster, record: Record) -> Document:
    """The DTO. One that has never had a snapshot or a schedule lacks three members, as recorded."""
    domain, name = record.document, record.document["name"]
    unfinished = [replication.document for replication in replications(cluster, name)]
    ongoing = [replication for replication in unfinished if replication["started"] is not None]
    snapshots = [s.document for s in cluster.objects.all("dr_snapshot") if s.document["protection_domain_name"] == name]
    suspended = bool(domain["cron_schedules"]) and all(schedule["suspended"] for schedule in domain["cron_schedules"])
    upcoming = [schedule["_next"] for schedule in domain["cron_schedules"] if not schedule["suspended"]]
    used = bool(snapshots or domain["cron_schedules"])
    shown: Document = {
        "name": name, "active": domain["active"], "annotations": domain["annotations"],
        "cron_schedules": [shown_schedule(schedule) for schedule in domain["cron_schedules"]],
        "hybrid_schedules_count": None, "marked_for_removal": domain["marked_for_removal"], "metro_avail": domain["metro_avail"],
        "min_snapshot_to_retain": None,
        "next_snapshot_time_usecs": min(upcoming) if upcoming and domain["active"] else None,
        "nfs_files": [], "ongoing_replication_count": len(ongoing), "pending_replication_count": len(unfinished) - len(ongoing),
        "remote_site_names": remote_site_names(domain),
        "replication_links": [_link(name, site, sent, ongoing) for site, sent in domain["sent"].items()],
        "sync_replications": None, "total_user_written_bytes": 0 if used else None, "vms": domain["vms"],
        "volume_groups": domain["volume_groups"], "vstore_id": domain.get("vstore_id"),
    }  # fmt: skip
    if not used and domain["metro_avail"] is None:
        return shown
    exclusive = sum(snapshot["exclusive_usage_in_bytes"] for snapshot in snapshots)
    usage = {"dr.exclusive_snapshot_usage_bytes": str(exclusive), "hydration_space_bytes": "-1", "lws_store_used_bytes": "0"}
    return {**shown, "schedules_suspended": suspended, "stats": {}, "usage_stats": usage}


def shown_schedule(schedule: Document) -> Document:
    """A schedule without what only the simulator needs."""
    return {key: value for key, value in schedule.items() if not key.startswith("_")}


def _link(name: str, site: str, sent: Document, ongoing: list[Document]) -> Document:
    running = next((replication for replication in ongoing if replication["remote_site_name"] == site), None)
    return {
        "id": f"{name}::{site}",
        "protection_domain_name": name,
        "remote_site_name": site,
        "current_replicating_snapshot_id": running["snapshot_id"] if running else None,
        "current_replicating_snapshot_total_bytes": running["total"] if running else None,
        "current_replicating_snapshot_transmitted_bytes": int(running["done"]) if running else None,
        "last_successful_replication_snapshot_id": sent["snapshot_id"],
        "last_replication_start_time_in_usecs": sent["started"],
        "last_replication_end_time_in_usecs": sent["ended"],
        "stats": {},
    }


@route("GET", "protection_domains")
def _list(call: Call) -> Collection:
    names, site, deleted = call.names("names"), call.names("remote_site_name", "remoteSiteName"), call.flag("include_deleted", "includeDeleted")
    found = [
        render(call.cluster, record)
        for record in call.cluster.objects.all("protection_domain")
        if (names is None or record.document["name"] in names)
        and (site is None or site & set(remote_site_names(record.document)))
        and (deleted or not record.document["marked_for_removal"])
    ]
    return Collection(found)


@route("GET", "protection_domains/{name}")
def _get(call: Call) -> Document:
    return render(call.cluster, domain_named(call.cluster, call.params["name"]))


@route("POST", "protection_domains")
def _post(call: Call) -> Document:
    body = call.members({"value", "annotations"}, ["value"])
    if call.cluster.named("protection_domain", body["value"]) is not None:
        raise broken_rule(call.cluster.switches, f"Protection domain {body['value']} already exists")
    return render(call.cluster, add(call.cluster, body["value"], active=True, annotations=body.get("annotations")))


@route("DELETE", "protection_domains/{name}")
def _delete(call: Call) -> Document:
    record = domain_named(call.cluster, call.params["name"])
    call.cluster.change(record, marked_for_removal=True)
    call.fabric.agenda.add(call.cluster.site.profile.removal, "remove protection domain", cluster=call.cluster.id, uuid=record.id)
    return {"value": True}


@action("remove protection domain")
def _remove(fabric: Fabric, facts: Facts) -> None:
    """Outstanding work is canceled, local snapshots go with it; the VMs stay, unprotected."""
    cluster = fabric.clusters[facts["cluster"]]
    record = cluster.objects.find("protection_domain", facts["uuid"])
    if record is None:
        return
    name = record.document["name"]
    snapshots = [s for s in cluster.objects.all("dr_snapshot") if s.document["protection_domain_name"] == name]
    for gone in [*replications(cluster, name), *snapshots, record]:
        cluster.objects.remove(gone)
