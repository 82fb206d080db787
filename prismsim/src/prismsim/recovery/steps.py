# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a recovery job: planned once after validation, each with its moments, and what each does when its time has come."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from prismsim.objects import Document, Record
from prismsim.recovery import effects, past, points, protection
from prismsim.recovery.members import Route, Stage, settings
from prismsim.recovery.networks import connected, connection
from prismsim.recovery.protection import TEST_OF
from prismsim.recovery.validation import Asked
from prismsim.site import Site

PRE, ENTITY, POST = "PRE_PROCESSING", "ENTITY_RECOVERY", "POST_PROCESSING"


class StepFailed(Exception):
    """A step cannot be done; the text is for its error message."""


def plan_steps(asked: Asked, start: float) -> list[Document]:
    """All steps in order, with ``_begin`` and ``_end`` in seconds since the epoch; steps that run side by side end together."""
    return list(_Planner(asked, start).steps())


class _Planner:
    def __init__(self, asked: Asked, start: float) -> None:
        self._asked = asked
        self._now = start
        self._unit = asked.site.profile.recovery_step

    def steps(self) -> Iterator[Document]:
        asked = self._asked
        yield from self._together([(PRE, None, "RESOURCE_RESERVATION", "Reserve resources at the target", [], {})])
        if asked.action == "PLANNED_FAILOVER" and not asked.live:
            for stage in reversed(asked.stages):
                yield from self._together([self._shut_down(stage, way, vm) for way, vm in stage.vms])
        for stage in asked.stages:
            yield from self._stage(stage)
        yield from self._together([(POST, None, "AUDIT", "Check what was recovered", [], {"do": "finish"})])

    def _stage(self, stage: Stage) -> Iterator[Document]:
        asked, ext_id = self._asked, stage.record.id
        restored: list[tuple[Any, ...]] = []
        later: dict[str, list[tuple[Any, ...]]] = {"VM_POWER_ON": [], "SCRIPT_EXECUTION": []}
        for way, vm in stage.vms:
            chosen = settings(asked.site, asked.plan, way, vm)
            facts = {"vm": vm.id, **_route(way)}
            name = vm.document["name"]
            if asked.live:
                restored.append((ENTITY, ext_id, "ENTITY_LIVE_MIGRATION", f"Move the running VM {name}", [vm], {"do": "live", **facts}))
                continue
            word, do = ("ENTITY_MIGRATION", "migrate") if asked.action == "PLANNED_FAILOVER" else ("ENTITY_RESTORATION", "restore")
            restored.append((ENTITY, ext_id, word, f"Recover the VM {name}", [vm], {"do": do, **facts}))
            if chosen.power == "ON":
                later["VM_POWER_ON"].append((ENTITY, ext_id, "VM_POWER_ON", f"Power on the VM {name}", [vm], {"do": "power_on", **facts}))
                if chosen.script_seconds is not None:
                    later["SCRIPT_EXECUTION"].append((ENTITY, ext_id, "SCRIPT_EXECUTION", f"Run the recovery script in {name}", [vm], {}))
        for group in (restored, *later.values()):
            yield from self._together(group)
        if stage.delay and stage.vms:
            seconds = float(stage.delay) if asked.site.profile.delays else 0.0
            yield from self._together([(ENTITY, ext_id, "DELAY", f"Wait for {stage.delay} s", [], {})], seconds)

    def _shut_down(self, stage: Stage, way: Route, vm: Record) -> tuple[Any, ...]:
        text = f"Shut down the VM {vm.document['name']} and bring its last state to the target"
        return (PRE, stage.record.id, "ENTITY_SNAPSHOT_SYNC", text, [vm], {"do": "shut_down", "vm": vm.id, **_route(way)})

    def _together(self, group: list[tuple[Any, ...]], seconds: float | None = None) -> Iterator[Document]:
        if not group:
            return
        begin, end = self._now, self._now + (self._unit if seconds is None else seconds)
        self._now = end
        for phase, stage, operation, text, vms, facts in group:
            yield {
                "extId": str(uuid.uuid4()), "phase": phase, "stageExtId": stage, "operationType": operation, "stepDescription": text,
                "affectedEntities": [{"extId": vm.id, "name": vm.document["name"], "entityType": "VM"} for vm in vms],
                "status": "QUEUED", "_begin": begin, "_end": end, "_facts": facts,
            }  # fmt: skip


