# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alerts and events (contract/element sections 2.6, 4.6, 5): one shape, two lists."""

from __future__ import annotations

from collections.abc import Mapping

from prismsim.element.cluster import Cluster
from prismsim.element.clusters import host_uuid
from prismsim.element.errors import unknown
from prismsim.element.fabric import Fabric
from prismsim.element.relationship import UNREACHABLE, relationship
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

_UNREACHABLE = "Remote Site Connectivity Not Normal"
_STRANGER = "Incorrect Cluster Information in Remote Site"
_PAGE = 1000


def note(fabric: Fabric, cluster: Cluster, kind: str, title: str, message: str, context: Mapping[str, str], **more: str) -> Record:
    """Keep an ``alert`` or ``event``; ``message`` has ``{name}`` slots for ``context``; ``entity_type``, ``severity`` in more."""
    return cluster.put(
        kind,
        {
            "title": title, "message": message, "context": dict(context), "created": fabric.now_usecs(), "last": fabric.now_usecs(),
            "resolved": 0, "acknowledged": 0, "by": "", "severity": more.get("severity", "kInfo"),
            "entity_type": more.get("entity_type", "cluster"), "entity_name": more.get("entity_name", ""), "auto": False,
        },
    )  # fmt: skip


def _watch_remote_sites(fabric: Fabric, cluster: Cluster) -> None:
    """Raise what stands against a remote site, resolve what no longer does."""
    for record in list(cluster.objects.all("remote_site")):
        found = relationship(fabric, cluster, record.document)
        name = record.document["name"]
        for title, stands in ((_UNREACHABLE, found.status == UNREACHABLE), (_STRANGER, found.stranger)):
            open_ones = [a for a in cluster.objects.all("alert") if a.document["title"] == title and not a.document["resolved"]]
            mine = [alert for alert in open_ones if alert.document["entity_name"] == name]
            if stands and not mine:
                text, context = f"{title}: {{remote_name}}", {"remote_name": name}
                note(fabric, cluster, "alert", title, text, context, severity="kCritical", entity_type="remote_site", entity_name=name)
            for alert in () if stands else mine:
                cluster.change(alert, resolved=fabric.now_usecs(), auto=True)


@route("GET", "alerts")
def _alerts(call: Call) -> Collection:
    _watch_remote_sites(call.fabric, call.cluster)
    return _listing(call, "alert", None)


@route("GET", "events")
def _events(call: Call) -> Collection:
    return _listing(call, "event", None)


@route("GET", "remote_sites/alerts")
def _all_site_alerts(call: Call) -> Collection:
    _watch_remote_sites(call.fabric, call.cluster)
    return _listing(call, "alert", "remote_site")


@route("GET", "remote_sites/{name}/alerts")
def _site_alerts(call: Call) -> Collection:
    _watch_remote_sites(call.fabric, call.cluster)
    return _listing(call, "alert", "remote_site")


@route("GET", "protection_domains/{name}/events")
def _domain_events(call: Call) -> Collection:
    return _listing(call, "event", "protection_domain")


@route("GET", "protection_domains/{name}/alerts")
def _domain_alerts(call: Call) -> Collection:
    return _listing(call, "alert", "protection_domain")


@route("POST", "alerts/{id}/resolve")
def _resolve(call: Call) -> Document:
    call.cluster.change(_find(call), resolved=call.fabric.now_usecs(), by=call.cluster.username)
    return {"id": call.params["id"], "successful": True, "message": None}


@route("POST", "alerts/{id}/acknowledge")
def _acknowledge(call: Call) -> Document:
    call.cluster.change(_find(call), acknowledged=call.fabric.now_usecs(), by=call.cluster.username)
    return {"id": call.params["id"], "successful": True, "message": None}


def _find(call: Call) -> Record:
    record = call.cluster.objects.find("alert", call.params["id"])
    if record is None:
        raise unknown(call.cluster.switches, "Alert", call.params["id"])
    return record


def _listing(call: Call, kind: str, entity_type: str | None) -> Collection:
    limit = int(call.query.get("count") or _PAGE)
    wanted_type = (call.query.get("entity_type") or call.query.get("entityType") or entity_type or "").lower()
    since = int(call.query.get("start_time_in_usecs") or call.query.get("startTimeInUsecs") or 0)
    found: list[Document] = []
    for record in call.cluster.objects.all(kind):
        document = record.document
        if wanted_type and document["entity_type"].lower() != wanted_type:
            continue
        if call.params.get("name") not in (None, document["entity_name"]) or document["created"] < since:
            continue
        if any(name in call.query and call.flag(name) != bool(document[name]) for name in ("resolved", "acknowledged")):
            continue
        if call.query.get("severity") not in (None, "", document["severity"]):
            continue
        found.append(_render(call.cluster, record))
    found.sort(key=lambda entry: -int(entry["created_time_stamp_in_usecs"]))
    return Collection(found[:limit], bare=False, paged=True, count=limit)


def _render(cluster: Cluster, record: Record) -> Document:
    document = record.document
    entity: Document = {"entity_name": document["entity_name"], "entity_type": document["entity_type"], "id": "", "uuid": cluster.uuid}
    return {
        "id": record.id, "alert_title": document["title"], "message": document["message"], "detailed_message": "", "alert_details": None,
        "alert_type_uuid": "A" + record.id[:6], "check_id": None, "severity": document["severity"], "classifications": ["DR"],
        "impact_types": ["SystemIndicator"], "possible_causes": [], "context_types": list(document["context"]),
        "context_values": list(document["context"].values()),
        "affected_entities": [{**entity, "entity_type_display_name": document["entity_type"]}] if document["entity_name"] else [],
        "created_time_stamp_in_usecs": document["created"], "last_occurrence_time_stamp_in_usecs": document["last"],
        "acknowledged": bool(document["acknowledged"]), "acknowledged_by_username": document["by"] if document["acknowledged"] else "",
        "acknowledged_time_stamp_in_usecs": document["acknowledged"],
        "resolved": bool(document["resolved"]), "resolved_by_username": document["by"] if document["resolved"] else "",
        "resolved_time_stamp_in_usecs": document["resolved"], "auto_resolved": document["auto"], "user_defined": False,
        "cluster_uuid": cluster.uuid, "originating_cluster_uuid": cluster.uuid, "node_uuid": host_uuid(cluster),
        "operation_type": "kCreate", "service_vmid": f"{cluster.uuid}::4",
    }  # fmt: skip
