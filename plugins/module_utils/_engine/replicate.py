# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a baseline and a site map to what the target should have. Pure: the plan and its limits come after."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._errors import Finding, InvalidInput, SafetyLimit
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, Held, name_of
from .._model.problems import Problems
from .._model.translate import translate
from .plan import DELETE, Plan
from .site_map import SiteMap
from .translation import SiteTranslation

STAGE_MODES = ("save", "monitor")
_STRENGTH = {"save": 0, "monitor": 1, "enforce": 2}


class Wanted(t.NamedTuple):
    """What the target should have, by kind, in its own words. ``removable``: what a prune may delete if it is there.

    ``compared``: system-defined objects that differ on the target and stay as they are; ``notes``: addresses left out and other
    things a person should know.
    """

    objects: t.Mapping[str, t.Sequence[Canonical]]
    removable: frozenset[Reference]
    compared: tuple[Reference, ...]
    notes: tuple[Finding, ...]
    untouched: tuple[Reference, ...]

    def remove(self, held: Held) -> bool:
        """The ``remove`` for the plan."""
        return not held.system and Reference(held.kind, held.name) in self.removable

    def digest(self, *options: str) -> str:
        """sha256 over what is to be approved, whatever of it has been done already. ``options``: direction, stage, and what of the
        retired a prune may take, which ``removable`` can't stand for, as it shrinks while the work is done."""
        objects = {kind: list(items) for kind, items in sorted(self.objects.items())}
        text = json.dumps([objects, options], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def translated(
    entities: t.Mapping[str, Entity], objects: t.Mapping[str, t.Sequence[Canonical]], site_map: SiteMap, source: str, target: str
) -> tuple[dict[str, list[Canonical]], list[Finding]]:
    """Objects of ``source`` as ``target`` calls them, and what was left out on the way.

    Raises InvalidInput with everything the site map leaves open.
    """
    if source == target:
        return {kind: list(items) for kind, items in objects.items()}, []
    translation = SiteTranslation(site_map, source, target)
    found: dict[str, list[Canonical]] = {}
    for kind, items in objects.items():
        for canonical in items:
            override = site_map.override(target, str(canonical.get("name"))) if kind == "address_group" else None
            done = {**canonical, "addresses": list(override)} if override else translate(entities[kind], canonical, translation)
            if kind == "category":
                done = _category(canonical, site_map, source, target)
            found.setdefault(kind, []).append(done)
    if translation.findings:
        raise InvalidInput(translation.findings, verb="translate", site=target)
    _no_name_twice(entities, found, target)
    return found, translation.left_out


def wanted_on_target(
    entities: t.Mapping[str, Entity],
    objects: t.Mapping[str, t.Sequence[Canonical]],
    system: t.Collection[Reference],
    retired: t.Collection[Reference],
    site_map: SiteMap,
    source: str,
    target: str,
    held: t.Mapping[str, t.Sequence[Held]],
    *,
    stage: str = "",
    prune: bool = False,
) -> Wanted:
    """What ``target`` should have, given what it ``held``. ``stage``: the mode (save, monitor) of security rules that are new
    there; the others then keep theirs. Raises InvalidInput with everything found wrong."""
    here = {(item.kind, item.name): item for items in held.values() for item in items}
    own = {kind: [item for item in items if Reference(kind, name_of(entities[kind], item)) not in system] for kind, items in objects.items()}
    theirs = {kind: [item for item in items if Reference(kind, name_of(entities[kind], item)) in system] for kind, items in objects.items()}
    found, notes = translated(entities, own, site_map, source, target)
    system_there, system_notes = translated(entities, theirs, site_map, source, target)
    compared = _compare_system(entities, system_there, here, found, target)
    untouched: list[Reference] = []
    for kind, items in found.items():
        staying = []
        for canonical in items:
            reference = Reference(kind, name_of(entities[kind], canonical))
            if site_map.scope.untouchable(*reference):
                untouched.append(reference)
            else:
                staying.append(_staged(kind, canonical, here.get((kind, reference.name)), stage))
        found[kind] = staying
    for kind in entities:
        found.setdefault(kind, [])
    removable = frozenset(
        reference
        for reference in retired
        if prune and (item := here.get((reference.kind, reference.name))) is not None and site_map.scope.has(*reference, item.canonical)
    )
    return Wanted(found, removable, tuple(compared), (*notes, *system_notes), tuple(untouched))


def check_prune(wanted: Wanted, plan: Plan, *, site: str) -> None:
    """A listing that is empty because a permission is missing must not end in deletes. Raises SafetyLimit.

    Refused: several deletes of a kind of which the baseline has nothing left.
    """
    for kind in sorted({step.kind for step in plan.steps}):
        deletes = sum(step.kind == kind and step.verb == DELETE for step in plan.steps)
        if deletes > 1 and not wanted.objects.get(kind):
            raise SafetyLimit(
                f"the baseline has no {kind.replace('_', ' ')} any more, and {deletes} would be deleted",
                verb="prune",
                site=site,
                fix="If the export could list them all, delete them by name with the module of that kind",
            )


def _compare_system(
    entities: t.Mapping[str, Entity],
    objects: t.Mapping[str, t.Sequence[Canonical]],
    here: t.Mapping[tuple[str, str], Held],
    found: dict[str, list[Canonical]],
    target: str,
) -> list[Reference]:
    """System-defined objects must be there; security rules among them are wanted like others, the rest is only compared."""
    compared: list[Reference] = []
    problems = Problems()
    for kind, items in objects.items():
        for canonical in items:
            reference = Reference(kind, name_of(entities[kind], canonical))
            item = here.get((kind, reference.name))
            if item is None:
                problems.add(f"{entities[kind].title} '{reference.name}'", f"is system-defined and not on {target}", "is a product not enabled there?")
            elif kind == "security_rule":
                found.setdefault(kind, []).append(canonical)
            elif item.canonical != canonical:
                compared.append(reference)
    problems.check(verb="plan", site=target)
    return compared


def _staged(kind: str, canonical: Canonical, item: Held | None, stage: str) -> Canonical:
    if kind != "security_rule" or not stage or "mode" not in canonical:
        return canonical
    if item is not None:
        return {**canonical, "mode": item.canonical.get("mode", canonical["mode"])}
    return {**canonical, "mode": min(stage, canonical["mode"], key=lambda mode: _STRENGTH[mode])}


def _category(canonical: Canonical, site_map: SiteMap, source: str, target: str) -> Canonical:
    """A category is its own name: a mapped one is written under the name of the target."""
    mapped = site_map.name_on(target, source, "category", f"{canonical['key']}/{canonical['value']}")
    if mapped is None:
        return canonical
    key, _slash, value = mapped.partition("/")
    return {**canonical, "key": key, "value": value}


def _no_name_twice(entities: t.Mapping[str, Entity], objects: t.Mapping[str, t.Sequence[Canonical]], target: str) -> None:
    problems = Problems()
    for kind, items in objects.items():
        seen: set[str] = set()
        for canonical in items:
            name = name_of(entities[kind], canonical)
            if name in seen:
                problems.add(f"{entities[kind].title} '{name}'", f"is what two objects would be called on {target}", "correct the site map")
            seen.add(name)
    problems.check(verb="translate", site=target)
