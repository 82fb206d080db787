"""Answers that are not true: lists that lose, double and shuffle objects, tasks that name wrong objects or none. Knows the API's shapes only."""

from __future__ import annotations

import re
from typing import Any

from tests.chaos.world import Lie

Answer = dict[str, Any]

_LIST = re.compile(r"/config/(categories|policies|[a-z]+-groups)$")
_TASK = re.compile(r"/config/tasks/[^/]+$")
_JOBS = re.compile(r"/config/tasks/[^/]+/jobs$")
_NOBODY = "00000000-0000-4000-8000-00000000dead"


def _listed(method: str, path: str, answer: Answer) -> list[Answer]:
    return answer["data"] if method == "GET" and _LIST.search(path) and isinstance(answer.get("data"), list) else []


class Sometimes:
    """A lie that is told the first ``times`` times only, and the truth afterwards."""

    def __init__(self, lie: Lie, times: int) -> None:
        self._lie = lie
        self._left = times

    def __call__(self, method: str, path: str, answer: Answer) -> Answer:
        before = repr(answer)
        if self._left <= 0:
            return answer
        told = self._lie(method, path, answer)
        self._left -= repr(told) != before
        return told


def lists_lose_one(method: str, path: str, answer: Answer) -> Answer:
    """Every list lacks its last object, and still announces it."""
    del _listed(method, path, answer)[-1:]
    return answer


def lists_tell_one_twice(method: str, path: str, answer: Answer) -> Answer:
    """The first object comes again in the place of the last, as when a list shifts between two pages."""
    objects = _listed(method, path, answer)
    if len(objects) > 1:
        objects[-1] = objects[0]
    return answer


def lists_are_backwards(method: str, path: str, answer: Answer) -> Answer:
    """Another order than the server's."""
    _listed(method, path, answer).reverse()
    return answer


def lists_hide_one(method: str, path: str, answer: Answer) -> Answer:
    """An object is hidden and not counted either, as from a user who may not see it."""
    objects = _listed(method, path, answer)
    if len(objects) > 1 and path.endswith("address-groups"):
        objects[:] = [item for item in objects if item["name"] != "claims-offices"]
        answer["metadata"]["totalAvailableResults"] = len(objects)
    return answer


def tasks_name_nobody(method: str, path: str, answer: Answer) -> Answer:
    """Tasks and jobs that succeeded tell of no object."""
    for task in _tasks(method, path, answer):
        task.pop("entitiesAffected", None)
    return answer


def tasks_name_another(method: str, path: str, answer: Answer) -> Answer:
    """Tasks and jobs tell an id that nobody has."""
    for task in _tasks(method, path, answer):
        for entity in task.get("entitiesAffected") or ():
            entity["extId"] = _NOBODY
    return answer


def jobs_are_backwards(method: str, path: str, answer: Answer) -> Answer:
    """The jobs of a batch come in another order than its items."""
    if _JOBS.search(path):
        answer["data"].reverse()
    return answer


def jobs_lose_one(method: str, path: str, answer: Answer) -> Answer:
    """The outcome of one item is missing."""
    if _JOBS.search(path):
        answer["data"].pop()
        answer["metadata"]["totalAvailableResults"] = len(answer["data"])
    return answer


def jobs_are_not_told(method: str, path: str, answer: Answer) -> Answer:
    """A batch without any job."""
    if _JOBS.search(path):
        answer.pop("data", None)
        answer["metadata"]["totalAvailableResults"] = 0
    return answer


def _tasks(method: str, path: str, answer: Answer) -> list[Answer]:
    if method == "GET" and _TASK.search(path):
        return [answer["data"]]
    if method == "GET" and _JOBS.search(path):
        return list(answer.get("data") or ())
    return []
