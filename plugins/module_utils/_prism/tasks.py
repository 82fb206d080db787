# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits for tasks (contract/v4 section 4): how often to look, when it is over, what a bad end means; starts none."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._errors import DeadlineExceeded, DrError, NotFound, ServerError
from .refusals import app_messages, task_error
from .write_calls import timed_out

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .calls import Calls

TERMINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELED"})
#: Seconds between two looks: this share of the time that the task has taken so far, so that its end is heard late by no more than
#: that; sooner, down to the small share, where its progress says that it should be over by then.
_SHORTEST, _LONGEST, _SHARE, _SMALL_SHARE = 0.1, 2.0, 0.12, 0.03
#: Seconds after success in which the affected entities may still be filled in.
_LATE = 10.0
#: Seconds in which a task that was just started may not be readable yet.
_UNSEEN = 3.0

Task: t.TypeAlias = "dict[str, t.Any]"


class Tasks:
    """Waits for tasks of one Prism Central. ``timeout`` in seconds is the deadline where a wait gives none."""

    def __init__(
        self,
        calls: Calls,
        *,
        timeout: float,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        progress: Callable[[Task], None] | None = None,
    ) -> None:
        self._calls = calls
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        self._progress = progress

    def wait(
        self,
        task_id: str,
        *,
        verb: str,
        deadline: float | None = None,
        progress: Callable[[Task], None] | None = None,
        whole: Callable[[Task], bool] | None = None,
    ) -> Task:
        """The task once it has SUCCEEDED; ``deadline`` is a time of the clock.

        ``whole`` tells whether a succeeded task says all that is needed: some say it late, so it is read on for a while.
        ``progress`` is called with the task whenever its state or percentage changed.
        Raises ``TaskFailed``, ``Conflict`` (stale ETag), ``DeadlineExceeded`` with the last state, ``CANNOT_TELL``.
        """
        task = self.finished(task_id, verb=verb, deadline=deadline, progress=progress, whole=whole)
        status = str(task.get("status"))
        if status == "SUCCEEDED":
            return task
        raise bad_end(task_id, task, site=self._calls.site).about(verb=verb)

    def seen(self, task_id: str) -> Task:
        """The task as it is now; empty if it can't be read yet."""
        try:
            return self._read(task_id, "wait", self._clock() + self._timeout)
        except NotFound:
            return {}

    def finished(
        self,
        task_id: str,
        *,
        verb: str,
        deadline: float | None = None,
        progress: Callable[[Task], None] | None = None,
        whole: Callable[[Task], bool] | None = None,
    ) -> Task:
        """The task in its terminal state, good or bad; otherwise as ``wait``."""
        begun = self._clock()
        limit = begun + self._timeout if deadline is None else deadline
        tell = progress or self._progress
        state = "not seen yet"
        succeeded_at: float | None = None
        while True:
            try:
                task = self._read(task_id, verb, limit)
            except NotFound:
                if self._clock() - begun > _UNSEEN:
                    raise
                task = {}
            except DeadlineExceeded as error:
                raise timed_out(f"task {task_id}", state, site=self._calls.site, verb=verb) from error
            now = self._clock()
            status = task.get("status")
            seen = f"{status} {task.get('progressPercentage', 0)} %" if task else state
            if tell is not None and seen != state:
                tell(task)
            state = seen
            if status == "SUCCEEDED":
                succeeded_at = now if succeeded_at is None else succeeded_at
                if whole is None or whole(task) or now - succeeded_at >= _LATE:
                    return task
            elif status in TERMINAL:
                return task
            pause = pause_after(now - begun, task.get("progressPercentage"))
            if now + pause > limit:
                if status == "SUCCEEDED":
                    return task
                raise timed_out(f"task {task_id}", state, site=self._calls.site, verb=verb)
            self._sleep(pause)

    def _read(self, task_id: str, verb: str, deadline: float) -> Task:
        data = self._calls.read("prism", f"config/tasks/{quote(task_id, safe='')}", deadline=deadline, verb=verb).data
        if not isinstance(data, dict):
            raise ServerError(f"task {task_id} came without data", site=self._calls.site, verb=verb, fix="look at it in Prism, then run again")
        return data


def pause_after(taken: float, percentage: t.Any) -> float:
    """Seconds until the next look at a task that has ``taken`` so many and is ``percentage`` done, if it says so."""
    longest = _SHARE * taken
    if isinstance(percentage, int) and 0 < percentage < 100:
        left = taken * (100 - percentage) / percentage
        longest = min(longest, max(left, _SMALL_SHARE * taken))
    return min(_LONGEST, max(_SHORTEST, longest))


def bad_end(task_id: str, task: Task, *, site: str) -> DrError:
    """What a task that FAILED or was CANCELED says."""
    # The legacy text repeats what the messages say better: it serves only where there are none.
    legacy = [{"message": task["legacyErrorMessage"]}] if task.get("legacyErrorMessage") else None
    messages = app_messages(task.get("errorMessages")) or app_messages(legacy)
    return task_error(f"task {task_id}", str(task.get("status")), messages, site=site)
