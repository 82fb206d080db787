# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a site is as it should be: object by object, and never "no drift" about what could not be read. Pure."""

from __future__ import annotations

import typing as t

from .._evidence.compare import CANNOT_TELL, DIFFERS, EQUAL, EXTRA, MISSING, Verdict, compare
from .._model.entity import Canonical, Entity, Held, name_of
from .._model.unreadable import Unreadable
from .scope import Scope


def drift(
    entities: t.Mapping[str, Entity],
    expected: t.Mapping[str, t.Sequence[Canonical]],
    held: t.Mapping[str, t.Sequence[Held]],
    unreadable: t.Sequence[Unreadable],
    scope: Scope,
) -> list[Verdict]:
    """A verdict for every expected object and for every object of the site in scope that nobody expects.

    System-defined objects that nobody expects are no drift. ``expected`` is in the words of the site.
    """
    names = {kind: {name_of(entities[kind], item) for item in items} for kind, items in expected.items()}
    doubles = _doubles(held)
    here = {kind: [item.canonical for item in items] for kind, items in scope.view(held, names).items()}
    hidden = {(item.kind, item.name): item.error.cause for item in unreadable}
    verdicts = [
        verdict._replace(status=CANNOT_TELL, changes=(), reason=hidden.get((verdict.kind, verdict.name)) or "two objects have this name")
        if (verdict.kind, verdict.name) in {**hidden, **doubles}
        else verdict
        for verdict in compare(entities, expected, here)
    ]
    told = {(verdict.kind, verdict.name) for verdict in verdicts}
    verdicts += [
        Verdict(item.kind, item.name, CANNOT_TELL, reason=item.error.cause)
        for item in unreadable
        if (item.kind, item.name) not in told and scope.has(item.kind, item.name, {"name": item.name})
    ]
    order = {kind: index for index, kind in enumerate(entities)}
    return sorted(verdicts, key=lambda verdict: (order[verdict.kind], verdict.name))


def overall(verdicts: t.Iterable[Verdict]) -> str:
    """``equal``, ``drift``, or ``cannot_tell``, which wins."""
    found = {verdict.status for verdict in verdicts}
    if CANNOT_TELL in found:
        return CANNOT_TELL
    return "drift" if found & {DIFFERS, MISSING, EXTRA} else EQUAL


def _doubles(held: t.Mapping[str, t.Sequence[Held]]) -> dict[tuple[str, str], str]:
    seen: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], str] = {}
    for kind, items in held.items():
        for item in items:
            if (kind, item.name) in seen:
                found[(kind, item.name)] = "two"
            seen.add((kind, item.name))
    return found
