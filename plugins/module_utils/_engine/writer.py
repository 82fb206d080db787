# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes steps of one kind and verb to a site, many at a time, and tells what became of each. Knows nothing of other groups of steps."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import typing as t

from .._errors import Conflict, DeadlineExceeded, DrError, NotFound, Refused, TaskFailed
from .._model.codec import Body
from .._model.encode import encode
from .._model.entity import Canonical, Entity, Held, decode, merge
from .._prism.batch import BatchItem
from .._prism.request_ids import request_id
from .outcome import DONE, FAILED, Outcome
from .plan import DELETE, Step

if t.TYPE_CHECKING:
    from .._prism.fetching import Fetched
    from .site import Site


class _Ready(t.NamedTuple):
    """A step that can be written: what it replaces (nothing, if it is new), with the site-owned properties and the ETag of that."""

    step: Step
    old: t.Mapping[str, t.Any] = {}
    site_owned: t.Mapping[str, t.Any] = {}
    etag: str | None = None


# Seconds between the looks for an object whose creation was not answered.
_LOOKS = (0.0, 1.0, 3.0)


class Writer:
    """The writes of one run. ``run_id`` goes into every request id. Raises no DrError: what went wrong is in the outcomes."""

    def __init__(self, site: Site, run_id: str, sleep: t.Callable[[float], None]) -> None:
        self.site = site
        self.run_id = run_id
        self.sleep = sleep

    def create(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        done: dict[str, Outcome] = {}
        waiting = list(steps)
        for fresh in (False, True):
            items, refused = self._items(entity, [_Ready(step) for step in waiting], fresh)
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

    def change(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        """Updates and deletes: read for the ETag, compare with the plan, write; once more for those that moved meanwhile."""
        done: dict[str, Outcome] = {}
        waiting = list(steps)
        for fresh in (False, True):
            ready, settled = self._read_again(entity, waiting)
            done.update(settled)
            items, refused = self._items(entity, ready, fresh)
            done.update(refused)
            by_name = {item.step.name: item.step for item in ready}
            action: t.Literal["DELETE", "MODIFY"] = "DELETE" if steps[0].verb == DELETE else "MODIFY"
            for name, outcome in self._write(action, entity, items).items():
                done[name] = _delete_settled(outcome._replace(step=by_name[name]))
            waiting = [step for name, step in by_name.items() if isinstance(done[name].error, (Conflict, TaskFailed))]
            if not waiting:
                break
        return [done[step.name] for step in steps]

    def fetch(self, entity: Entity, ext_ids: t.Sequence[str]) -> t.Mapping[str, Fetched | DrError]:
        """The objects as they are now, with their ETags."""
        return self.site.client.get_many(entity.namespace, entity.path, ext_ids)

    def body_of(self, entity: Entity, canonical: Canonical) -> Body:
        """What is sent for an object. Raises UnknownReference or Ambiguous."""
        return encode(entity, canonical, self.site.directory)

    def _read_again(self, entity: Entity, steps: t.Sequence[Step]) -> tuple[list[_Ready], dict[str, Outcome]]:
        """Each step with the object as it is now; outcomes for those that need or allow no write."""
        fetched = self.fetch(entity, [step.ext_id for step in steps])
        ready: list[_Ready] = []
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
                ready.append(_Ready(again, answer.body, held.site_owned, answer.etag))
        return ready, settled

    def _items(self, entity: Entity, steps: t.Iterable[_Ready], fresh: bool) -> tuple[list[BatchItem], dict[str, Outcome]]:
        """What goes to the site, and what can't be written. A known request id is answered with the first call's result, a failed
        task too: what failed for good is asked once more under a ``fresh`` id, or the same run could never complete it."""
        items: list[BatchItem] = []
        refused: dict[str, Outcome] = {}
        for step, old, site_owned, etag in steps:
            try:
                body = None if step.after is None else {**site_owned, **self.body_of(entity, step.after)}
            except DrError as error:
                refused[step.name] = Outcome(step, FAILED, error, step.ext_id)
                continue
            if body is not None and entity.carry is not None:
                body = entity.carry(body, old)
            items.append(BatchItem(step.name, body, step.ext_id or None, etag, self._request_id(step, fresh)))
        return items, refused

    def _write(self, action: t.Literal["CREATE", "MODIFY", "DELETE"], entity: Entity, items: t.Sequence[BatchItem]) -> dict[str, Outcome]:
        """Outcomes by name; the steps in them are filled in by the caller."""
        if not items:
            return {}
        nothing = Step("", entity.kind, "", None, None)
        try:
            uri = self.site.client.uri(entity.namespace, entity.path) + ("" if action == "CREATE" else "/{extId}")
            found = self.site.client.writes.batch(
                action,
                uri,
                entity.object_type,
                items,
                name=f"{action} {entity.plural}",
                request_id=request_id(self.run_id, action, entity.kind, *(item.request_id for item in items)),
            )
        except DrError as error:
            # Nothing was sent. Copies, for each gets the name of its own step.
            return {item.key: Outcome(nothing, FAILED, copy.copy(error), item.ext_id or "") for item in items}
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


def planned_again(entity: Entity, step: Step, held: Held) -> Step | None:
    """The same update on a newer ``before``; None if nothing is left to do."""
    after = merge(entity, held.canonical, step.wanted or {})
    return None if after == held.canonical else step._replace(before=held.canonical, after=after, ext_id=held.ext_id)


def _delete_settled(outcome: Outcome) -> Outcome:
    """A delete of what is gone is done."""
    if outcome.step.verb == DELETE and isinstance(outcome.error, NotFound):
        return Outcome(outcome.step, DONE)
    return outcome
