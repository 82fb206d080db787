# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan on a site, many objects at a time, and tells what became of each step. Decides nothing that the plan didn't."""

from __future__ import annotations

import hashlib
import json
import os
import time
import typing as t

from .._errors import Conflict, DeadlineExceeded, DrError, NotFound, Refused, TaskFailed
from .._model.directory import Reference
from .._model.entity import Entity, Held, decode, encode, references
from .._prism.batch import BatchItem
from .._prism.request_ids import request_id
from .plan import CREATE, DELETE, Plan, Step, planned_again

if t.TYPE_CHECKING:
    from .site import Site

DONE, FAILED, SKIPPED = "done", "failed", "skipped"

# Seconds between the looks for an object whose creation was not answered.
_LOOKS = (0.0, 1.0, 3.0)


class Outcome(t.NamedTuple):
    """What became of one step. ``status`` is done, failed or skipped; the latter two have an error."""

    step: Step
    status: str
    error: DrError | None = None
    ext_id: str = ""
    task: str = ""


def first_error(outcomes: t.Iterable[Outcome]) -> DrError | None:
    """The error to fail with: of the first failed step; one that tells how many others failed is in its text."""
    bad = [outcome for outcome in outcomes if outcome.error is not None]
    failed = [outcome for outcome in bad if outcome.status == FAILED] or bad
    if not failed or failed[0].error is None:
        return None
    error = failed[0].error
    if len(bad) > 1 and "of the plan" not in error.fix:
        rest = f"{len(bad)} steps of the plan failed or were skipped, see 'outcomes'; run again to finish"
        error.fix = f"{error.fix}. {rest}" if error.fix else rest.capitalize()
    return error


def apply(
    plan: Plan,
    site: Site,
    *,
    run_id: str,
    before: t.Callable[[t.Sequence[Step]], None] = lambda steps: None,
    after: t.Callable[[t.Sequence[Outcome]], None] = lambda outcomes: None,
    sleep: t.Callable[[float], None] = time.sleep,
) -> list[Outcome]:
    """Do the steps in order; a failed one skips only those that need it. Returns one outcome per step, in the order of the plan.

    ``run_id`` goes into every request id: the same run repeats the same ids. ``before`` and ``after`` are called with each
    group of steps that goes to the site together.
    """
    return _Run(site, run_id, before, after, sleep).all(plan)


