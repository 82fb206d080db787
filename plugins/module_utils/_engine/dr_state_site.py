# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record and the lock of a pair as one site keeps them: written as text into marks, and read strictly. Judges nothing."""

from __future__ import annotations

import json
import typing as t

from .._errors import Conflict, DrError, NotRepresentable
from .dr_lock import Lock, read_time
from .dr_state import Record
from .marks import LONGEST, Marks

STATE, LOCK = "state", "lock"
_Mark = t.TypeVar("_Mark", Record, Lock)


class PairSite:
    """What one site of the pair ``name`` keeps of it. Raises DrError of the client, CANNOT_TELL when the site doesn't answer."""

    def __init__(self, name: str, marks: Marks) -> None:
        self._name = name
        self._marks = marks

    def look(self) -> tuple[Record | None, Lock | None]:
        """Raises NotRepresentable when somebody else wrote there."""
        texts = self._marks.read()
        return self._read(STATE, Record, texts.get(STATE)), self._read(LOCK, Lock, texts.get(LOCK))

    def write(self, before: Record | None, record: Record) -> None:
        """Replace the record, if it still is ``before``. Raises Conflict."""
        if before == record or self._put(STATE, Record, before, record) or self.look()[0] == record:
            return
        raise Conflict("the state was changed by somebody else", verb="write state of", kind="pair", name=self._name, site=self._marks.site, fix="Run again")

    def lock(self, before: Lock | None, lock: Lock) -> bool:
        """Replace the lock, if it still is ``before``. False if somebody was quicker."""
        return self._put(LOCK, Lock, before, lock)

    def unlock(self, lock: Lock) -> None:
        """Remove the lock, if it still is this one."""
        self._marks.remove(LOCK, lambda text: self._read(LOCK, Lock, text) == lock)

    def _put(self, value: str, kind: type[_Mark], before: _Mark | None, mark: _Mark) -> bool:
        text = json.dumps(mark._asdict(), sort_keys=True, separators=(",", ":"))
        if len(text) > LONGEST:
            cause = f"the {value} would have {len(text)} characters, a category holds {LONGEST}"
            raise DrError(cause, verb="write", kind="pair", name=self._name, fix="Give the run a shorter id")
        if before is None:
            return self._marks.create(value, text)
        try:
            return self._marks.replace(value, lambda found: self._read(value, kind, found) == before, text)
        except Conflict:
            return False

    def _read(self, value: str, kind: type[_Mark], text: str | None) -> _Mark | None:
        if text is None:
            return None
        try:
            mark = kind(**json.loads(text))
            read_time(mark.since)
        except (TypeError, ValueError) as error:
            raise NotRepresentable(
                f"says {text[:80]!r}, which this collection has not written",
                path="description",
                verb="read",
                kind="category",
                name=self._marks.name(value),
                site=self._marks.site,
                fix="Find out who changed it and what holds; then delete it and declare the active site with the module dr_state",
            ) from error
        return mark
