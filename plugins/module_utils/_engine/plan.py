# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done to get from what a site has to what is wanted. Pure: asks nobody, changes nothing."""

from __future__ import annotations

import typing as t

from .._model.directory import Directory, Reference
from .._model.entity import Canonical, Entity, Held, as_called, complete, merge, name_of
from .._model.form import Minor
from .._model.problems import Problems

if t.TYPE_CHECKING:
    from .._model.unreadable import Unreadable

CREATE, UPDATE, DELETE = "create", "update", "delete"


class Step(t.NamedTuple):
    """One write. ``before`` and ``after`` are whole canonical objects (None: not there); ``wanted`` has the fields that
    were asked for, so that the step can be planned again on a newer ``before``."""

    verb: str
    kind: str
    name: str
    before: Canonical | None
    after: Canonical | None
    ext_id: str = ""
    reason: str = ""
    wanted: Canonical | None = None

    @property
    def reference(self) -> Reference:
        return Reference(self.kind, self.name)


class Plan(t.NamedTuple):
    """Steps in the order in which they can be done, and what is already as wanted."""

    steps: tuple[Step, ...]
    unchanged: tuple[Reference, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.steps)

    def count(self, verb: str) -> int:
        return sum(step.verb == verb for step in self.steps)


def keep_all(held: Held) -> bool:
    """The ``remove`` of a plan that deletes nothing."""
    return False


def plan(
    entities: t.Collection[Entity],
    current: t.Mapping[str, t.Sequence[Held]],
    desired: t.Mapping[str, t.Sequence[Canonical]],
    *,
    whole: bool,
    remove: t.Callable[[Held], bool] = keep_all,
    directory: Directory,
    minors: t.Mapping[str, Minor],
    unreadable: t.Sequence[Unreadable] = (),
    also: t.Callable[[Plan, Problems], None] = lambda planned, problems: None,
) -> Plan:
    """The steps that turn ``current`` into ``desired``.

    ``entities`` come in the order of the registries: referred-to kinds before the kinds that refer to them. ``current`` and ``desired``
    are by kind. ``whole``: a field left out of a desired object means absent (baselines); else it
    means keep (modules). ``remove`` says of an object that is there but not desired whether it goes. ``directory`` knows the
    target's names (filled with the kinds that the desired objects refer to), ``minors`` its API minor per namespace,
    ``unreadable`` what the target holds but we have no words for. ``also`` finds what is wrong beyond what the tables say.

    Raises Ambiguous for two current objects of one name that the plan would touch, TooNew if that is all there is to
    complain about, else InvalidInput with every finding: doubles, unknown references, immutable fields, system-defined objects,
    invalid content.
    """
    problems = Problems()
    writes: list[Step] = []
    deletes: list[Step] = []
    unchanged: list[Reference] = []
    for entity in entities:
        here = _by_name(current.get(entity.kind, ()))
        wanted = _wanted_by_name(entity, desired.get(entity.kind, ()), problems)
        doubles = {name: held for name, held in here.items() if len(held) > 1 and (name in wanted or any(map(remove, held)))}
        if doubles:
            from .plan_checks import ambiguous

            raise ambiguous(entity, doubles, directory.site)
        for name in sorted(wanted):
            step = _write(entity, here.get(name, []), name, as_called(entity, wanted[name], directory), whole)
            if step is None:
                unchanged.append(Reference(entity.kind, name))
            else:
                writes.append(step)
        gone = [held for name in sorted(here) if name not in wanted for held in here[name] if remove(held)]
        deletes = [Step(DELETE, entity.kind, held.name, held.canonical, None, held.ext_id) for held in gone] + deletes
    planned = Plan((*writes, *deletes), tuple(unchanged))
    also(planned, problems)
    if planned.steps or problems.findings:
        # Imported here: a plan that does nothing has nothing to check.
        from .plan_checks import Target, check_steps

        check_steps({entity.kind: entity for entity in entities}, planned.steps, Target(directory, minors, unreadable, current), problems)
    return planned


def _by_name(objects: t.Iterable[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for held in objects:
        found.setdefault(held.name, []).append(held)
    return found


def _wanted_by_name(entity: Entity, objects: t.Iterable[Canonical], problems: Problems) -> dict[str, Canonical]:
    found: dict[str, Canonical] = {}
    for canonical in objects:
        name = name_of(entity, canonical)
        if name in found:
            problems.add(f"{entity.title} '{name}'", "is wanted twice", "names are unique; merge the two or rename one")
        found[name] = canonical
    return found


def _write(entity: Entity, here: t.Sequence[Held], name: str, canonical: Canonical, whole: bool) -> Step | None:
    wanted = complete(entity, canonical) if whole else canonical
    if not here:
        return Step(CREATE, entity.kind, name, None, merge(entity, {}, wanted), reason="is not there", wanted=wanted)
    held = here[0]
    after = merge(entity, held.canonical, wanted)
    if after == held.canonical:
        return None
    fields = [field.name for field in entity.fields if held.canonical.get(field.name) != after.get(field.name)]
    return Step(UPDATE, entity.kind, name, held.canonical, after, held.ext_id, f"differs in {', '.join(fields)}", wanted)
