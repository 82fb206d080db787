# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of Prism Element: for writes of VMs, never for protection domains (contract/element section 5)."""

from __future__ import annotations

from prismsim.element.cluster import Cluster
from prismsim.element.errors import unknown
from prismsim.element.fabric import Fabric
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record


def done(fabric: Fabric, cluster: Cluster, operation: str, entity_type: str, entity: str) -> str:
    """Keep a task for work whose effect is there already; its id. It shows as running for the profile's shortest task."""
    start = fabric.now_usecs()
    end = start + int(cluster.site.profile.task_min * 1_000_000)
    record = cluster.put("task", {"operation": operation, "start": start, "end": end, "entity_type": entity_type, "entity": entity})
    return record.id


@route("GET", "tasks/{uuid}")
def _get(call: Call) -> Document:
    record = call.cluster.objects.find("task", call.params["uuid"])
    if record is None:
        raise unknown(call.cluster.switches, "Task", call.params["uuid"])
    return _render(call, record)


@route("POST", "tasks/list")
def _list(call: Call) -> Collection:
    body = call.members({"entity_list", "include_completed", "operation_type_list", "count", "cut_off_time_usecs"})
    kinds = set(body.get("operation_type_list") or ())
    found = [record for record in call.cluster.objects.all("task") if not kinds or record.document["operation"] in kinds]
    shown = [_render(call, record) for record in found if body.get("include_completed") or not _ended(call, record)]
    return Collection(shown[: body.get("count") or len(shown)], bare=False)


@route("POST", "tasks/poll")
def _poll(call: Call) -> Document:
    body = call.members({"completed_tasks", "timeout_interval"}, ["completed_tasks"])
    found = [call.cluster.objects.find("task", uuid) for uuid in body["completed_tasks"]]
    ended = [_render(call, record) for record in found if record is not None and _ended(call, record)]
    return {"completed_tasks_info": ended, "timed_out": not ended}


def _ended(call: Call, record: Record) -> bool:
    return bool(call.fabric.now_usecs() >= record.document["end"])


def _render(call: Call, record: Record) -> Document:
    document, ended = record.document, _ended(call, record)
    return {
        "uuid": record.id, "cluster_uuid": call.cluster.uuid, "operation_type": document["operation"],
        "progress_status": "Succeeded" if ended else "Running", "percentage_complete": 100 if ended else 50,
        "create_time_usecs": document["start"], "start_time_usecs": document["start"],
        "complete_time_usecs": document["end"] if ended else None, "last_updated_time_usecs": document["end"] if ended else document["start"],
        "display_name": None, "message": "", "parent_task_uuid": None, "subtask_uuid_list": [], "subtask_info_list": None,
        "entity_list": [{"entity_id": document["entity"], "entity_type": document["entity_type"], "entity_name": None}],
        "meta_request": {"method_name": document["operation"]}, "meta_response": {"error_code": 0, "error_detail": None},
    }  # fmt: skip
