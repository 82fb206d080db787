# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of one Prism Central: accepted work that is performed when its time has come, and how it looks meanwhile.

Knows time, order and outcomes; the work itself is done by the ``perform`` of the registry. What is pending is in the
store, so that a killed process performs it after its restart.
"""

from __future__ import annotations

import heapq
import random
import uuid
from collections.abc import Callable
from typing import Any

from prismsim.clock import timestamp
from prismsim.errors import Message, Refusal
from prismsim.registry import Outcome, Work
from prismsim.site import ADMIN, Site

PREFIX = "ZXJnb24=:"
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELED"})

#: A task as it is kept: plain JSON.
Task = dict[str, Any]
#: What a fault decided about a task: "failed", "canceled" or "never" (ends).
Fate = str


class Tasks:
    """All tasks of a site."""

    def __init__(self, site: Site, perform: Callable[[Site, Task], Outcome], ended: Callable[[Site, Task], None]) -> None:
        """``perform`` does the work of a task; ``ended`` hears of each that has ended, good or bad."""
        self._site = site
        self._perform = perform
        self._ended = ended
        self._tasks: dict[str, Task] = {}
        self._waiting: list[tuple[float, int, str]] = []
        self._random = random.Random()

    def load(self) -> None:
        """Take over the tasks of the store."""
        rows = [task for _ignored, task in self._site.store.all("task", self._site.id)]
        for task in sorted(rows, key=lambda row: int(row["number"])):
            self._tasks[task["id"]] = task
            self._wait(task)

    def find(self, ext_id: str) -> Task | None:
        """One task by its full id."""
        return self._tasks.get(ext_id)

    def all(self) -> list[Task]:
        """All tasks, newest first."""
        return list(reversed(self._tasks.values()))

    def submit(self, title: str, work: Work, fate: Fate | None = None, **more: Any) -> Task:
        """Accept work. It is performed at once when the profile is instant, else when ``settle`` finds it due."""
        now = self._site.clock.now()
        due = more.pop("due", None) or now + self._site.profile.task_duration(self._random)
        task: Task = {
            "id": PREFIX + str(uuid.uuid4()), "number": self._site.next_number("task"), "title": title, "work": work,
            "status": "RUNNING", "fate": fate, "created": now, "due": due, "entities": [], "details": [],
            "errors": [], "parent": None, "children": [], "cancelable": False, **more,
        }  # fmt: skip
        self._tasks[task["id"]] = task
        self._wait(task)
        self.save(task)
        return task

    def duration(self) -> float:
        """A fresh duration for one task, in seconds."""
        return self._site.profile.task_duration(self._random)

    def settle(self) -> bool:
        """Perform all work that is due; True if there was any."""
        worked = False
        while self._waiting and self._waiting[0][0] <= self._site.clock.now():
            _ignored, _ignored, ext_id = heapq.heappop(self._waiting)
            task = self._tasks[ext_id]
            if task["status"] not in FINAL:
                self._finish(task)
                worked = True
        return worked

    def cancel(self, task: Task) -> None:
        """End a task before its work is performed, with all of its children."""
        for child in task["children"]:
            self.cancel(self._tasks[child])
        if task["status"] not in FINAL:
            self.end(task, "CANCELED")

    def end(self, task: Task, status: str, errors: list[Message] | None = None) -> None:
        """Write down how a task ended."""
        now = self._site.clock.now()
        task["status"] = status
        task["errors"] = [vars(message) for message in errors or []]
        task["completed"] = now
        task["entities_at"] = now + self._site.profile.entities_delay(self._random)
        self._ended(self._site, task)
        task["work"] = None
        self.save(task)

    def save(self, task: Task) -> None:
        """Write a task to the store."""
        self._site.store.put("task", self._site.id, task["id"], task)

    def document(self, task: Task) -> dict[str, Any]:
        """A task as a ``prism.v4.config.Task`` of the newest minor."""
        now = self._site.clock.now()
        done = task["status"] in FINAL
        entities = task["entities"] if done and now >= task["entities_at"] else []
        span = max(task["due"] - task["created"], 0.001)
        document: dict[str, Any] = {
            "extId": task["id"],
            "operation": task["title"],
            "operationDescription": task["title"],
            "createdTime": timestamp(task["created"]),
            "startedTime": timestamp(task["created"]),
            "completedTime": timestamp(task["completed"]) if done else None,
            "lastUpdatedTime": timestamp(task["completed"] if done else now),
            "status": task["status"],
            "progressPercentage": 100 if done else task["progress"] if "progress" in task else min(99, int(100 * (now - task["created"]) / span)),
            "entitiesAffected": entities or None,
            "numberOfEntitiesAffected": len(entities),
            "numberOfSubtasks": len(task["children"]),
            "subTasks": [self._reference(child, "subtask") for child in task["children"][:100]] or None,
            "parentTask": self._reference(task["parent"], "parent") if task["parent"] else None,
            "rootTask": self._reference(task["parent"], "root") if task["parent"] else None,
            "completionDetails": [{"name": name, "value": value} for name, value in task["details"]] or None,
            "errorMessages": [self._message(error) for error in task["errors"]] or None,
            "legacyErrorMessage": task["errors"][0]["text"] if task["errors"] else None,
            "isCancelable": bool(task["cancelable"]) and not done,
            "isBackgroundTask": False,
            "clusterExtIds": [self._site.domain_manager_id],
            "ownedBy": {"extId": ADMIN, "name": self._site.username},
            "batchSummary": task.get("summary"),
        }
        return {key: value for key, value in document.items() if value is not None}

    def job(self, task: Task) -> dict[str, Any]:
        """A batch item as a ``prism.v4.config.TaskJob``."""
        whole = self.document(task)
        status = {"SUCCEEDED": "SUCCEEDED", "FAILED": "FAILED", "CANCELED": "FAILED"}.get(task["status"], "PENDING")
        names = ("entitiesAffected", "errorMessages", "completionDetails", "createdTime", "completedTime")
        job = {name: whole[name] for name in names if name in whole}
        return {"extId": task["id"].removeprefix(PREFIX), "name": task["title"], "status": status, **job}

    def _wait(self, task: Task) -> None:
        if task["status"] not in FINAL and task["fate"] != "never":
            heapq.heappush(self._waiting, (task["due"], task["number"], task["id"]))

    def _finish(self, task: Task) -> None:
        if task["fate"] == "canceled":
            self.cancel(task)
            return
        try:
            if task["fate"] == "failed":
                raise Refusal([Message("The operation failed on demand of a fault.", "PRISMSIM-20000")])
            outcome = self._perform(self._site, task)
        except Refusal as refusal:
            self.end(task, "FAILED", refusal.messages)
            return
        if task["status"] in FINAL or task["fate"] == "never":
            self.save(task)
            return
        if outcome.again is not None:
            task["due"] = outcome.again
            self._wait(task)
            self.save(task)
            return
        task["entities"] = outcome.entities
        task["details"] = outcome.details
        self.end(task, "SUCCEEDED")

    def _reference(self, ext_id: str, rel: str) -> dict[str, str]:
        return {"extId": ext_id, "href": f"{self._site.url}/api/prism/v4.0/config/tasks/{ext_id}", "rel": rel}

    def _message(self, error: dict[str, str]) -> dict[str, Any]:
        return Message(**error).body("prism")
