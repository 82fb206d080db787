# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protection domains of one cluster as the engine sees them: read, planned, written. The edge of ``plan`` for this kind."""

from __future__ import annotations

import typing as t

from .._entities.protection_domain import API, KIND, PROTECTION_DOMAIN, read_domain
from .._errors import Conflict, DeadlineExceeded, DrError, InvalidInput, NotRepresentable
from .._model.directory import Directory
from .._model.entity import Canonical, Held
from .._model.problems import Problems
from .._model.unreadable import Unreadable
from .._prism.element_domains import may_pass
from .plan import DELETE as REMOVED
from .plan import Plan, Step, keep_all, plan
from .protection_domain_changes import Call, calls, removed_groups, settled

if t.TYPE_CHECKING:
    from .._prism.element_domains import Domains

Body = dict[str, t.Any]

# Rounds of reading and writing before a write that is not answered well is given up.
_ROUNDS = 3
_WAIT = 1.0


class DomainSite:
    """Everything raises DrError of the client: CANNOT_TELL when the cluster doesn't answer."""

    def __init__(self, domains: Domains) -> None:
        self.domains = domains
        self.label = domains.site
        self.bodies: dict[str, Body] = {}
        self.directory = Directory(self.label)

    def read(self, names: t.Collection[str] | None = None) -> tuple[list[Held], list[Unreadable]]:
        """Those of these names or all, in one listing; and those that there are no words for."""
        held: list[Held] = []
        unreadable: list[Unreadable] = []
        self.bodies = {str(body["name"]): body for body in self.domains.read(names)}
        for name, body in sorted(self.bodies.items()):
            try:
                held.append(read_domain(body))
            except NotRepresentable as error:
                unreadable.append(Unreadable(KIND, name, name, error))
        return held, unreadable

    def plan(self, desired: t.Sequence[Canonical], *, remove: t.Callable[[Held], bool] = keep_all, names: t.Collection[str] | None = None) -> Plan:
        """The plan for some or all protection domains. Raises InvalidInput with all that is wrong, as ``plan`` does."""
        held, unreadable = self.read(names)
        current = {one.name: one.canonical for one in held}
        wanted = [settled(one, current.get(one["name"])) for one in desired]
        problems = Problems()
        if any(one != current.get(one["name"]) for one in wanted):
            owners = self._fill_directory()
            self._check_changes(wanted, current, owners, problems)
        try:
            planned = plan(
                [PROTECTION_DOMAIN], {KIND: held}, {KIND: wanted}, whole=False, remove=remove, directory=self.directory,
                minors={PROTECTION_DOMAIN.namespace: API}, unreadable=unreadable,
            )  # fmt: skip
        except InvalidInput as error:
            problems.findings += error.findings
        problems.check(verb="plan", site=self.label)
        return planned

    def apply(self, step: Step, *, deadline: float, before: t.Callable[[Call], None] = lambda call: None) -> None:
        """Do one step, reading back after each round. Raises Conflict if somebody changed the object since it was planned."""
        element = self.domains.element
        until = element.clock() + deadline
        for number in range(_ROUNDS):
            now = self._current(step.name)
            if number == 0 and now != step.before:
                raise self._about(step, Conflict("it changed since it was read", fix="Run again"))
            try:
                for call in self._todo(step, now):
                    before(call)
                    self._do(step.name, call)
                if step.verb == REMOVED:
                    self._wait_until_gone(step, until)
                return
            except DrError as error:
                # What of it was done is read in the next round.
                if number == _ROUNDS - 1 or not may_pass(error):
                    raise self._about(step, error) from error
                element.sleep(_WAIT)

    def _todo(self, step: Step, now: Canonical | None) -> list[Call]:
        if now == step.after:
            return []
        schedules = list(self.bodies.get(step.name, {}).get("cronSchedules") or ())
        ordered = read_domain(self.bodies[step.name]) if step.name in self.bodies else None
        by_hand = _in_order_of(now, schedules, ordered)
        ids = {name: self.directory.id_of("volume_group", name) for name in (step.after or {}).get("volume_groups") or ()}
        return calls(step.name, now, step.after, by_hand, ids, self.domains.element.now_usecs())

    def _do(self, name: str, call: Call) -> None:
        domains = self.domains
        verbs: dict[str, t.Callable[..., None]] = {
            "create": domains.create, "unprotect": domains.unprotect, "protect": domains.protect, "add_volume_groups": domains.add_volume_groups,
            "add_schedule": domains.add_schedule, "change_schedule": domains.change_schedule, "drop_schedule": domains.drop_schedule,
            "delete": domains.delete,
        }  # fmt: skip
        verbs[call.verb](name, *call.given)

    def _current(self, name: str) -> Canonical | None:
        held, unreadable = self.read([name])
        if unreadable:
            raise unreadable[0].error
        return held[0].canonical if held else None

    def _wait_until_gone(self, step: Step, until: float) -> None:
        element = self.domains.element
        while self._current(step.name) is not None:
            if element.clock() >= until:
                raise DeadlineExceeded("is marked for removal, but still there", fix="The cluster cancels its outstanding work first; look at it in Prism")
            element.sleep(_WAIT)

    def _fill_directory(self) -> dict[str, str]:
        """Names of VMs, volume groups and remote sites; and which protection domain each VM is in."""
        owners: dict[str, str] = {}
        for vm in self.domains.vms():
            name = str(vm.get("vmName"))
            self.directory.add("vm", name, str(vm.get("uuid")))
            if vm.get("protectionDomainName"):
                owners[name] = str(vm["protectionDomainName"])
        for group in self.domains.volume_groups():
            self.directory.add("volume_group", str(group.get("name")), str(group.get("uuid")))
        for site in self.domains.remote_sites():
            if not site.get("markedForRemoval"):
                self.directory.add("remote_site", str(site.get("name")), str(site.get("name")))
        return owners

    def _check_changes(self, wanted: t.Sequence[Canonical], current: t.Mapping[str, Canonical], owners: t.Mapping[str, str], problems: Problems) -> None:
        """What the cluster would refuse, or what there is no call for, found before the first write."""
        for desired in wanted:
            name = desired["name"]
            where = f"{PROTECTION_DOMAIN.title} '{name}'"
            body = self.bodies.get(name, {})
            after = {**current.get(name, {}), **desired}
            if body and after == current.get(name):
                continue
            if body.get("metroAvail"):
                problems.add(where, "is a metro availability domain", "manage it in Prism; this module manages asynchronous ones")
            elif body and not body.get("active"):
                problems.add(where, f"is not active on {self.label}, where it is only a copy", "change it on the cluster where it is active")
            if body.get("markedForRemoval"):
                problems.add(where, "is marked for removal", "wait until it is gone, or take another name")
            for group in removed_groups(current.get(name), after):
                problems.add(where, f"volume group '{group}' can't be taken out: Prism Element has no documented call for that", "take it out in Prism")
            for vm in after.get("vms") or ():
                owner = owners.get(vm["name"], name)
                if owner != name:
                    problems.add(where, f"VM '{vm['name']}' is protected by protection domain '{owner}'", "take it out there first")

    def _about(self, step: Step, error: DrError) -> DrError:
        return error.about(verb=step.verb, kind=KIND, name=step.name, site=self.label)


def _in_order_of(now: Canonical | None, bodies: list[Body], held: Held | None) -> list[Body]:
    """The schedules as the API gave them, in the order in which the canonical object has them."""
    if now is None or held is None:
        return []
    from .._entities.snapshot_schedule import read_schedule

    left = [(read_schedule(body, "schedule"), body) for body in bodies]
    ordered: list[Body] = []
    for schedule in now.get("schedules") or ():
        pair = next(pair for pair in left if pair[0] == schedule)
        left.remove(pair)
        ordered.append(pair[1])
    return ordered
