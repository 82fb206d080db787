# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which part of an ended batch (a job, on older releases a subtask) belongs to which of its items; asks nobody."""

from __future__ import annotations

import typing as t

from .new_ids import affected
from .refusals import app_messages

if t.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .batch import BatchItem, Target
    from .tasks import Task

#: How a part has ended that did not do its work.
BAD_ENDS = ("FAILED", "CANCELED")


def told(part: Task, made: Target | None) -> bool:
    """Whether a part tells its end, and which object it ``made``."""
    if part.get("status") == "SUCCEEDED":
        return made is None or bool(affected(part, made.namespace, made.path))
    return part.get("status") in BAD_ENDS


def label(body: Mapping[str, t.Any] | None) -> str | None:
    """What an object is called: its name, for a category key and value."""
    found = body or {}
    name = found.get("name") or (f"{found['key']}/{found['value']}" if "key" in found and "value" in found else None)
    return name if isinstance(name, str) else None


def match(parts: Sequence[Task], items: Sequence[BatchItem], target: Target, *, labels: Mapping[str, str | None]) -> list[Task | None]:
    """The part of each item: by the id it affected, else by what its object is called (``labels`` by id, where parts don't tell).

    Its place says nothing: nobody promises that parts come in the order of the items, and a wrong id would end up in other objects.
    """
    by_id: dict[str, Task] = {}
    by_label: dict[str, Task] = {}
    for part in parts:
        for entity in affected(part, target.namespace, target.path):
            ext_id = str(entity["extId"])
            by_id[ext_id] = part
            name = labels.get(ext_id) or entity.get("name")
            if name:
                by_label[str(name)] = part
    found: list[Task | None] = []
    for item in items:
        called = label(item.body)
        found.append(by_id.get(item.ext_id) if item.ext_id else by_label.get(called) if called else None)
    return found


def unmatched(parts: Sequence[Task], matched: Sequence[Task | None]) -> list[Task]:
    """The parts that no item was found for."""
    known = {id(part) for part in matched}
    return [part for part in parts if id(part) not in known]


def failed_rest(parts: Sequence[Task], matched: Sequence[Task | None]) -> list[Task]:
    """The failed parts that the items without a part must have had: all the others are matched. Empty where that isn't proven."""
    rest = unmatched(parts, matched)
    proven = len(parts) == len(matched) and len(rest) == list(matched).count(None)
    return rest if proven and all(part.get("status") in BAD_ENDS for part in rest) else []


def say_the_same(parts: Sequence[Task]) -> bool:
    """Whether it makes no difference which of the failed parts is taken."""
    return len({(part.get("status"), *app_messages(part.get("errorMessages"))) for part in parts}) == 1
