# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects of a site make a baseline: those in scope and everything they refer to, or a refusal that names each that can't be kept. Pure."""

from __future__ import annotations

import typing as t

from .._evidence.baseline import Content
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, Held, references
from .._model.problems import Problems
from .._model.unreadable import Unreadable
from .scope import Scope

# Site-owned properties that every object has and that say nothing about who may use it.
_SAYS_NOTHING = frozenset({"ownerUuid"})


class _Found(t.NamedTuple):
    held: dict[Reference, Held]
    unreadable: dict[Reference, Unreadable]


def select(
    entities: t.Mapping[str, Entity],
    held: t.Mapping[str, t.Sequence[Held]],
    unreadable: t.Sequence[Unreadable],
    scope: Scope,
    *,
    accept: t.Collection[str] = (),
    source: t.Mapping[str, t.Any],
    membership: t.Mapping[str, t.Any],
) -> Content:
    """The content of a baseline. ``accept`` names unreadable objects (``kind/name``) that may be left out.

    System-defined objects are in it where something refers to them, and the system-defined security rules, whose mode people set.
    Raises InvalidInput with every object that can't be kept: unreadable ones, doubles, and objects in scope
    that refer to what is left out.
    """
    problems = Problems()
    found = _index(entities, held, unreadable, problems)
    wanted = {ref for ref, item in found.held.items() if _own(item) and scope.has(ref.kind, ref.name, item.canonical)}
    wanted |= _named_by(entities, found, wanted)
    excluded: list[dict[str, str]] = []
    for ref, hidden in sorted(found.unreadable.items()):
        if f"{ref.kind}/{ref.name}" in accept:
            excluded.append({"kind": ref.kind, "name": ref.name, "reason": hidden.error.cause})
        elif ref in wanted or scope.has(ref.kind, ref.name, {"name": ref.name}):
            problems.add(
                f"{entities[ref.kind].title} '{ref.name}'", hidden.error.cause, hidden.error.fix or f"or accept to leave it out: {ref.kind}/{ref.name}"
            )
    for ref in sorted(wanted & found.unreadable.keys()):
        if f"{ref.kind}/{ref.name}" in accept:
            problems.add(f"{entities[ref.kind].title} '{ref.name}'", "can't be left out, objects of the baseline refer to it")
    problems.check(verb="export", kind="baseline", site=str(source.get("site", "")))
    kept = sorted(wanted & found.held.keys())
    objects: dict[str, list[Canonical]] = {}
    for ref in kept:
        objects.setdefault(ref.kind, []).append(found.held[ref].canonical)
    return Content(
        objects=objects,
        system=frozenset(ref for ref in kept if found.held[ref].system),
        source=source,
        scope=scope.as_data(),
        excluded=excluded,
        not_carried=[_not_carried(ref, properties) for ref in kept if (properties := set(found.held[ref].site_owned) - _SAYS_NOTHING)],
        membership=membership,
    )


def _index(entities: t.Mapping[str, Entity], held: t.Mapping[str, t.Sequence[Held]], unreadable: t.Iterable[Unreadable], problems: Problems) -> _Found:
    found: dict[Reference, Held] = {}
    for kind, objects in held.items():
        for item in objects:
            ref = Reference(kind, item.name)
            if ref in found:
                problems.add(f"{entities[kind].title} '{item.name}'", f"is there twice: {found[ref].ext_id} and {item.ext_id}", "rename one of them")
            found[ref] = item
    return _Found(found, {Reference(item.kind, item.name): item for item in unreadable})


def _own(item: Held) -> bool:
    return not item.system or item.kind == "security_rule"


def _named_by(entities: t.Mapping[str, Entity], found: _Found, wanted: t.Iterable[Reference]) -> set[Reference]:
    """Everything of our kinds that is referred to, directly or through others."""
    named: set[Reference] = set()
    open_refs = list(wanted)
    while open_refs:
        ref = open_refs.pop()
        item = found.held.get(ref)
        if item is None:
            continue
        for used in references(entities[ref.kind], item.canonical):
            if used.kind in entities and used not in named:
                named.add(used)
                open_refs.append(used)
    return named


def _not_carried(ref: Reference, properties: t.Iterable[str]) -> dict[str, str]:
    return {"kind": ref.kind, "name": ref.name, "reason": f"{', '.join(sorted(properties))} belong to the source alone"}
