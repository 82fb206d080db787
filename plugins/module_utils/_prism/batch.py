# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes many objects of one kind in one call (contract/v4 section 8) and tells the outcome of each; single writes are elsewhere."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote

from .._errors import CANNOT_TELL, DeadlineExceeded, DrError, TaskFailed
from .batch_parts import BAD_ENDS, failed_rest, label, match, say_the_same, told, unmatched
from .listing import LARGEST_PAGE, read_all
from .new_ids import affected
from .refusals import app_messages, task_error
from .write_calls import write

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .calls import Calls
    from .tasks import Task, Tasks

#: The most items that one batch may carry.
LARGEST_BATCH = 500
#: The first prism minor whose batches have jobs, which tell the outcomes in the order of the items; before, their subtasks tell them.
JOBS_SINCE = (4, 2)
#: Seconds that each item adds to the time a batch may take.
_SECONDS_AN_ITEM = 2.0
#: Readings of the parts, for some tell their end or their object a moment later than their batch.
_READINGS = 5
_URI = re.compile(r"/api/([a-z-]+)/v\d+\.\d+/(.+?)(?:/\{extId\}(?:/\$actions/([a-z-]+))?)?")

Action: t.TypeAlias = "t.Literal['CREATE', 'MODIFY', 'DELETE', 'ACTION']"


class BatchItem(t.NamedTuple):
    """One write. ``key`` is the caller's own name for it; ``ext_id`` and ``etag`` belong to an object that exists."""

    key: str
    body: dict[str, t.Any] | None = None
    ext_id: str | None = None
    etag: str | None = None
    #: Of this item alone, a uuid; it serves where the item is written singly.
    request_id: str = ""


class ItemOutcome(t.NamedTuple):
    """What became of one item. Without an error it is done; ``ext_id`` may be ``None`` after a create whose id nobody told."""

    key: str
    ext_id: str | None
    error: DrError | None = None


class Target(t.NamedTuple):
    """What a URI template writes to: namespace and collection path, and the action of an ACTION batch."""

    namespace: str
    path: str
    action: str


def target_of(uri_template: str) -> Target:
    """ "/api/vmm/v4.2/ahv/config/vms/{extId}/$actions/associate-categories" taken apart. Raises ``ValueError``."""
    match = _URI.fullmatch(uri_template)
    if match is None:
        raise ValueError(f"not a batch URI: {uri_template}")
    return Target(match[1], match[2], match[3] or "")


