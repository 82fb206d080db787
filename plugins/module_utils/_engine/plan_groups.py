# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which steps of a plan go to the site together, and which of these groups wait for which others. Pure: writes nothing."""

from __future__ import annotations

import typing as t

from .._model.directory import Reference
from .._model.entity import Entity, references
from .plan import DELETE, Plan, Step


class Group(t.NamedTuple):
    """Steps of one verb and kind that go to the site together. ``needs`` are the numbers of the groups that must be over before."""

    verb: str
    kind: str
    steps: tuple[Step, ...]
    needs: frozenset[int]


def groups(plan: Plan, entities: t.Mapping[str, Entity]) -> list[Group]:
    """All steps of a plan, in groups that only need groups before them. Whatever doesn't need each other may go side by side."""
    writes = _writes(plan, entities)
    return writes + _deletes(plan, entities, after=len(writes))


def _writes(plan: Plan, entities: t.Mapping[str, Entity]) -> list[Group]:
    """Creates and updates. Each needs the writes of the objects it refers to and nothing else; those with equally many writes
    one after the other before them make a group."""
    needs: dict[Reference, set[Reference]] = {}
    depths: dict[Reference, int] = {}
    found: dict[tuple[int, str, str], list[Step]] = {}
    for step in plan.steps:  # they come in dependency order: what a step refers to has its depth already
        if step.verb == DELETE:
            continue
        needed = references(entities[step.kind], step.after or {}) & depths.keys()
        depth = 1 + max(map(depths.__getitem__, needed), default=0)
        needs[step.reference], depths[step.reference] = needed, depth
        found.setdefault((depth, step.verb, step.kind), []).append(step)
    ordered = sorted(found.items(), key=lambda group: group[0][0])
    number = {step.reference: index for index, (_key, steps) in enumerate(ordered) for step in steps}
    return [
        Group(verb, kind, tuple(steps), frozenset(number[needed] for step in steps for needed in needs[step.reference]))
        for (_depth, verb, kind), steps in ordered
    ]


def _deletes(plan: Plan, entities: t.Mapping[str, Entity], *, after: int) -> list[Group]:
    """Deletes come after all writes, and after the deletes of the kinds that may refer to them; the plan has them in that order."""
    found: dict[str, list[Step]] = {}
    for step in plan.steps:
        if step.verb == DELETE:
            found.setdefault(step.kind, []).append(step)
    number = {kind: after + index for index, kind in enumerate(found)}
    return [
        Group(
            DELETE, kind, tuple(steps), frozenset(range(after)).union(number[other] for other in found if other != kind and kind in entities[other].refers_to)
        )
        for kind, steps in found.items()
    ]


def hindered(entities: t.Mapping[str, Entity], group: Group, not_done: t.Mapping[Reference, Step]) -> dict[Reference, Reference]:
    """The steps of a group that can't be done, each with the step in the way: of those that failed or were skipped (``not_done``).

    A write needs what it refers to. What should have let go of an object, and still uses it, keeps it from being deleted.
    """
    if group.verb == DELETE:
        in_use = {used: user for user in sorted(not_done) for used in references(entities[user.kind], not_done[user].before or {})}
        return {step.reference: in_use[step.reference] for step in group.steps if step.reference in in_use}
    missing = {step.reference: references(entities[step.kind], step.after or {}) & not_done.keys() for step in group.steps} if not_done else {}
    return {reference: min(needed) for reference, needed in missing.items() if needed}
