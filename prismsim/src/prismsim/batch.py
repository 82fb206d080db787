# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches (contract/v4 section 8): many calls of one kind in one request, a subtask for each.

Knows chunks, order and the summary; each item is run by the engine exactly as if it had come alone.
"""

from __future__ import annotations

import uuid
from typing import Any

from prismsim.clock import timestamp
from prismsim.crud import checked_body
from prismsim.errors import ApiError, Message, Problem, Refusal
from prismsim.registry import Call, Outcome, Work
from prismsim.site import ADMIN, Site
from prismsim.tasks import FINAL, Task, Tasks

MAX_ITEMS = 500
_METHODS = {"CREATE": "POST", "MODIFY": "PUT", "ACTION": "POST", "DELETE": "DELETE"}


def accept_batch(call: Call) -> Work:
    """Check the batch itself; its items are checked when their turn comes."""
    body = checked_body(call, "prism.v4.operations.BatchSpec")
    payload = body.get("payload") or []
    if not 1 <= len(payload) <= MAX_ITEMS:
        text = f"A batch holds 1 to {MAX_ITEMS} items, not {len(payload)}"
        raise ApiError(400, problems=[Problem("payload", text)])
    if not body.get("metadata"):
        raise ApiError(400, problems=[Problem("metadata", 'Object has missing required properties (["metadata"])')])
    meta = body["metadata"]
    return {
        "batch": {
            "extId": str(uuid.uuid4()),
            "name": meta["name"],
            "action": meta["action"],
            "stop": bool(meta.get("shouldStopOnError")),
            "chunk": int(meta.get("chunkSize") or 1),
        },
        "items": [_item(meta, entry) for entry in payload],
    }


def _item(meta: dict[str, Any], entry: dict[str, Any]) -> Work:
    metadata = entry.get("metadata") or {}
    uri: str = meta["uri"]
    for part in metadata.get("path") or ():
        uri = uri.replace("{" + str(part.get("name")) + "}", str(part.get("value")))
    headers = {str(header.get("name")).lower(): str(header.get("value")) for header in metadata.get("headers") or ()}
    data = entry.get("data")
    return {"method": _METHODS[meta["action"]], "uri": uri, "headers": headers, "body": data}


def start(tasks: Tasks, site: Site, work: Work, fate: str | None) -> Task:
    """Make the parent task and one subtask per item; the items of a chunk end together, chunks follow each other."""
    batch, items = work["batch"], work["items"]
    now = due = site.clock.now()
    dues: list[float] = []
    for first in range(0, len(items), batch["chunk"]):
        size = len(items[first : first + batch["chunk"]])
        due += max(tasks.duration() for _ignored in range(size))
        dues += [due] * size
    children: list[str] = []
    if fate is None:
        for index, item in enumerate(items):
            title = f"{batch['name']} item {index + 1}"
            chunk_start = index - index % batch["chunk"]
            child_work = {"item": item, "stop": batch["stop"], "chunk_start": chunk_start}
            children.append(tasks.submit(title, child_work, due=dues[index], cancelable=True)["id"])
    _record(site, batch, len(items), now)
    title = f"BATCH-{batch['action']}"
    parent = tasks.submit(title, work, fate, due=due, children=children, cancelable=True)
    for child in children:
        task = tasks.find(child)
        assert task is not None
        task["parent"] = parent["id"]
        tasks.save(task)
    tasks.settle()
    return parent


def perform_batch(site: Site, work: Work) -> Outcome:
    """End the parent: count. Raises Refusal when an item failed."""
    tasks = site.tasks
    task: Task = work["task"]
    children = _children(tasks, task)
    if any(child["status"] not in FINAL for child in children):
        task["fate"] = "never"  # an item never ends, so neither does the batch
        return Outcome()
    batch = work["batch"]
    good = sum(child["status"] == "SUCCEEDED" for child in children)
    bad = len(children) - good
    task["summary"] = {"numberOfJobs": len(children), "numberOfJobsSuccessful": good, "numberOfJobsFailed": bad}
    if bad:
        raise Refusal([Message(f"{bad} subtask has failed.", "TSKS-20801", "LEGACY_ERROR")])
    return Outcome([{"extId": batch["extId"], "rel": "prism:operations:batch", "name": batch["name"]}])


def close(site: Site, task: Task) -> None:
    """Write into the batch record how the parent has ended: by its items, by cancellation, or as a whole before any item."""
    if "batch" not in (task["work"] or {}):
        return
    batch, size = task["work"]["batch"], len(task["work"]["items"])
    good = sum(child["status"] == "SUCCEEDED" for child in _children(site.tasks, task))
    bad = size - good
    state = "SUCCEEDED" if not bad else "PARTIALLY_SUCCEEDED" if good else "FAILED"
    state = "CANCELLED" if task["status"] == "CANCELED" else state
    document = site.objects.find("batch", batch["extId"])
    assert document is not None
    end = {"endTime": site.now(), "successCount": good, "failedCount": bad, "completionStatus": state, "executionStatus": "COMPLETED"}
    site.put("batch", {**document.document, **end})


def _children(tasks: Tasks, task: Task) -> list[Task]:
    return [child for child in (tasks.find(ext_id) for ext_id in task["children"]) if child is not None]


def must_stop(tasks: Tasks, task: Task) -> bool:
    """True when an item of an earlier chunk failed and the batch was told to stop on errors."""
    if not task["work"]["stop"]:
        return False
    parent = tasks.find(task["parent"])
    assert parent is not None
    earlier = [tasks.find(ext_id) for ext_id in parent["children"][: task["work"]["chunk_start"]]]
    return any(found is not None and found["status"] in ("FAILED", "CANCELED") for found in earlier)


def _record(site: Site, batch: dict[str, Any], size: int, started: float) -> None:
    document = {
        "extId": batch["extId"], "name": batch["name"], "ownerUuid": ADMIN, "startTime": timestamp(started), "size": size,
        "successCount": 0, "failedCount": 0, "shouldStopOnError": batch["stop"], "executionStatus": "IN_PROGRESS",
    }  # fmt: skip
    site.put("batch", document)
