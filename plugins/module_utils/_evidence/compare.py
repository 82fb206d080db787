# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sets of canonical objects side by side: equal, differs, missing, extra. Pure; where they come from doesn't matter."""

from __future__ import annotations

import typing as t

from .._model.compare import Change, changes
from .._model.entity import Canonical, Entity, name_of

EQUAL, DIFFERS, MISSING, EXTRA, CANNOT_TELL = "equal", "differs", "missing", "extra", "cannot_tell"


class Verdict(t.NamedTuple):
    """One object. ``missing``: only on the left; ``extra``: only on the right; ``reason`` where it can't be told."""

    kind: str
    name: str
    status: str
    changes: tuple[Change, ...] = ()
    reason: str = ""

    def as_result(self) -> dict[str, t.Any]:
        """The shape in which modules return it."""
        found: dict[str, t.Any] = {"kind": self.kind, "name": self.name, "status": self.status}
        if self.changes:
            found["fields"] = [{"field": change.at, "before": change.before, "after": change.after} for change in self.changes]
        if self.reason:
            found["reason"] = self.reason
        return found


def compare(
    entities: t.Mapping[str, Entity],
    left: t.Mapping[str, t.Sequence[Canonical]],
    right: t.Mapping[str, t.Sequence[Canonical]],
) -> list[Verdict]:
    """A verdict for every object of either side, sorted by kind (in the order of ``entities``) and name."""
    verdicts: list[Verdict] = []
    for kind, entity in entities.items():
        before = {name_of(entity, item): item for item in left.get(kind, ())}
        after = {name_of(entity, item): item for item in right.get(kind, ())}
        for name in sorted({*before, *after}):
            if name not in after:
                verdicts.append(Verdict(kind, name, MISSING))
            elif name not in before:
                verdicts.append(Verdict(kind, name, EXTRA))
            elif before[name] == after[name]:
                verdicts.append(Verdict(kind, name, EQUAL))
            else:
                verdicts.append(Verdict(kind, name, DIFFERS, tuple(changes(before[name], after[name]))))
    return verdicts


def counts(verdicts: t.Iterable[Verdict]) -> dict[str, int]:
    """How many of each status; all statuses are there."""
    found = dict.fromkeys((EQUAL, DIFFERS, MISSING, EXTRA, CANNOT_TELL), 0)
    for verdict in verdicts:
        found[verdict.status] += 1
    return found
