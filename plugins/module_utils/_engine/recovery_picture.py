# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery plans as a failover finds them: their VMs stage by stage, how old the copies are, what is in the way. Reads, never writes.

The site that takes over is asked; the other one only if it is given, so an unplanned failover never waits for it.
"""

from __future__ import annotations

import typing as t
from datetime import datetime

from .._errors import UnknownReference
from .._prism.parallel import in_threads
from .protected_vms import moment, newest_points, read_resource, state_of
from .recovery_follow import PlanAt, find_plan
from .recovery_job import FAILOVERS, STOP, Body, Decision, decide, is_good, recovered, told_failure, told_steps
from .recovery_site import identity

if t.TYPE_CHECKING:
    from .site import Site
    from .site_map import SiteMap

Vm = t.Mapping[str, t.Any]
# Calls at the same time. The throttle of the client decides how fast they go.
_AT_ONCE = 4


class Member(t.NamedTuple):
    """A VM that a plan would recover. ``age`` is that of its newest copy in seconds, None without one; ``within`` whether its policy's
    objective is kept, None where that can't be told; ``homeless`` are its networks that the plan doesn't bring to where the site map does."""

    name: str
    ext_id: str
    stage: int
    age: int | None
    within: bool | None
    homeless: tuple[str, ...] = ()


class Stale(t.NamedTuple):
    """A VM at the site that takes over which is an old copy of one that is to come."""

    name: str
    ext_id: str
    on: bool


class Picture(t.NamedTuple):
    """One plan. ``decision`` is what a run would do about its job, ``failure`` what went wrong in one that failed; without a plan of this
    name all is empty."""

    name: str
    there: bool
    decision: Decision
    stages: int = 0
    members: tuple[Member, ...] = ()
    stale: tuple[Stale, ...] = ()
    unknown_categories: int = 0
    failure: str = ""


class Looking(t.NamedTuple):
    """What to look at: ``vms`` are those of the source, as ``inventory.vms`` or a baseline has them, with ``ext_id``."""

    action: str
    run_id: str
    retry: bool
    target: Site
    source: Site | None
    vms: t.Sequence[Vm]
    site_map: SiteMap
    sites: tuple[str, str]
    now: datetime


def look(names: t.Sequence[str], how: Looking) -> list[Picture]:
    """One picture per plan, in their order. Raises DrError: TooNew where there are no recovery plans, CANNOT_TELL."""
    client = how.target.client
    how.target.load(("category", "subnet", "vpc", "vm"))
    jobs = list(client.list("dataprotection", "config/recovery-plan-jobs"))
    points = newest_points(client)
    own = identity(how.target).ext_id
    found: list[Picture] = []
    for name in names:
        plan = find_plan(client, name)
        if plan is None:
            found.append(Picture(name, False, Decision("")))
            continue
        decision = decide(jobs, plan.ext_id, how.action, how.run_id, retry=how.retry)
        found.append(_picture(plan, decision, how, points, own))
    return found


def _picture(plan: PlanAt, decision: Decision, how: Looking, points: t.Mapping[str, datetime], own: str) -> Picture:
    stages = plan.stages()
    named = [_Stage.of(stage, how) for stage in stages]
    chosen: list[tuple[int, Vm]] = []
    for vm in how.vms:
        number = next((index + 1 for index, stage in enumerate(named) if stage.has(vm)), 0)
        if number:
            chosen.append((number, vm))
    networks = _target_networks(plan, how, own)
    members = in_threads(lambda one: _member(*one, how, points, own, networks), chosen, threads=_AT_ONCE)
    unknown = sum(stage.unknown for stage in named)
    stale = () if how.site_map.topology == "single_pc" else tuple(_stale(plan, how, members))
    failure = told_failure(told_steps(plan.steps(decision.job))) if decision.verb == STOP and decision.job else ""
    return Picture(plan.name, True, decision, len(stages), tuple(sorted(members, key=lambda one: (one.stage, one.name))), stale, unknown, failure)


class _Stage(t.NamedTuple):
    """Whom a stage names: VMs by their ids, and categories in the words of the source."""

    vms: frozenset[str]
    categories: frozenset[str]
    unknown: int

    @classmethod
    def of(cls, body: Body, how: Looking) -> _Stage:
        source, target = how.sites
        names: set[str] = set()
        unknown = 0
        for ext_id in body.get("categoryExtIds") or ():
            here, there = _called(how.target, str(ext_id)), _called(how.source, str(ext_id)) if how.source else ""
            unknown += not (here or there)
            names.add(there or how.site_map.name_on(source, target, "category", here) or here)
        return cls(frozenset(str(one["extId"]) for one in body.get("entities") or ()), frozenset(names - {""}), unknown)

    def has(self, vm: Vm) -> bool:
        return str(vm["ext_id"]) in self.vms or not self.categories.isdisjoint(vm.get("categories") or ())


def _called(site: Site, category: str) -> str:
    """The name of a category; empty where it isn't there, as on a Prism Central that got only the plan."""
    try:
        return site.directory.name_of("category", category)
    except UnknownReference:
        return ""


