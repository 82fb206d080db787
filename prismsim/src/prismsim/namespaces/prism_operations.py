# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks and batches of Prism (contract/v4 sections 4 and 8), as calls. What they do is in ``tasks`` and ``batch``."""

from __future__ import annotations

import re

from prismsim import query, shape
from prismsim.batch import accept_batch, perform_batch
from prismsim.crud import Resource, page, register
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, not_found
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.site import Site
from prismsim.tasks import Task

_TASK_MODEL = "prism.v4.config.Task"
_TASK_ID = re.compile(r"^[a-zA-Z0-9/+]*={0,2}:[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$")

BATCH = Resource(
    "prism", "batch", "batches", "batch", "prism.v4.operations.Batch", "prism:operations:batch", "batch",
    names_are_unique=False,
)  # fmt: skip


def _find(call: Call, parameter: str) -> Task:
    ext_id = call.params[parameter]
    if not _TASK_ID.match(ext_id):
        text = f'ECMA 262 regex "{_TASK_ID.pattern}" does not match input string "{ext_id}"'
        raise ApiError(400, problems=[Problem(parameter, text, "@path")])
    task = call.site.tasks.find(ext_id)
    if task is None:
        raise not_found("task", ext_id)
    return task


def _get_task(call: Call) -> Answer:
    asked = query.parse(call.operation, call.query, call.catalog, _TASK_MODEL)
    document = call.site.tasks.document(_find(call, "extId"))
    if asked.select:
        document = {name: document[name] for name in asked.select if name in document}
    return Answer(item=dump(shape.answer(document, _TASK_MODEL, call.catalog)), model=_TASK_MODEL)


def _list_tasks(call: Call) -> Answer:
    asked = query.parse(call.operation, call.query, call.catalog, _TASK_MODEL)
    tasks = call.site.tasks
    if asked.predicate is None and not asked.order:
        every = [] if call.empty else tasks.all()
        shown = [tasks.document(task) for task in asked.window(every)]
        model = f"{_TASK_MODEL}Projection" if asked.select and f"{_TASK_MODEL}Projection" in call.catalog.models else _TASK_MODEL
        if asked.select:
            shown = [{name: item[name] for name in asked.select if name in item} for item in shown]
        return Answer(items=[dump(shape.answer(item, model, call.catalog)) for item in shown], model=model, total=len(every))
    found = asked.arrange([_filterable(tasks.document(task)) for task in ([] if call.empty else tasks.all())])
    return page(call, asked, [_unfilterable(item) for item in found], _TASK_MODEL)


def _filterable(document: Task) -> Task:
    """Filters name a parent by its id alone."""
    flat: Task = {name: document[name]["extId"] for name in ("parentTask", "rootTask") if name in document}
    return {**document, **flat, "_whole": document}


def _unfilterable(document: Task) -> Task:
    whole: Task = document["_whole"]
    return whole


def _list_affected(call: Call) -> Answer:
    model = "prism.v4.config.EntityReference"
    asked = query.parse(call.operation, call.query, call.catalog, None)
    document = call.site.tasks.document(_find(call, "taskExtId"))
    return page(call, asked, asked.arrange(document.get("entitiesAffected", [])), model)


def _jobs(call: Call) -> list[Task]:
    tasks = call.site.tasks
    found = [tasks.find(child) for child in _find(call, "taskExtId")["children"]]
    return [tasks.job(task) for task in found if task is not None]


def _list_jobs(call: Call) -> Answer:
    model = "prism.v4.config.TaskJob"
    asked = query.parse(call.operation, call.query, call.catalog, model)
    return page(call, asked, asked.arrange(_jobs(call)), model)


def _get_job(call: Call) -> Answer:
    model = "prism.v4.config.TaskJob"
    for job in _jobs(call):
        if job["extId"] == call.params["extId"]:
            return Answer(item=dump(shape.answer(job, model, call.catalog)), model=model)
    raise not_found("task job", call.params["extId"])


def _accept_cancel(call: Call) -> Work:
    task = _find(call, "taskExtId")
    if not call.site.tasks.document(task)["isCancelable"]:
        raise ApiError(409, [Message(f"The task {task['id']} cannot be canceled.", "TSKS-20902", "TASK_NOT_CANCELABLE")])
    return {"task": task["id"]}


def _perform_cancel(site: Site, work: Work) -> Outcome:
    task = site.tasks.find(work["task"])
    assert task is not None
    site.tasks.cancel(task)
    return Outcome()


def _canceled(call: Call, outcome: Outcome) -> Answer:
    message = Message("The task is being canceled.", "TSKS-20901", "TASK_CANCELLATION_SUCCESS", "INFO").body("prism")
    return Answer(200, item=dump(message), model="prism.v4.error.AppMessage")


READS["prism", "get_task_by_id"] = _get_task
READS["prism", "list_tasks"] = _list_tasks
READS["prism", "list_task_entities"] = _list_affected
READS["prism", "list_task_jobs"] = _list_jobs
READS["prism", "get_task_job_by_id"] = _get_job
WRITES["prism", "cancel_task"] = Write("Cancel task", _accept_cancel, _perform_cancel, _canceled)
WRITES["prism", "submit_batch"] = Write("BATCH", accept_batch, perform_batch)
register(BATCH, "list get")
