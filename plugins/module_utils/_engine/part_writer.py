# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes objects whose parts the API keeps in lists of their own: the object, then of its parts only what differs."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._entities.recovery_plan_settings import MAPPING_CALLED
from .._errors import Conflict, DrError, NotFound
from .._model.codec import Body
from .._model.encode import encode
from .._model.entity import Canonical, Entity, decode
from .._model.parts import PartList
from .._prism.fetching import Fetched
from .._prism.parallel import in_threads
from .._prism.request_ids import request_id
from .outcome import DONE, FAILED, Outcome
from .part_changes import PartChange, part_changes, read_part
from .plan import DELETE, Step
from .recovery_site import with_parts
from .writer import Writer

# Parts written at the same time. The throttle of the client decides how fast their calls go.
_AT_ONCE = 4


class PartWriter(Writer):
    """A Writer for entities with ``part_lists``. A part whose write went wrong fails its object; a second run does what is left."""

    def create(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        return [self._then_parts(entity, outcome) for outcome in super().create(entity, steps)]

    def change(self, entity: Entity, steps: t.Sequence[Step]) -> list[Outcome]:
        if steps[0].verb == DELETE:
            return super().change(entity, steps)
        own = [step for step in steps if _own_differs(entity, step)]
        whole = {outcome.step.name: outcome for outcome in super().change(entity, own)} if own else {}
        return [self._then_parts(entity, whole.get(step.name) or Outcome(step, DONE, None, step.ext_id)) for step in steps]

    def fetch(self, entity: Entity, ext_ids: t.Sequence[str]) -> t.Mapping[str, Fetched | DrError]:
        found = super().fetch(entity, ext_ids)
        return {
            ext_id: answer if isinstance(answer, DrError) else Fetched(with_parts(self.site.client, entity, answer.body), answer.etag)
            for ext_id, answer in found.items()
        }

    def body_of(self, entity: Entity, canonical: Canonical) -> Body:
        whole = encode(entity, canonical, self.site.directory)
        return {name: value for name, value in whole.items() if name not in {part.property for part in entity.part_lists}}

    def _then_parts(self, entity: Entity, outcome: Outcome) -> Outcome:
        """The outcome of an object once its parts are written too."""
        step = outcome.step
        if outcome.status != DONE or step.after is None or not outcome.ext_id:
            return outcome
        try:
            self._write_parts(entity, step, outcome.ext_id)
        except DrError as error:
            return outcome._replace(status=FAILED, error=error)
        return outcome

    def _write_parts(self, entity: Entity, step: Step, ext_id: str) -> None:
        """List by list as they refer to each other; what goes, goes afterwards in reverse. Raises the first error of a list."""
        after = step.after or {}
        wanted = encode(entity, after, self.site.directory)
        now = with_parts(self.site.client, entity, {**wanted, "extId": ext_id})
        held = decode(entity, now, self.site.directory).canonical
        removed: list[tuple[PartList, list[PartChange]]] = []
        for part in entity.part_lists:
            if held.get(part.field, []) == after.get(part.field, []):
                continue
            if step.before is not None and held.get(part.field, []) != step.before.get(part.field, []):
                raise _changed_meanwhile(entity, step, part, self.site.label)
            changes = part_changes(entity, part, now, wanted, after, self.site.directory)
            self._all(entity, step, now, part, [change for change in changes if change.body is not None])
            removed.append((part, [change for change in changes if change.body is None]))
        for part, changes in reversed(removed):
            self._all(entity, step, now, part, changes)

    def _all(self, entity: Entity, step: Step, now: Body, part: PartList, changes: t.Sequence[PartChange]) -> None:
        ext_id = str(now["extId"])
        path = f"{entity.path}/{ext_id}/{part.path}"
        listed = {str(body["extId"]): body for body in now[part.property]}
        called = self._mappings(entity, ext_id, step) if any(MAPPING_CALLED in json.dumps(change.body) for change in changes) else {}

        def as_listed(body: Body) -> bool:
            both = [read_part(entity, part, now, one, self.site.directory) for one in (body, listed[str(body["extId"])])]
            return both[0] == both[1]

        def write(change: PartChange) -> DrError | None:
            try:
                etag = None
                if change.ext_id:
                    here = self.site.client.get(entity.namespace, path, change.ext_id)
                    etag = here.etag
                    if not as_listed(here.body):
                        raise _changed_meanwhile(entity, step, part, self.site.label)
                self._one(entity, step, path, change, etag, called)
            except NotFound:
                return None if change.body is None else _changed_meanwhile(entity, step, part, self.site.label)
            except DrError as error:
                return error.about(verb="write", kind=entity.kind, name=f"{step.name}, {part.field}", site=self.site.label)
            return None

        for error in in_threads(write, changes, threads=_AT_ONCE):
            if error is not None:
                raise error

    def _one(self, entity: Entity, step: Step, path: str, change: PartChange, etag: str | None, called: t.Mapping[str, str]) -> None:
        client = self.site.client
        body = None if change.body is None else _with_ids(change.body, called)
        digest = hashlib.sha256(json.dumps([body, change.ext_id, etag], sort_keys=True).encode()).hexdigest()
        known = request_id(self.run_id, path, step.name, digest)
        if body is None:
            client.writes.delete(entity.namespace, path, change.ext_id, etag=etag, request_id=known)
        elif change.ext_id:
            client.writes.update(entity.namespace, path, change.ext_id, body, etag=etag, request_id=known)
        else:
            client.writes.create(entity.namespace, path, body, request_id=known)

    def _mappings(self, entity: Entity, ext_id: str, step: Step) -> dict[str, str]:
        """The ids of the network mappings as they are now, by their primary networks."""
        (part,) = (part for part in entity.part_lists if part.field == "network_mappings")
        top = encode(entity, {**(step.after or {}), **{other.field: [] for other in entity.part_lists}}, self.site.directory)
        found: dict[str, str] = {}
        for body in self.site.client.list(entity.namespace, f"{entity.path}/{ext_id}/{part.path}"):
            mapping = decode(entity, {**top, part.property: [body]}, self.site.directory).canonical[part.field][0]
            found[str(mapping["primary"])] = str(body["extId"])
        return found


def _changed_meanwhile(entity: Entity, step: Step, part: PartList, site: str) -> Conflict:
    cause = f"somebody else changed its {part.field} meanwhile; that was not overwritten"
    return Conflict(cause, verb="write", kind=entity.kind, name=step.name, site=site, fix="Look at what changed and run again")


def _own_differs(entity: Entity, step: Step) -> bool:
    parts = {part.field for part in entity.part_lists}
    before, after = step.before or {}, step.after or {}
    return any(before.get(field.name) != after.get(field.name) for field in entity.fields if field.name not in parts)


def _with_ids(value: t.Any, called: t.Mapping[str, str]) -> t.Any:
    """A body with the ids of network mappings in the place of their names."""
    if isinstance(value, dict):
        return {name: _with_ids(item, called) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_ids(item, called) for item in value]
    return called.get(value[len(MAPPING_CALLED) :], value) if isinstance(value, str) and value.startswith(MAPPING_CALLED) else value
