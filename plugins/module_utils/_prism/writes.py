# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes a Prism Central: create, update, delete, act and batch over API v4, each until its task has ended; knows no kinds of objects."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._errors import CANNOT_TELL, DrError, NotFound, ServerError
from .batch import Batches
from .many_writes import ManyWrites
from .new_ids import new_id
from .tasks import Task, Tasks
from .write_calls import write

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .answers import Reply
    from .batch import Action, BatchItem, ItemOutcome
    from .calls import Calls


class Created(t.NamedTuple):
    """``ext_id`` is ``None`` where the server does not tell it: look the object up by name. ``task`` is ``None`` for synchronous kinds."""

    ext_id: str | None
    task: str | None


class Writes:
    """Safe to share between threads. Paths are relative to the version ("config/policies").

    Times in seconds: ``task_timeout`` for one task. ``progress`` is called with a task whenever its state changed.
    Every method raises ``DrError`` only; ``CANNOT_TELL`` from all of them. All but ``start`` wait for their task.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        task_timeout: float,
        progress: Callable[[Task], None] | None,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self.site = calls.site
        self._calls = calls
        self._tasks = Tasks(calls, timeout=task_timeout, sleep=sleep, clock=clock, progress=progress)
        self._many = ManyWrites(self, Batches(calls, self._tasks, timeout=task_timeout, sleep=sleep, clock=clock))

    def create(self, namespace: str, path: str, body: Mapping[str, t.Any], *, request_id: str) -> Created:
        """Make an object. Raises ``Refused``, ``TaskFailed``; with ``outcome_unknown`` look it up by name before trying again."""
        reply = write(self._calls, "POST", namespace, path, verb="create", request_id=request_id, body=body)
        if reply.status != 202:
            made = reply.data.get("extId") if isinstance(reply.data, dict) else None
            return Created(made, None)
        task = self._finish(reply, "create", whole=lambda task: new_id(task, namespace, path) is not None)
        return Created(new_id(task, namespace, path), str(task["extId"]))

    def update(self, namespace: str, path: str, ext_id: str, body: Mapping[str, t.Any], *, etag: str | None, request_id: str) -> None:
        """Replace an object whole. Raises ``Conflict`` when it is no longer the one that ``etag`` names."""
        self._finish(
            write(self._calls, "PUT", namespace, f"{path}/{quote(ext_id, safe='')}", verb="update", request_id=request_id, body=body, etag=etag), "update"
        )

    def delete(self, namespace: str, path: str, ext_id: str, *, etag: str | None = None, request_id: str) -> None:
        """Remove an object. Raises ``NotFound`` when it was not there, ``TaskFailed`` or ``Refused`` when it is in use."""
        self._finish(write(self._calls, "DELETE", namespace, f"{path}/{quote(ext_id, safe='')}", verb="delete", request_id=request_id, etag=etag), "delete")

    def act(self, namespace: str, path: str, action: str, body: Mapping[str, t.Any] | None = None, *, etag: str | None = None, request_id: str) -> Task | None:
        """POST ``path/$actions/action``; ``path`` names the object ("ahv/config/vms/ID"). The finished task, ``None`` for a synchronous action."""
        reply = write(self._calls, "POST", namespace, f"{path}/$actions/{action}", verb=action, request_id=request_id, body=body, etag=etag)
        return self._finish(reply, action) if reply.status == 202 else None

    def start(self, namespace: str, path: str, action: str, body: Mapping[str, t.Any] | None = None, *, request_id: str) -> str:
        """POST ``path/$actions/action`` and don't wait for what it starts: the id of its task."""
        return self._task_of(write(self._calls, "POST", namespace, f"{path}/$actions/{action}", verb=action, request_id=request_id, body=body), action)

    def task(self, task_id: str) -> Task:
        """A task as it is now, which may be before it can be read: then without a status. Raises ``CANNOT_TELL``."""
        return self._tasks.seen(task_id)

    def wait(self, task_id: str, *, deadline: float | None = None, progress: Callable[[Task], None] | None = None) -> Task:
        """A task that something else started, once it has succeeded. ``deadline`` is a time of the clock."""
        return self._tasks.wait(task_id, verb="wait", deadline=deadline, progress=progress)

    def batch(self, action: Action, uri_template: str, object_type: str, items: Sequence[BatchItem], *, name: str, request_id: str) -> Sequence[ItemOutcome]:
        """Write many objects; the outcome of each, in the order of the items. ``uri_template`` is ``uri()`` + what follows it ("/{extId}").

        Where the site serves no batches, or tells no outcome of an item that failed, items are written singly.
        """
        return self._many.write(action, uri_template, object_type, items, name=name, request_id=request_id)

    def _finish(self, reply: Reply, verb: str, *, whole: Callable[[Task], bool] | None = None) -> Task:
        """Wait for the task of a write; an empty task for a write that was done at once."""
        if reply.status != 202:
            return {}
        task_id = self._task_of(reply, verb)
        try:
            return self._tasks.wait(task_id, verb=verb, whole=whole)
        except DrError as error:
            error.outcome_unknown = isinstance(error, (*CANNOT_TELL, NotFound))
            raise

    def _task_of(self, reply: Reply, verb: str) -> str:
        task_id = reply.data.get("extId") if isinstance(reply.data, dict) else None
        if not isinstance(task_id, str):
            error = ServerError("the site accepted the write without naming a task", site=self.site, verb=verb, fix="look the object up, then run again")
            error.outcome_unknown = True
            raise error
        return task_id