class Batches:
    """Submits batches to one Prism Central and reads their outcomes."""

    def __init__(self, calls: Calls, tasks: Tasks, *, timeout: float, sleep: Callable[[float], None], clock: Callable[[], float]) -> None:
        self._calls = calls
        self._tasks = tasks
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock

    def submit(self, action: Action, uri_template: str, object_type: str, items: Sequence[BatchItem], *, name: str, request_id: str) -> str:
        """Start one batch of at most 500 items; the id of its task. Raises ``DrError`` when it was not accepted."""
        # One chunk: the items of a kind do not depend on each other, and chunks would wait for each other.
        body = {
            "metadata": {"action": action, "name": name[:256], "uri": uri_template, "shouldStopOnError": False, "chunkSize": len(items)},
            "payload": [_payload(item, object_type) for item in items],
        }
        reply = write(self._calls, "POST", "prism", "operations/$actions/batch", verb="write a batch", request_id=request_id, body=body)
        return str(reply.data["extId"])

    def outcomes(self, task_id: str, action: Action, target: Target, items: Sequence[BatchItem]) -> list[ItemOutcome | None]:
        """Wait for a batch and tell what became of each item, in the order of the items. Raises nothing of the server's.

        ``None`` stands for an item that has surely failed, for a reason that nobody can tell from those of other items.
        """
        verb = {"CREATE": "create", "MODIFY": "update", "DELETE": "delete"}.get(action, target.action)
        deadline = self._clock() + self._timeout + _SECONDS_AN_ITEM * len(items)
        made = target if action == "CREATE" else None
        try:
            batch = self._tasks.finished(task_id, verb=verb, deadline=deadline)
            if made and batch.get("status") == "SUCCEEDED" and not any((item.body or {}).get("name") for item in items):
                # Parts call what they made by its name. What has none, as categories, has to be looked up anyway.
                return [ItemOutcome(item.key, None) for item in items]
            parts = self._jobs(task_id, made) if self._calls.minor("prism") >= JOBS_SINCE else self._subtasks(task_id, made)
            matched = match(parts, items, target, labels={})
            if made and batch.get("status") == "FAILED" and any(part.get("status") == "SUCCEEDED" for part in unmatched(parts, matched)):
                # Some parts tell the ids of what they made, but not what it is called.
                matched = match(parts, items, target, labels=self._labels(target))
        except DrError as error:
            # Each item gets an error of its own: the caller adds a name to it.
            return [ItemOutcome(item.key, item.ext_id, _unknown(error)) for item in items]
        rest = failed_rest(parts, matched) if batch.get("status") == "FAILED" else []
        if rest and say_the_same(rest):
            matched = [part or rest[0] for part in matched]
            rest = []
        return [None if part is None and rest else self._outcome(item, part, parts, batch, verb, target) for item, part in zip(items, matched, strict=True)]

    def _jobs(self, task_id: str, made: Target | None) -> list[Task]:
        return self._parts(f"config/tasks/{quote(task_id, safe='')}/jobs", {}, made)

    def _subtasks(self, task_id: str, made: Target | None) -> list[Task]:
        """By a list, since the task itself names only some of them; in an order that says nothing."""
        return self._parts("config/tasks", {"$filter": f"parentTask eq '{task_id}'"}, made)

    def _parts(self, path: str, params: dict[str, str], made: Target | None) -> list[Task]:
        """The parts of an ended batch. Read again while one is still pending, or does not yet tell what it ``made``."""
        reading = 0
        while True:
            parts = read_all(self._calls, "prism", path, params, limit=LARGEST_PAGE)
            reading += 1
            if reading == _READINGS or (parts and all(told(part, made) for part in parts)):
                return parts
            self._sleep(0.15 * 2**reading)

    def _labels(self, target: Target) -> dict[str, str | None]:
        objects = read_all(self._calls, target.namespace, target.path, {}, limit=LARGEST_PAGE)
        return {str(found["extId"]): label(found) for found in objects if "extId" in found}

    def _outcome(self, item: BatchItem, part: Task | None, parts: Sequence[Task], batch: Task, verb: str, target: Target) -> ItemOutcome:
        site = self._calls.site
        task_id = str(batch.get("extId", ""))
        if part is None:
            if batch.get("status") == "SUCCEEDED":
                return ItemOutcome(item.key, item.ext_id)
            messages = [message for other in parts if other.get("status") == "FAILED" for message in app_messages(other.get("errorMessages"))]
            error = task_error(f"one item of batch {task_id}, not told which,", "FAILED", messages, site=site)
            error.outcome_unknown = True
            return ItemOutcome(item.key, item.ext_id, error.about(verb=verb))
        status = str(part.get("status"))
        if status == "SUCCEEDED":
            ids = {str(entity["extId"]) for entity in affected(part, target.namespace, target.path)}
            return ItemOutcome(item.key, item.ext_id or (ids.pop() if len(ids) == 1 else None))
        error = task_error(f"its part of batch {task_id}", status, app_messages(part.get("errorMessages")), site=site)
        # A part that is pending when its batch has ended was canceled, or is not told yet.
        error.outcome_unknown = status not in BAD_ENDS
        return ItemOutcome(item.key, item.ext_id, error.about(verb=verb))


def _payload(item: BatchItem, object_type: str) -> dict[str, t.Any]:
    metadata: dict[str, t.Any] = {}
    if item.etag is not None:
        metadata["headers"] = [{"name": "If-Match", "value": item.etag}]
    if item.ext_id is not None:
        metadata["path"] = [{"name": "extId", "value": item.ext_id}]
    payload: dict[str, t.Any] = {"metadata": metadata} if metadata else {}
    if item.body is not None:
        payload["data"] = {"$objectType": object_type, **item.body} if object_type else item.body
    return payload


def _unknown(error: DrError) -> DrError:
    """A copy of the error for one item: the batch was accepted, so each item may have been written."""
    copy: DrError
    if isinstance(error, (DeadlineExceeded, CANNOT_TELL)):
        copy = DeadlineExceeded(f"the outcome of its batch could not be read: {error.cause}", site=error.site, verb=error.verb, fix=error.fix)
    else:
        copy = TaskFailed(f"the outcome of its batch could not be read: {error.cause}", site=error.site, verb=error.verb, fix=error.fix)
    copy.outcome_unknown = True
    return copy
