# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protection domain of Prism Element: which VMs and volume groups are snapshotted together, and when (contract/element section 4.2).

Knows its table and how to read one. It is written by verbs (protect, unprotect, schedules), never as a whole.
"""

from __future__ import annotations

import typing as t

from .._model.entity import Entity, Held
from .._model.form import Flag, Minor, Text
from .._model.form_names import Name, Names
from .._model.problems import Problems
from .._model.struct import Field, ListOf, Struct, as_set, without_absent
from .snapshot_schedule import SCHEDULE, Canonical, check_schedules, read_schedule

KIND = "protection_domain"
#: Prism Element has had it since before the first version that we know.
API: Minor = (1, 0)


class Member(Struct):
    """A VM; a consistency group of its own name says nothing."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = super().canonical(value, at, problems)
        return _without_own_group(found)


def _check(canonical: Canonical, where: str, _minor: Minor | None, problems: Problems) -> None:
    names = [vm["name"] for vm in canonical.get("vms") or ()]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add(f"{where}.vms", f"names '{name}' twice", "say once which consistency group it is in")
    check_schedules(canonical.get("schedules") or (), where, problems)


PROTECTION_DOMAIN = Entity(
    kind=KIND,
    plural="protection_domains",
    namespace="element",
    path="protection_domains",
    object_type="",
    since=API,
    fields=(
        Field("name", Text(pattern=r"^[^/\s]+$", allowed="no blanks, no slash"), required=True),
        Field(
            "vms",
            ListOf(
                Member(
                    (
                        Field("name", Name("vm"), required=True),
                        Field("consistency_group", Text()),
                        Field("app_consistent", Flag(), absent=False),
                    ),
                    example="{name: web-1, consistency_group: shop}",
                )
            ),
            absent=[],
        ),
        Field("volume_groups", Names("volume_group"), absent=[]),
        Field("schedules", ListOf(SCHEDULE), absent=[]),
    ),
    checks=(_check,),
)


def read_domain(body: t.Mapping[str, t.Any]) -> Held:
    """What Prism Element v1 says of a protection domain. Raises NotRepresentable for a schedule that there are no words for."""
    name = str(body["name"])
    where = f"{PROTECTION_DOMAIN.title} '{name}'"
    schedules = body.get("cronSchedules") or ()
    found = {
        "name": name,
        "vms": as_set(_read_member(vm) for vm in body.get("vms") or ()),
        "volume_groups": sorted(str(group["name"]) for group in body.get("volumeGroups") or ()),
        "schedules": as_set(read_schedule(schedule, f"{where}.schedules[{index}]") for index, schedule in enumerate(schedules)),
    }
    return Held(KIND, name, name, without_absent(PROTECTION_DOMAIN.fields, found))


def _read_member(body: t.Mapping[str, t.Any]) -> Canonical:
    found: Canonical = {"name": str(body["vmName"]), "consistency_group": str(body.get("consistencyGroup") or "")}
    if body.get("appConsistentSnapshots"):
        found["app_consistent"] = True
    return _without_own_group(found)


def _without_own_group(member: Canonical) -> Canonical:
    return {name: value for name, value in member.items() if name != "consistency_group" or value not in ("", member.get("name"))}
