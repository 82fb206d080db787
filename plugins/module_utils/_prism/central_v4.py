# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prism Central as the layers above see it: list, get, create, update, delete, act and batch over API v4; knows no kinds of objects."""

from __future__ import annotations

import random as randomlib
import threading
import time
import typing as t
from urllib.parse import quote

from .._errors import CANNOT_TELL, DrError, NotFound, ServerError
from .._net.retry import DEFAULT_POLICY, RetryPolicy
from .._net.session import Endpoint, HttpSession
from .._net.statistics import Statistics
from .calls import Calls, Reply
from .listing import LARGEST_PAGE, Object, read_all
from .parallel import in_threads

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .batch import Action, BatchItem, ItemOutcome
    from .many_writes import ManyWrites
    from .tasks import Task, Tasks
    from .versions import Minor

#: Single reads at a time; the rate limits allow hardly more.
_THREADS = 8


class Fetched(t.NamedTuple):
    """One object as the site holds it, and the ETag that an update must name."""

    body: Object
    etag: str | None


class Created(t.NamedTuple):
    """``ext_id`` is ``None`` where the server does not tell it: look the object up by name. ``task`` is ``None`` for synchronous kinds."""

    ext_id: str | None
    task: str | None


class CentralV4:
    """One Prism Central. Safe to share between threads. Paths are relative to the version ("config/policies").

    Times in seconds: ``task_timeout`` for one task, ``policy.total`` for one call with its retries.
    ``progress`` is called with a task whenever its state changed.
    Every method raises ``DrError`` only; ``CANNOT_TELL`` from all of them. Writes wait for their task.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        task_timeout: float = 300.0,
        policy: RetryPolicy = DEFAULT_POLICY,
        known: Mapping[str, Minor] | None = None,
        progress: Callable[[Task], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = randomlib.random,
    ) -> None:
        self.site = endpoint.label
        self._session = HttpSession(endpoint, clock=clock)
        self._statistics = Statistics()
        self._calls = Calls(self._session, self._statistics, sleep=sleep, clock=clock, random=random, policy=policy, known=known)
        self._progress = progress
        self._awaiting: Tasks | None = None
        self._task_timeout = task_timeout
        self._sleep = sleep
        self._clock = clock
        self._many: ManyWrites | None = None
        self._making = threading.RLock()

    @property
    def statistics(self) -> dict[str, t.Any]:
        """What went over the wire so far: calls, by_status, failures, retries, rate_limited."""
        return self._statistics.as_dict()

    def close(self) -> None:
        self._session.close()

    def minor(self, namespace: str) -> tuple[int, int]:
        """The API version spoken in a namespace: (4, 2)."""
        return self._calls.minor(namespace)

    def uri(self, namespace: str, path: str) -> str:
        """The path with its version, as a batch wants it: "/api/microseg/v4.2/config/policies"."""
        return self._calls.uri(namespace, path)

    def list(
        self,
        namespace: str,
        path: str,
        *,
        filter: str | None = None,
        select: str | None = None,
        expand: str | None = None,
        orderby: str | None = None,
        limit: int | None = LARGEST_PAGE,
    ) -> Iterator[Object]:
        """All objects of a list; ``limit`` is the page size (``None`` for the few lists that have no pages).

        The list is read whole before the first object is given, so that one that moved meanwhile is read again.
        """
        given = {"$filter": filter, "$select": select, "$expand": expand, "$orderby": orderby}
        return iter(read_all(self._calls, namespace, path, {name: value for name, value in given.items() if value is not None}, limit=limit))

    def get(self, namespace: str, path: str, ext_id: str) -> Fetched:
        """One object with its ETag. Raises ``NotFound``."""
        reply = self._calls.read(namespace, f"{path}/{quote(ext_id, safe='')}")
        if not isinstance(reply.data, dict):
            raise ServerError(f"{path}/{ext_id} came without data", site=self.site, verb="read", fix="try again")
        return Fetched(reply.data, reply.etag)

    def get_many(self, namespace: str, path: str, ext_ids: Sequence[str]) -> dict[str, Fetched | DrError]:
        """Many objects with their ETags, several at a time; an error stands in the place of what could not be read."""

        def one(ext_id: str) -> Fetched | DrError:
            try:
                return self.get(namespace, path, ext_id)
            except DrError as error:
                return error

        return dict(zip(ext_ids, in_threads(one, ext_ids, threads=_THREADS), strict=True))

    def create(self, namespace: str, path: str, body: Mapping[str, t.Any], *, request_id: str) -> Created:
        """Make an object. Raises ``Refused``, ``TaskFailed``; with ``outcome_unknown`` look it up by name before trying again."""
        reply = self._calls.write("POST", namespace, path, verb="create", request_id=request_id, body=body)
        if reply.status != 202:
            made = reply.data.get("extId") if isinstance(reply.data, dict) else None
            return Created(made, None)
        from .new_ids import new_id

        task = self._finish(reply, "create", whole=lambda task: new_id(task, namespace, path) is not None)
        return Created(new_id(task, namespace, path), str(task["extId"]))

    def update(self, namespace: str, path: str, ext_id: str, body: Mapping[str, t.Any], *, etag: str | None, request_id: str) -> None:
        """Replace an object whole. Raises ``Conflict`` when it is no longer the one that ``etag`` names."""
        self._finish(
            self._calls.write("PUT", namespace, f"{path}/{quote(ext_id, safe='')}", verb="update", request_id=request_id, body=body, etag=etag), "update"
        )

    def delete(self, namespace: str, path: str, ext_id: str, *, etag: str | None = None, request_id: str) -> None:
        """Remove an object. Raises ``NotFound`` when it was not there, ``TaskFailed`` or ``Refused`` when it is in use."""
        self._finish(self._calls.write("DELETE", namespace, f"{path}/{quote(ext_id, safe='')}", verb="delete", request_id=request_id, etag=etag), "delete")

    def act(self, namespace: str, path: str, action: str, body: Mapping[str, t.Any] | None = None, *, etag: str | None = None, request_id: str) -> Task | None:
        """POST ``path/$actions/action``; ``path`` names the object ("ahv/config/vms/ID"). The finished task, ``None`` for a synchronous action."""
        reply = self._calls.write("POST", namespace, f"{path}/$actions/{action}", verb=action, request_id=request_id, body=body, etag=etag)
        return self._finish(reply, action) if reply.status == 202 else None

    def start(self, namespace: str, path: str, action: str, body: Mapping[str, t.Any] | None = None, *, request_id: str) -> str:
        """POST ``path/$actions/action`` and don't wait for what it starts: the id of its task."""
        return self._task_of(self._calls.write("POST", namespace, f"{path}/$actions/{action}", verb=action, request_id=request_id, body=body), action)

    def task(self, task_id: str) -> Task:
        """A task as it is now, which may be before it can be read: then without a status. Raises ``CANNOT_TELL``."""
        return self._tasks().seen(task_id)

    def wait(self, task_id: str, *, deadline: float | None = None, progress: Callable[[Task], None] | None = None) -> Task:
        """A task that something else started, once it has succeeded. ``deadline`` is a time of the clock."""
        return self._tasks().wait(task_id, verb="wait", deadline=deadline, progress=progress)

    def batch(self, action: Action, uri_template: str, object_type: str, items: Sequence[BatchItem], *, name: str, request_id: str) -> Sequence[ItemOutcome]:
        """Write many objects; the outcome of each, in the order of the items. ``uri_template`` is ``uri()`` + what follows it ("/{extId}").

        Where the site serves no batches, or tells no outcome of an item that failed, items are written singly.
        """
        with self._making:
            if self._many is None:
                # Imported here: a run that writes one object never needs it.
                from .batch import Batches
                from .many_writes import ManyWrites

                self._many = ManyWrites(self, Batches(self._calls, self._tasks(), timeout=self._task_timeout, sleep=self._sleep, clock=self._clock))
        return self._many.write(action, uri_template, object_type, items, name=name, request_id=request_id)

    def _tasks(self) -> Tasks:
        """Who waits for tasks. Made when first needed: a run that changes nothing has no task."""
        with self._making:
            if self._awaiting is None:
                from .tasks import Tasks

                self._awaiting = Tasks(self._calls, timeout=self._task_timeout, sleep=self._sleep, clock=self._clock, progress=self._progress)
            return self._awaiting

    def _finish(self, reply: Reply, verb: str, *, whole: Callable[[Task], bool] | None = None) -> Task:
        """Wait for the task of a write; an empty task for a write that was done at once."""
        if reply.status != 202:
            return {}
        task_id = self._task_of(reply, verb)
        try:
            return self._tasks().wait(task_id, verb=verb, whole=whole)
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
