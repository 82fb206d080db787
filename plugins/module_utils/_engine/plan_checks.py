# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of a whole plan before its first write: references, minors, content, removals. Pure."""

from __future__ import annotations

import typing as t

from .._errors import Ambiguous, TooNew, UnknownReference
from .._model.directory import Directory, Reference
from .._model.entity import Canonical, Entity, Held, references
from .._model.entity_checks import check_whole, immutable_changes
from .._model.form import Minor
from .._model.newer import newer_than
from .._model.problems import Problems
from .._model.unreadable import Unreadable

if t.TYPE_CHECKING:
    from .plan import Step

_SHOWN = 3
# System-defined objects that take an update: the quarantine policies (contract/v4 section 9.1).
_SYSTEM_CHANGEABLE = frozenset({"security_rule"})


class Target(t.NamedTuple):
    """The site a plan is for. ``current``: its objects by kind."""

    directory: Directory
    minors: t.Mapping[str, Minor]
    unreadable: t.Sequence[Unreadable]
    current: t.Mapping[str, t.Sequence[Held]]


def check_steps(
    entities: t.Mapping[str, Entity],
    steps: t.Sequence[Step],
    target: Target,
    problems: Problems,
) -> None:
    """Collects everything wrong with the plan; raises TooNew if only minors are, else InvalidInput."""
    site = target.directory.site
    system = {Reference(kind, held.name) for kind in entities for held in target.current.get(kind, ()) if held.system}
    for step in steps:
        _check_change(entities[step.kind], step, step.reference in system, site, problems)
    writes = [(entities[step.kind], step, step.after) for step in steps if step.after is not None]
    for entity, step, after in writes:
        check_whole(entity, after, problems, new=step.verb == "create", minor=target.minors[entity.namespace])
    _check_unreadable(entities, writes, target, problems)
    _check_references(writes, steps, target.directory, problems)
    _check_removals(entities, steps, target.current, problems)
    other = len(problems.findings)
    for entity, _step, after in writes:
        minor = target.minors[entity.namespace]
        for found in newer_than(entity, after, minor):
            problems.add(found.at, f"needs API {_dotted(found.needs)}, {site or 'the site'} speaks {_dotted(minor)}", "leave it out, or upgrade the site")
    if problems.findings and not other:
        raise TooNew(problems.findings, verb="plan", site=site)
    problems.check(verb="plan", site=site)


def _check_unreadable(
    entities: t.Mapping[str, Entity], writes: t.Iterable[tuple[Entity, Step, Canonical]], target: Target, problems: Problems
) -> None:
    unreadable = {(item.kind, item.name): item for item in target.unreadable}
    for entity, step, _after in writes:
        found = unreadable.get((entity.kind, step.name))
        if found is not None:
            problems.add(f"{entity.title} '{step.name}'", f"is there but can't be read: {found.error.cause}", found.error.fix)


def _check_references(
    writes: t.Iterable[tuple[Entity, Step, Canonical]], steps: t.Sequence[Step], directory: Directory, problems: Problems
) -> None:
    made = {step.reference for step in steps if step.verb == "create"}
    gone = {step.reference for step in steps if step.verb == "delete"}
    missing: dict[Reference, tuple[str, str, list[str]]] = {}
    for entity, step, after in writes:
        for reference in sorted(references(entity, after)):
            if reference in made:
                continue
            problem, fix = ("is deleted by the same plan", "keep it, or stop using it") if reference in gone else _unknown(directory, reference)
            if problem:
                missing.setdefault(reference, (problem, fix, []))[2].append(f"{entity.title} '{step.name}'")
    for reference, (problem, fix, users) in sorted(missing.items()):
        problems.add(f"{reference.kind.replace('_', ' ')} '{reference.name}'", f"{problem}; used by {_some(users)}", fix)


def _unknown(directory: Directory, reference: Reference) -> tuple[str, str]:
    try:
        directory.id_of(*reference)
    except UnknownReference as error:
        return f"is not on {directory.site or 'the site'}", error.fix
    except Ambiguous as error:
        return error.cause, error.fix
    return "", ""


def _check_removals(
    entities: t.Mapping[str, Entity], steps: t.Sequence[Step], current: t.Mapping[str, t.Sequence[Held]], problems: Problems
) -> None:
    """An object that stays may not refer to one that goes. (What is written is seen by ``_check_references``.)"""
    gone = {step.reference for step in steps if step.verb == "delete"}
    if not gone:
        return
    touched = {step.reference for step in steps}
    users: dict[Reference, list[str]] = {}
    for kind, entity in entities.items():
        for held in current.get(kind, ()):
            if Reference(kind, held.name) in touched:
                continue
            for reference in references(entity, held.canonical) & gone:
                users.setdefault(reference, []).append(f"{entity.title} '{held.name}'")
    for reference, names in sorted(users.items()):
        problems.add(f"{reference.kind.replace('_', ' ')} '{reference.name}'", f"can't be deleted, {_some(names)} refers to it", "delete or change that first")


def _some(names: t.Sequence[str]) -> str:
    shown = ", ".join(sorted(names)[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _dotted(minor: Minor) -> str:
    return f"{minor[0]}.{minor[1]}"


def _check_change(entity: Entity, step: Step, system: bool, site: str, problems: Problems) -> None:
    """What can't become of an object that is there."""
    where = f"{entity.title} '{step.name}'"
    if step.before is None:
        return
    if step.after is None:
        if system:
            problems.add(where, "is system-defined and is never deleted")
        return
    fixed = immutable_changes(entity, step.before, step.after)
    if fixed:
        problems.add(
            where,
            f"{', '.join(fixed)} can't be changed on an existing object",
            "delete it first, or give the new one another name",
        )
    if system and entity.kind not in _SYSTEM_CHANGEABLE:
        problems.add(where, f"is system-defined on {site or 'the site'} and {step.reason}", "use another name, or leave it as the site has it")


def ambiguous(entity: Entity, doubles: t.Mapping[str, t.Sequence[Held]], site: str) -> Ambiguous:
    """The error for objects of one name that a plan would touch."""
    listing = "; ".join(f"'{name}' ({', '.join(sorted(held.ext_id for held in several))})" for name, several in doubles.items())
    return Ambiguous(
        f"several {entity.title} objects share one name: {listing}",
        ids=sorted(held.ext_id for several in doubles.values() for held in several),
        kind=entity.kind,
        name=next(iter(doubles)) if len(doubles) == 1 else "",
        site=site,
        fix="Rename all but one of each",
    )
