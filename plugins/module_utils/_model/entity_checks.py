# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold of a whole object before it is written. Knows no site; a run that writes nothing needs none of it."""

from __future__ import annotations

import typing as t

from .entity import Canonical, Entity, name_of
from .form import Minor
from .problems import Problems


def check_whole(entity: Entity, canonical: Canonical, problems: Problems, *, new: bool = False, minor: Minor | None = None, at: str = "") -> None:
    """What must hold of a whole object before it is written: required fields and the entity's own checks; more if ``new``.
    ``minor`` is that of the target; without one the strictest rules hold."""
    where = at or f"{entity.title} '{name_of(entity, canonical)}'"
    for field in entity.fields:
        if field.required and canonical.get(field.name) in (None, "", field.absent):
            problems.add(where, f"'{field.name}' is missing", "it has no default when an object is created")
    for check in (*entity.checks, *(entity.checks_of_new if new else ())):
        check(canonical, where, minor, problems)


def immutable_changes(entity: Entity, current: t.Mapping[str, t.Any], wanted: t.Mapping[str, t.Any]) -> list[str]:
    """Names of fields that differ but can't be changed on an existing object."""
    return [field.name for field in entity.fields if field.immutable and current.get(field.name) != wanted.get(field.name)]