class _Run:
    def __init__(
        self,
        site: Site,
        run_id: str,
        before: t.Callable[[t.Sequence[Step]], None],
        after: t.Callable[[t.Sequence[Outcome]], None],
        sleep: t.Callable[[float], None],
    ) -> None:
        self.site = site
        self.run_id = run_id
        self.before = before
        self.after = after
        self.sleep = sleep
        self.outcomes: dict[Reference, Outcome] = {}

    def all(self, plan: Plan) -> list[Outcome]:
        touched = {step.kind for step in plan.steps}
        for group in _groups(plan.steps):
            ready, skipped = self._split(group)
            self._note(skipped)
            if not ready:
                continue
            self.before(ready)
            entity = self.site.entities[ready[0].kind]
            self._note(self._create(entity, ready) if ready[0].verb == CREATE else self._change(entity, ready))
        self._remember_ids(touched)
        return [self.outcomes[step.reference] for step in plan.steps]

    def _note(self, outcomes: t.Sequence[Outcome]) -> None:
        if not outcomes:
            return
        for outcome in outcomes:
            self.outcomes[outcome.step.reference] = outcome
            if outcome.error is not None:
                step = outcome.step
                outcome.error.about(verb=step.verb, kind=step.kind, name=step.name, site=self.site.label)
            elif outcome.step.verb == CREATE and outcome.ext_id:
                self.site.directory.add(outcome.step.kind, outcome.step.name, outcome.ext_id)
        self.after(outcomes)

    def _split(self, group: t.Sequence[Step]) -> tuple[list[Step], list[Outcome]]:
        """What can be done, and what can't because something it needs failed."""
        bad = {reference for reference, outcome in self.outcomes.items() if outcome.status != DONE}
        if not bad:
            return list(group), []
        in_use: dict[Reference, Reference] = {}
        for reference in sorted(bad):
            held = self.outcomes[reference].step.before
            if held is not None:
                in_use.update(dict.fromkeys(references(self.site.entities[reference.kind], held), reference))
        ready: list[Step] = []
        skipped: list[Outcome] = []
        for step in group:
            needs = references(self.site.entities[step.kind], step.after or {})
            reason = in_use.get(step.reference) if step.verb == DELETE else min(needs & bad, default=None)
            if reason is None:
                ready.append(step)
            else:
                what = f"{reason.kind.replace('_', ' ')} '{reason.name}'"
                skipped.append(Outcome(step, SKIPPED, DrError(f"skipped, for {what} failed", fix="Run again when that is solved")))
        return ready, skipped

    def _create(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        done: dict[str, Outcome] = {}
        waiting = list(steps)
        for fresh in (False, True):
            items, refused = self._items(entity, [(step, {}, None) for step in waiting], fresh)
            by_name = {step.name: step for step in waiting}
            written = {name: outcome._replace(step=by_name[name]) for name, outcome in self._write("CREATE", entity, items).items()}
            done.update({**refused, **written})
            unclear = {name: outcome for name, outcome in written.items() if _open(outcome)}
            found = self._look_for(entity, [outcome.step for outcome in unclear.values()], _LOOKS)
            done.update({name: found.get(name) or _not_there(outcome) for name, outcome in unclear.items()})
            refused_there = [outcome.step for outcome in written.values() if not _open(outcome) and isinstance(outcome.error, (Refused, TaskFailed))]
            done.update(self._look_for(entity, refused_there, _LOOKS[:1]))
            waiting = [step for step in waiting if isinstance(done[step.name].error, TaskFailed)]
            if not waiting:
                break
        return [done[step.name] for step in steps]

    def _change(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        """Updates and deletes: read for the ETag, compare with the plan, write; once more for those that moved meanwhile."""
        done: dict[str, Outcome] = {}
        waiting = list(steps)
        for fresh in (False, True):
            ready, settled = self._read_again(entity, waiting)
            done.update(settled)
            items, refused = self._items(entity, ready, fresh)
            done.update(refused)
            by_name = {step.name: step for step, _owned, _etag in ready}
            action: t.Literal["DELETE", "MODIFY"] = "DELETE" if steps[0].verb == DELETE else "MODIFY"
            for name, outcome in self._write(action, entity, items).items():
                done[name] = _delete_settled(outcome._replace(step=by_name[name]))
            waiting = [step for name, step in by_name.items() if isinstance(done[name].error, (Conflict, TaskFailed))]
            if not waiting:
                break
        return [done[step.name] for step in steps]

    def _read_again(
        self, entity: Entity, steps: t.Sequence[Step]
    ) -> tuple[list[tuple[Step, t.Mapping[str, t.Any], str | None]], dict[str, Outcome]]:
        """Each step with the site-owned properties and the ETag of now; outcomes for those that need or allow no write."""
        fetched = self.site.client.get_many(entity.namespace, entity.path, [step.ext_id for step in steps])
        ready: list[tuple[Step, t.Mapping[str, t.Any], str | None]] = []
        settled: dict[str, Outcome] = {}
        for step in steps:
            answer = fetched[step.ext_id]
            if isinstance(answer, NotFound):
                gone = Conflict("it was deleted after the plan was made", fix="Run again")
                settled[step.name] = Outcome(step, DONE) if step.verb == DELETE else Outcome(step, FAILED, gone)
                continue
            if isinstance(answer, DrError):
                settled[step.name] = Outcome(step, FAILED, answer, step.ext_id)
                continue
            try:
                held = decode(entity, answer.body, self.site.directory)
            except DrError as error:
                settled[step.name] = Outcome(step, FAILED, error, step.ext_id)
                continue
            again = _still(entity, step, held)
            if isinstance(again, Outcome):
                settled[step.name] = again
            else:
                ready.append((again, held.site_owned, answer.etag))
        return ready, settled

    def _items(
        self, entity: Entity, steps: t.Iterable[tuple[Step, t.Mapping[str, t.Any], str | None]], fresh: bool
    ) -> tuple[list[BatchItem], dict[str, Outcome]]:
        """What goes to the site, and what can't be written. A known request id is answered with the first call's result, a failed
        task too: what failed for good is asked once more under a ``fresh`` id, or the same run could never complete it."""
        items: list[BatchItem] = []
        refused: dict[str, Outcome] = {}
        for step, site_owned, etag in steps:
            try:
                body = None if step.after is None else {**site_owned, **encode(entity, step.after, self.site.directory)}
            except DrError as error:
                refused[step.name] = Outcome(step, FAILED, error, step.ext_id)
                continue
            items.append(BatchItem(step.name, body, step.ext_id or None, etag, self._request_id(step, fresh)))
        return items, refused

    def _write(self, action: t.Literal["CREATE", "MODIFY", "DELETE"], entity: Entity, items: t.Sequence[BatchItem]) -> dict[str, Outcome]:
        """Outcomes by name; the steps in them are filled in by the caller."""
        if not items:
            return {}
        uri = self.site.client.uri(entity.namespace, entity.path) + ("" if action == "CREATE" else "/{extId}")
        found = self.site.client.batch(
            action,
            uri,
            entity.object_type,
            items,
            name=f"{action} {entity.plural}",
            request_id=request_id(self.run_id, action, entity.kind, *(item.request_id for item in items)),
        )
        nothing = Step("", entity.kind, "", None, None)
        return {item.key: Outcome(nothing, FAILED if item.error else DONE, item.error, item.ext_id or "") for item in found}

    def _look_for(self, entity: Entity, steps: t.Sequence[Step], looks: t.Sequence[float]) -> dict[str, Outcome]:
        """Settle creates by looking for their names: those that nobody answered or whose id nobody told, and those that were
        refused, for a run that was killed may have left a task that made the object after we listed."""
        found: dict[str, Outcome] = {}
        for pause in looks:
            waiting = [step for step in steps if step.name not in found]
            if not waiting:
                break
            if pause:
                self.sleep(pause)
            self.site.forget([entity.kind])
            try:
                held = {item.name: item for item in self.site.held(entity.kind)}
            except DrError:
                continue  # the site still doesn't answer; the error of the write itself is the one to report
            for step in waiting:
                if step.name in held:
                    found[step.name] = _made(step, held[step.name])
        return found

    def _request_id(self, step: Step, fresh: bool) -> str:
        wanted = hashlib.sha256(json.dumps([step.before, step.after], sort_keys=True).encode()).hexdigest()
        return request_id(self.run_id, step.verb, step.kind, step.name, wanted, os.urandom(8).hex() if fresh else "")

    def _remember_ids(self, kinds: t.Iterable[str]) -> None:
        """What was listed before the writes is not true any more."""
        self.site.forget(kinds)


def _groups(steps: t.Sequence[Step]) -> list[list[Step]]:
    """Runs of steps of one kind that go together: creates, updates, deletes."""
    groups: list[list[Step]] = []
    found: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        key = (step.kind, step.verb)
        if key not in found:
            found[key] = []
            groups.append(found[key])
        found[key].append(step)
    return groups


def _open(outcome: Outcome) -> bool:
    """Whether nobody knows if, or as what, an object was created."""
    return outcome.error.outcome_unknown if outcome.error is not None else not outcome.ext_id


def _not_there(outcome: Outcome) -> Outcome:
    """A create that is called done and that left nothing to be seen is not done."""
    if outcome.error is not None:
        return outcome
    error = DeadlineExceeded("the site says that it was created, and doesn't list it", fix="Look for it in Prism, then run again")
    error.outcome_unknown = True
    return Outcome(outcome.step, FAILED, error)


def _made(step: Step, held: Held) -> Outcome:
    if held.canonical == step.after:
        return Outcome(step, DONE, None, held.ext_id)
    error = Conflict("an object of this name appeared with other content", fix="Run again to plan with it")
    return Outcome(step, FAILED, error, held.ext_id)


def _still(entity: Entity, step: Step, held: Held) -> Step | Outcome:
    """The step as it is to be done now that the object is ``held``."""
    if held.canonical == step.before:
        return step
    if step.verb == DELETE:
        return Outcome(step, FAILED, Conflict("it was changed after the plan was made", fix="Look at the change and run again"), step.ext_id)
    again = planned_again(entity, step, held)
    return Outcome(step, DONE, None, step.ext_id) if again is None else again


def _delete_settled(outcome: Outcome) -> Outcome:
    """A delete of what is gone is done."""
    if outcome.step.verb == DELETE and isinstance(outcome.error, NotFound):
        return Outcome(outcome.step, DONE)
    return outcome