def _target_networks(plan: PlanAt, how: Looking, own: str) -> set[str]:
    """The ids of the networks at the target that the plan brings VMs to."""
    side = "primaryNetwork" if plan.body["primaryLocation"].get("domainManagerExtId") == own else "recoveryNetwork"
    found = set()
    for mapping in plan.network_mappings():
        network = mapping.get(side) or {}
        ext_id = str(network.get("subnetExtId") or "")
        found.add(ext_id or next((str(one["extId"]) for one in how.target.bodies("subnet") if one.get("name") == network.get("subnetName")), ""))
    return found & {str(one["extId"]) for one in how.target.bodies("subnet")}


def _member(number: int, vm: Vm, how: Looking, points: t.Mapping[str, datetime], own: str, networks: t.Container[str]) -> Member:
    ext_id = str(vm["ext_id"])
    newest = points.get(ext_id)
    # Synchronous and minutely replication has no recovery points in the list that tell how far it is.
    state = state_of(None if newest else read_resource(how.target.client, ext_id), newest, own, how.now)
    age = 0 if state["status"] == "in_sync" else state["age_seconds"]
    homeless = tuple(sorted({name for nic in vm.get("nics") or () if (name := str(nic.get("subnet") or "")) and _lands(name, how) not in networks}))
    return Member(str(vm["name"]), ext_id, number, age, state["within_rpo"], homeless)


def _lands(subnet: str, how: Looking) -> str:
    """The id of the subnet that the site map brings one of the source to; empty if it says none, or none that is there."""
    source, target = how.sites
    name = how.site_map.name_on(target, source, "subnet", subnet)
    try:
        return how.target.directory.id_of("subnet", name) if name else ""
    except UnknownReference:
        return ""


def _stale(plan: PlanAt, how: Looking, members: t.Sequence[Member]) -> t.Iterator[Stale]:
    """What is at the target already: by the jobs that recovered these VMs at the source, else by id or name."""
    before = _sources(plan, how.source)
    same = {ext_id for one in members for ext_id in (one.ext_id, before.get(one.ext_id, ""))}
    names = {one.name for one in members}
    for body in how.target.bodies("vm"):
        if str(body["extId"]) in same or str(body.get("name") or "") in names:
            yield Stale(str(body.get("name") or ""), str(body["extId"]), body.get("powerState") != "OFF")


def _sources(plan: PlanAt, source: Site | None) -> dict[str, str]:
    """What each VM at the source was before it was recovered there by this plan: its id now -> its id then."""
    if source is None:
        return {}
    there = find_plan(source.client, plan.name)
    jobs = [] if there is None else [job for job in there.jobs() if job.get("recoveryPlanExtId") == there.ext_id]
    found: dict[str, str] = {}
    for job in sorted(jobs, key=lambda job: moment(str(job["startTime"]))):
        if there is not None and job.get("actionType") in FAILOVERS and is_good(job):
            found.update({str(vm["recovered"]): str(vm["source"]) for vm in recovered(there.steps(job))})
    return found
