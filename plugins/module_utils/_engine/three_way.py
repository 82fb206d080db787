# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to edits when the workloads come home: recovery-site edits are taken, primary edits kept, both at once is a conflict. Pure."""

from __future__ import annotations

import typing as t

from .._model.compare import Change, changes
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, name_of

TAKE, KEEP, CONFLICT, SAME = "take", "keep", "conflict", "same"


class Edit(t.NamedTuple):
    """What became of one object since the old baseline. ``theirs`` are the edits at the recovery site, ``ours`` those at the
    primary; ``result`` is what the primary should have (None: nothing)."""

    kind: str
    name: str
    verdict: str
    theirs: tuple[Change, ...]
    ours: tuple[Change, ...]
    result: Canonical | None

    def as_result(self) -> dict[str, t.Any]:
        """The shape in which modules return it."""
        found: dict[str, t.Any] = {"kind": self.kind, "name": self.name, "fields": sorted({change.at for change in (*self.theirs, *self.ours)})}
        if self.verdict == CONFLICT:
            found["recovery"] = [change._asdict() for change in self.theirs]
            found["primary"] = [change._asdict() for change in self.ours]
        return found


class Merged(t.NamedTuple):
    """Every object that somebody edited."""

    edits: tuple[Edit, ...]

    def of(self, verdict: str) -> list[Edit]:
        return [edit for edit in self.edits if edit.verdict == verdict]

    def objects(self) -> dict[str, list[Canonical]]:
        """What has to be written to the primary, by kind."""
        found: dict[str, list[Canonical]] = {}
        for edit in self.of(TAKE):
            if edit.result is not None:
                found.setdefault(edit.kind, []).append(edit.result)
        return found

    def removed(self) -> frozenset[Reference]:
        """What was deleted at the recovery site and goes at the primary too."""
        return frozenset(Reference(edit.kind, edit.name) for edit in self.of(TAKE) if edit.result is None)


def in_home_words(
    entities: t.Mapping[str, Entity],
    old: t.Mapping[str, t.Sequence[Canonical]],
    recovery: t.Mapping[str, t.Sequence[Canonical]],
    there: t.Callable[[t.Mapping[str, t.Sequence[Canonical]]], t.Mapping[str, t.Sequence[Canonical]]],
    home: t.Callable[[t.Mapping[str, t.Sequence[Canonical]]], t.Mapping[str, t.Sequence[Canonical]]],
) -> dict[str, list[Canonical]]:
    """What the recovery site has now, as the primary would write it. ``there`` and ``home`` translate, keeping the order.

    A field that nobody edited at the recovery site is taken from ``old``: not every translation has a way back (an excluded prefix).
    """
    found: dict[str, list[Canonical]] = {}
    sent = there(old)
    for kind, entity in entities.items():
        before = {name_of(entity, away): (was, away) for was, away in zip(old.get(kind, ()), sent.get(kind, ()), strict=True)}
        items = recovery.get(kind, ())
        for now, back in zip(items, home({kind: items}).get(kind, ()), strict=True):
            was, away = before.get(name_of(entity, now), ({}, {}))
            fields = [field.name for field in entity.fields]
            result = {name: was.get(name) if now.get(name) == away.get(name) else back.get(name) for name in fields}
            found.setdefault(kind, []).append({name: value for name, value in result.items() if value is not None})
    return found


def merge_three(
    entities: t.Mapping[str, Entity],
    old: t.Mapping[str, t.Sequence[Canonical]],
    recovery: t.Mapping[str, t.Sequence[Canonical]],
    primary: t.Mapping[str, t.Sequence[Canonical]],
    *,
    ignore_new: t.Callable[[str, str], bool] = lambda kind, name: False,
) -> Merged:
    """All three in the primary's words. ``ignore_new`` says of an object that only the recovery site has that it is its own
    business. Edits of different top-level fields of one object don't conflict."""
    edits: list[Edit] = []
    for kind, entity in entities.items():
        before, theirs, ours = (_by_name(entity, objects.get(kind, ())) for objects in (old, recovery, primary))
        for name in sorted({*before, *theirs, *ours}):
            if name not in before and name not in ours and ignore_new(kind, name):
                continue
            edit = _merge_one(entity, name, before.get(name), theirs.get(name), ours.get(name))
            if edit.verdict != SAME:
                edits.append(edit)
    return Merged(tuple(edits))


def _merge_one(entity: Entity, name: str, old: Canonical | None, theirs: Canonical | None, ours: Canonical | None) -> Edit:
    at_recovery = tuple(changes(old or {}, theirs or {}))
    at_primary = tuple(changes(old or {}, ours or {}))

    def edit(verdict: str, result: Canonical | None) -> Edit:
        return Edit(entity.kind, name, verdict, at_recovery, at_primary, result)

    if theirs == ours:
        return edit(SAME, ours)
    if theirs == old:
        return edit(KEEP, ours)
    if ours == old:
        return edit(TAKE, theirs)
    if old is None or theirs is None or ours is None:
        return edit(CONFLICT, ours)
    return edit(*_merge_fields(entity, old, theirs, ours))


def _merge_fields(entity: Entity, old: Canonical, theirs: Canonical, ours: Canonical) -> tuple[str, Canonical]:
    """Field by field: whoever edited a field has it; both in different ways is a conflict."""
    result: Canonical = {}
    for field in entity.fields:
        before, there, here = old.get(field.name), theirs.get(field.name), ours.get(field.name)
        if there not in (before, here) and here != before:
            return CONFLICT, ours
        value = here if there == before else there
        if value is not None:
            result[field.name] = value
    return (KEEP if result == ours else TAKE), result


def _by_name(entity: Entity, objects: t.Iterable[Canonical]) -> dict[str, Canonical]:
    return {name_of(entity, canonical): canonical for canonical in objects}