def _route(way: Route) -> Document:
    return {
        "source": way.source.domain_manager_id, "target": way.target.domain_manager_id, "cluster": way.cluster,
        "clusters": sorted(way.source_clusters), "forward": way.forward,
    }  # fmt: skip


def _way(site: Site, facts: Document) -> Route:
    sites = {site.domain_manager_id: site, **site.peers}
    return Route(sites[facts["source"]], sites[facts["target"]], frozenset(facts["clusters"]), facts["cluster"], facts["forward"])


def do(site: Site, plan: Record, job: Document, step: Document) -> None:
    """Do what a step does; its results go into the step. Raises StepFailed."""
    facts = step["_facts"]
    act = facts.get("do")
    if act == "finish":
        if job.get("postFailoverBehaviour", {}).get("shouldPauseProtection"):
            effects.pause(site, plan, list(job["_recovered"].values()), True)
        return
    if act is None:
        return
    way = _way(site, facts)
    if site.outages.down_since(way.cluster) is not None:
        raise StepFailed("The cluster of the target does not answer.")
    if act == "power_on":
        effects.change(way.target, job["_recovered"][facts["vm"]], powerState="ON")
        return
    if act in ("shut_down", "migrate", "live") and not way.source.answers:
        raise StepFailed(f"{way.source.name} does not answer.")
    vm = way.source.objects.find("vm", facts["vm"])
    if vm is None:
        raise StepFailed(f"The VM {facts['vm']} is gone from {way.source.name}.")
    if act == "shut_down":
        effects.change(way.source, vm.id, powerState="OFF")
        return
    recovered = _recover(site, plan, job, way, vm, act)
    job["_recovered"][vm.id] = recovered.id
    result = {"sourceEntityExtId": vm.id, "recoveredEntityExtId": recovered.id, "name": recovered.document["name"], "entityType": "VM"}
    step["executionStepResults"] = [{"result": {"$objectType": "dataprotection.v4.config.EntityRecoveryResult", **result}}]


def _recover(site: Site, plan: Record, job: Document, way: Route, vm: Record, act: str) -> Record:
    test = job["actionType"] == "TEST_FAILOVER"
    held = vm.document if act in ("migrate", "live") else _held(job, way, vm)
    chosen = settings(site, plan, way, vm)
    keeps_id = site.switches.recovered_vm_keeps_uuid and not test
    if keeps_id and way.source is way.target and act != "restore":
        effects.leave(way.source, vm.id)  # its uuid can be there only once
    nics = [connected(nic, connection(site, plan, way, nic, test), chosen, test) for nic in held.get("nics") or ()]
    recovered = effects.appear(
        way.source, way.target, way.cluster, held, [nic for nic in nics if nic], power="ON" if act == "live" else "OFF",
        keeps_id=keeps_id, marks={TEST_OF: plan.id} if test else {},
    )  # fmt: skip
    if test:
        return recovered
    if act == "restore":
        effects.give_up(way.source, vm.id, recovered.id)
    elif recovered.id != vm.id or way.source is not way.target:
        effects.leave(way.source, vm.id)
    if recovered.id != vm.id:
        effects.reassign(site, plan, vm.id, recovered.id)
    return recovered


def _held(job: Document, way: Route, vm: Record) -> Document:
    """What the newest fitting recovery point holds of a VM."""
    found = protection.to(way.source, vm, way.target)
    moment = found.moment(job.get("_reference")) if found else None
    if found is None or moment is None:
        raise StepFailed(f"The VM {vm.document['name']} has no recovery point at {way.target.name}.")
    held = past.at(way.source, vm, moment)
    if job["actionType"] != "TEST_FAILOVER":
        points.outlive(found, held, moment)
    return held
