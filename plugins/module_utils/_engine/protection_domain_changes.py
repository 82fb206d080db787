# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a protection domain as it is to one as it is wanted: the calls of Prism Element, in order. Pure; makes none of them.

There is no call that writes a protection domain as a whole (contract/element section 4.1). A run that died between two calls
is run again: the calls that are left follow from what is there then.
"""

from __future__ import annotations

import typing as t

from .._entities.snapshot_schedule import SCHEDULE, Body, Canonical, strikes, write_schedule
from .._model.struct import as_set, without_absent

# What a call does. The names are those of the methods of the client for protection domains.
CREATE, UNPROTECT, PROTECT, ADD_GROUPS = "create", "unprotect", "protect", "add_volume_groups"
ADD_SCHEDULE, CHANGE_SCHEDULE, DROP_SCHEDULE, DELETE = "add_schedule", "change_schedule", "drop_schedule", "delete"


class Call(t.NamedTuple):
    """One write. ``says`` tells people what it does; ``given`` is what the client's method takes after the name of the domain."""

    verb: str
    says: str
    given: tuple[t.Any, ...] = ()


def settled(desired: Canonical, current: Canonical | None) -> Canonical:
    """``desired`` with what a person left to the cluster as the cluster has it: the time of day at which a schedule strikes."""
    if current is None or "schedules" not in desired:
        return desired
    free = list(current.get("schedules") or ())
    found: list[Canonical] = []
    # Those that say their time choose first, so that one without doesn't take theirs.
    for schedule in sorted(desired["schedules"], key=lambda wanted: "at" not in wanted):
        match = _match(schedule, free)
        if match is not None:
            free.remove(match)
            schedule = without_absent(SCHEDULE.fields, {"at": match.get("at"), **schedule})
        found.append(schedule)
    return {**desired, "schedules": as_set(found)}


def calls(
    name: str,
    before: Canonical | None,
    after: Canonical | None,
    held_schedules: t.Sequence[Body],
    group_ids: t.Mapping[str, str],
    now_usecs: int,
) -> list[Call]:
    """What turns ``before`` into ``after``. ``held_schedules`` are the schedules as the API gave them, ``group_ids`` the uuids of the
    volume groups by name, ``now_usecs`` the cluster's time."""
    if after is None:
        return [Call(DELETE, "delete it")]
    was = before or {}
    found = [] if before is not None else [Call(CREATE, "create it")]
    return found + _members(was, after) + _groups(was, after, group_ids) + _schedules(name, was, after, held_schedules, now_usecs)


def removed_groups(before: Canonical | None, after: Canonical | None) -> list[str]:
    """The volume groups that would have to leave a protection domain that stays: there is no documented call for that."""
    if before is None or after is None:
        return []
    return sorted(set(before.get("volume_groups") or ()) - set(after.get("volume_groups") or ()))


def _members(was: Canonical, after: Canonical) -> list[Call]:
    old, new = as_set(was.get("vms") or ()), as_set(after.get("vms") or ())
    leaving = sorted(vm["name"] for vm in old if vm not in new)
    joining = [vm for vm in new if vm not in old]
    found = [Call(UNPROTECT, f"unprotect {', '.join(leaving)}", (leaving,))] if leaving else []
    together: dict[tuple[str, bool], list[str]] = {}
    for vm in joining:
        together.setdefault((vm.get("consistency_group", ""), bool(vm.get("app_consistent"))), []).append(vm["name"])
    for (group, app_consistent), names in sorted(together.items()):
        where = f" in consistency group {group}" if group else ""
        found.append(Call(PROTECT, f"protect {', '.join(sorted(names))}{where}", (sorted(names), group, app_consistent)))
    return found


def _groups(was: Canonical, after: Canonical, ids: t.Mapping[str, str]) -> list[Call]:
    joining = sorted(set(after.get("volume_groups") or ()) - set(was.get("volume_groups") or ()))
    return [Call(ADD_GROUPS, f"protect volume groups {', '.join(joining)}", ([ids[name] for name in joining],))] if joining else []


def _schedules(name: str, was: Canonical, after: Canonical, held: t.Sequence[Body], now_usecs: int) -> list[Call]:
    free = list(zip(was.get("schedules") or (), held, strict=True))
    wanted = list(after.get("schedules") or ())
    changing = [schedule for schedule in wanted if schedule not in [one for one, _body in free]]
    free = [pair for pair in free if pair[0] not in wanted]
    found: list[Call] = []
    for schedule in changing:
        old = [one for one, _body in free]
        match = _match(schedule, old) or _match({**schedule, "at": None}, old)
        if match is None:
            found.append(Call(ADD_SCHEDULE, f"add the schedule {strikes(schedule)}", (write_schedule(schedule, name, now_usecs),)))
            continue
        body = free.pop(old.index(match))[1]
        found.append(Call(CHANGE_SCHEDULE, f"change the schedule {strikes(schedule)}", (str(body["id"]), write_schedule(schedule, name, now_usecs, body))))
    return found + [Call(DROP_SCHEDULE, f"drop the schedule {strikes(schedule)}", (str(body["id"]),)) for schedule, body in free]


def _match(wanted: Canonical, schedules: t.Sequence[Canonical]) -> Canonical | None:
    """The schedule that strikes like the wanted one: at the same time of day if that is said."""
    alike = [one for one in schedules if strikes(one) == strikes(wanted)]
    at = wanted.get("at")
    return next((one for one in alike if not at or one.get("at") == at), None)
