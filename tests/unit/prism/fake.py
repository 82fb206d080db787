"""The little of a Prism Central that the tests of its client need: versions, lists, tasks and batches, over real HTTPS."""

from __future__ import annotations

import re
import threading
import typing as t
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

from tests.unit.net.stub import Asked, Say

UUID = "{:08d}-0000-4000-8000-000000000000"
TASK = "ZXJnb24=:" + UUID


class Time:
    """A clock that only sleeping moves; shared by threads."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


class FakeCentral:
    """Answers from its tables. ``before`` may answer first (a fault, an odd body); it gives ``None`` to let the tables speak."""

    def __init__(self) -> None:
        self.versions: dict[str, str | None] = {}
        self.newest = {"microseg": (4, 2), "prism": (4, 3), "vmm": (4, 2)}
        self.lists: dict[str, list[dict[str, t.Any]]] = {}
        self.etags: dict[str, str] = {}
        #: task id -> the states that it shows, one per look; the last one stays.
        self.tasks: dict[str, list[dict[str, t.Any]]] = {}
        self.jobs: list[dict[str, t.Any]] = []
        self.before: Callable[[Asked], Say | None] = lambda asked: None
        self.on_write: Callable[[Asked, str], Say] = lambda asked, path: Say(202, reference(1))
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Say:
        with self._lock:
            return self.before(asked) or self._answer(asked)

    def _answer(self, asked: Asked) -> Say:
        parts = urlsplit(asked.path)
        path = unquote(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if asked.method == "OPTIONS":
            version = self.versions.get(path.split("/")[2])
            return Say(200, {"data": version}) if version else Say(404)
        match = re.fullmatch(r"/api/([a-z]+)/v(\d+)\.(\d+)/(.+)", path)
        if match is None or (int(match[2]), int(match[3])) > self.newest.get(match[1], (4, 2)):
            return Say(404, error("PLAT-404", "unknown path"))
        rest = match[4]
        if asked.method != "GET":
            return self.on_write(asked, rest)
        if rest.endswith("/jobs"):
            return page(self.jobs, query)
        if rest.startswith("config/tasks/"):
            states = self.tasks[rest.removeprefix("config/tasks/")]
            return Say(200, {"data": states.pop(0) if len(states) > 1 else states[0]})
        if rest in self.lists:
            return page(self.lists[rest], query)
        collection, _slash, ext_id = rest.rpartition("/")
        for item in self.lists.get(collection, []):
            if item["extId"] == ext_id:
                return Say(200, {"data": item}, {"ETag": self.etags.get(ext_id, "e0")})
        return Say(404, error("ENTITY_NOT_FOUND", "no such object"))


def page(items: list[dict[str, t.Any]], query: dict[str, str]) -> Say:
    if "$limit" not in query:
        return Say(200, {"data": items, "metadata": {}})
    number, limit = int(query.get("$page", "0")), int(query["$limit"])
    part = items[number * limit : (number + 1) * limit]
    answer: dict[str, t.Any] = {"metadata": {"totalAvailableResults": len(items)}}
    return Say(200, {**answer, "data": part} if part else answer)


def named(count: int) -> list[dict[str, t.Any]]:
    return [{"extId": UUID.format(number), "name": f"n{number}"} for number in range(count)]


def reference(number: int) -> dict[str, t.Any]:
    return {"data": {"extId": TASK.format(number), "$objectType": "prism.v4.config.TaskReference"}}


def state(status: str, number: int = 1, **more: t.Any) -> dict[str, t.Any]:
    return {"extId": TASK.format(number), "status": status, "progressPercentage": 100 if status == "SUCCEEDED" else 0, **more}


def affects(ext_id: str, rel: str = "microseg:config:policy", name: str | None = None) -> dict[str, t.Any]:
    return {"extId": ext_id, "rel": rel, **({"name": name} if name else {})}


def error(code: str, message: str, group: str = "") -> dict[str, t.Any]:
    return {"data": {"error": [{"message": message, "code": code, "errorGroup": group}], "$objectType": "prism.v4.error.ErrorResponse"}}
