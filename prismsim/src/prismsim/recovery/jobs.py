# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery jobs: begun by a call, validated, run step by step as time passes, ended; and how a job looks meanwhile."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prismsim.clock import seconds, timestamp
from prismsim.errors import Message, Refusal
from prismsim.faults import Fault
from prismsim.objects import Document, Record
from prismsim.recovery import members, steps
from prismsim.recovery.validation import Asked, findings
from prismsim.registry import Outcome, Work
from prismsim.site import ADMIN, Site
from prismsim.tasks import Task

KIND = "recovery_plan_job"
ACTIVE = frozenset({"QUEUED", "RUNNING"})


@dataclass(frozen=True)
class StepFaults:
    """How faults reach steps: ``strike`` asks for those that hit one, by a path NAME/OPERATION/VM; ``die`` ends the process."""

    strike: Callable[[str], list[Fault]]
    die: Callable[[str, list[Fault]], None]


def begin(site: Site, work: Work, fate: str | None) -> Task:
    """Make the job of an accepted call, and the task that follows it."""
    spec: Document = work["spec"]
    plan = site.objects.find("recovery_plan", work["plan"])
    running = _running(site, work["plan"])
    if plan is None or running is not None:
        text = f"The recovery plan job {running.document['name']} is still running." if running else "The recovery plan is gone."
        return site.tasks.submit(work["title"], {**work, "refused": text}, fate)
    reference = spec.get("recoveryReferenceTime")
    job = {
        "extId": str(uuid.uuid4()), "name": spec["name"], "recoveryPlanExtId": plan.id, "failoverDirections": spec["failoverDirections"],
        "actionType": work["action"], "startTime": site.now(), "status": "RUNNING", "ownerExtId": ADMIN, "isInitiatedByWitness": False,
        "recoveryReferenceTime": reference, "isLiveMigrateVMs": spec.get("shouldLiveMigrateVMs"), "isInstantRestore": spec.get("isInstantRestore"),
        "postFailoverBehaviour": spec.get("postFailoverBehaviour"), "validationStatus": {"status": "RUNNING", "percentageComplete": 0},
        "_steps": [], "_findings": [], "_recovered": {}, "_ignore": bool(spec.get("shouldIgnoreWarnings")), "_validated": False,
        "_reference": seconds(reference) if reference else None,
    }  # fmt: skip
    record = site.put(KIND, {key: value for key, value in job.items() if value is not None})
    due = site.clock.now() + site.profile.recovery_step
    known = [("recoveryPlanJobExtId", record.id)] if site.switches.job_named_at_once else []
    return site.tasks.submit(work["title"], {**work, "job": record.id}, fate, due=due, details=known)


def _running(site: Site, plan: str) -> Record | None:
    """A job of this plan that has not ended, on any Prism Central that answers."""
    jobs = [job for each in (site, *site.peers.values()) if each.answers for job in each.objects.all(KIND)]
    return next((job for job in jobs if job.document["recoveryPlanExtId"] == plan and job.document["status"] in ACTIVE), None)


def perform(site: Site, task: Task, faults: StepFaults) -> Outcome:
    """Bring a job forward to the present; ``Outcome.again`` says when there is more to do. Raises Refusal when it has failed."""
    if "refused" in task["work"]:
        raise Refusal([Message(task["work"]["refused"], "DP-20409", "RECOVERY_PLAN_JOB_RUNNING")], 409)
    record = site.objects.find(KIND, task["work"]["job"])
    plan = site.objects.find("recovery_plan", task["work"]["plan"])
    if record is None or plan is None:
        raise Refusal([Message("The recovery plan or its job is gone.", "DP-20404", "RESOURCE_NOT_FOUND")], 404)
    if not site.answers:
        return Outcome(again=site.clock.now() + 1.0)
    job = {**record.document}
    if not job["_validated"]:
        _validate(site, plan, job, task["due"])
    return _advance(site, plan, job, task, faults)


def asked_of(site: Site, plan: Record, job: Document) -> Asked | None:
    """A job as a question to the plan, or None when its directions are not those of the plan."""
    ways = members.routes(site, plan, job["failoverDirections"])
    if ways is None:
        return None
    live = bool(job.get("isLiveMigrateVMs"))
    return Asked(site, plan, job["actionType"], ways, members.stages(site, plan, ways), live, job.get("_reference"))


def _validate(site: Site, plan: Record, job: Document, moment: float) -> None:
    asked = asked_of(site, plan, job)
    if asked is None:
        _end(site, job, "FAILED")
        raise Refusal([Message("The failover directions are not those of the recovery plan.", "DP-20400", "INVALID_INPUT")])
    found = findings(asked)
    errors = [finding for finding in found if finding["severity"] == "ERROR"]
    verdict = "FAILED" if errors else "SUCCEEDED_WITH_VALIDATION_WARNING" if found else "SUCCEEDED"
    counts = {"numRecoverableVMs": len(asked.vms), "numRecoverableVolumeGroups": 0}
    job.update({"_validated": True, "_findings": found, "validationStatus": {"status": verdict, "percentageComplete": 100}, **counts})
    blocked = errors or (found and not job["_ignore"] and job["actionType"] != "VALIDATE")
    if blocked:
        _end(site, job, "FAILED")
        raise Refusal([Message(finding["message"], finding["errorCode"], finding["errorGroup"]) for finding in errors or found])
    if job["actionType"] != "VALIDATE":
        job["_steps"] = steps.plan_steps(asked, moment)


def _advance(site: Site, plan: Record, job: Document, task: Task, faults: StepFaults) -> Outcome:
    """Do all steps that are due."""
    now = site.clock.now()
    for step in job["_steps"]:
        if step["status"] != "QUEUED":
            continue
        if step["_end"] > now:
            site.put(KIND, job)
            task["progress"] = document(site, job)["percentageComplete"]
            return Outcome(again=step["_end"])
        hits = [] if "_late" in step else faults.strike("/".join([job["name"], step["operationType"], *(each["name"] for each in step["affectedEntities"])]))
        if late := sum(fault.ms for fault in hits if fault.do == "slow") / 1000:
            _hold_up(job, step, late)
            site.put(KIND, job)
            task["progress"] = document(site, job)["percentageComplete"]
            return Outcome(again=step["_end"])
        if hits:
            site.put(KIND, job)
            site.tasks.save(task)
            faults.die("kill_before", hits)
        if not _step(site, plan, job, task, step, hits):
            return Outcome()
        if hits:
            site.put(KIND, job)
            faults.die("kill_after", hits)
    warned = job["validationStatus"]["status"] == "SUCCEEDED_WITH_VALIDATION_WARNING"
    _end(site, job, "SUCCEEDED_WITH_VALIDATION_WARNING" if warned else "SUCCEEDED")
    entities = [
        {"extId": plan.id, "rel": "datapolicies:config:recovery-plan", "name": plan.document["name"]},
        {"extId": job["extId"], "rel": "dataprotection:config:recovery-plan-job", "name": job["name"]},
    ]
    return Outcome(entities, [("recoveryPlanJobExtId", job["extId"])])


def _hold_up(job: Document, slow: Document, late: float) -> None:
    """Have a step end so many seconds later than it would have; the others wait for it."""
    slow["_late"] = late
    for step in job["_steps"]:
        if step["status"] == "QUEUED":
            step["_end"] += late
            step["_begin"] += late if step is not slow else 0.0


def _step(site: Site, plan: Record, job: Document, task: Task, step: Document, hits: list[Fault]) -> bool:
    """Do one step; False when the job does not go on. Raises Refusal when the step has failed."""
    acts = {fault.do for fault in hits}
    if "task_never_ends" in acts:
        task["fate"] = "never"
        site.put(KIND, job)
        return False
    if "task_canceled" in acts:
        step["status"] = "ABORTED"
        _end(site, job, "ABORTED")
        site.tasks.cancel(task)
        return False
    try:
        if acts & {"task_failed", "status"}:
            raise steps.StepFailed("The step failed on demand of a fault.")
        steps.do(site, plan, job, step)
    except steps.StepFailed as failure:
        message = Message(str(failure), "DP-20500", "RECOVERY_STEP_FAILED")
        step.update({"status": "FAILED", "errorMessage": message.body("dataprotection")})
        _end(site, job, "FAILED")
        raise Refusal([message]) from failure
    step["status"] = "SUCCEEDED"
    return True


def _end(site: Site, job: Document, status: str) -> None:
    for step in job["_steps"]:
        if step["status"] == "QUEUED":
            step["status"] = "ABORTED"
    if job["validationStatus"]["status"] == "RUNNING":
        job["validationStatus"] = {"status": status, "percentageComplete": 100}
    job.update({"status": status, "endTime": site.now()})
    site.put(KIND, job)


def close(site: Site, task: Task) -> None:
    """Write into the job how its task has ended, if the job did not end by itself."""
    work = task["work"] or {}
    record = site.objects.find(KIND, work.get("job", ""))
    if record is not None and record.document["status"] in ACTIVE:
        _end(site, {**record.document}, "ABORTED" if task["status"] == "CANCELED" else "FAILED")
    if record is not None:
        task["details"] = [("recoveryPlanJobExtId", record.id)]


def document(site: Site, job: Document) -> Document:
    """A job as a ``RecoveryPlanJob``."""
    shown = {key: value for key, value in job.items() if not key.startswith("_")}
    done = job["status"] not in ACTIVE
    return {**shown, "percentageComplete": 100 if done else _percentage(job["_steps"]), "executionPhases": _phases(job)}


def _phases(job: Document) -> list[Document] | None:
    found: list[Document] = []
    for phase in (steps.PRE, steps.ENTITY, steps.POST):
        mine = [step for step in job["_steps"] if step["phase"] == phase]
        if not mine:
            continue
        stages = list(dict.fromkeys(step["stageExtId"] for step in mine if step["stageExtId"])) if phase == steps.ENTITY else []
        of_stage = {stage: [step for step in mine if step["stageExtId"] == stage] for stage in stages}
        summaries = [{"stageExtId": stage, **_summary(own)} for stage, own in of_stage.items()]
        found.append({"phaseType": phase, **_summary(mine), **({"stages": summaries} if summaries else {})})
    return found or None


def _summary(mine: list[Document]) -> Document:
    states = {step["status"] for step in mine}
    bad = next((state for state in ("FAILED", "ABORTED") if state in states), None)
    status = bad or ("SUCCEEDED" if states == {"SUCCEEDED"} else "QUEUED" if states == {"QUEUED"} else "RUNNING")
    return {"status": status, "percentageComplete": _percentage(mine)}


def _percentage(mine: list[Document]) -> int:
    return 100 * sum(step["status"] == "SUCCEEDED" for step in mine) // len(mine) if mine else 0


def step_documents(site: Site, job: Document) -> list[Document]:
    """The steps of a job as ``RecoveryPlanJobExecutionStep``."""
    return [_step_document(site, step) for step in job["_steps"]]


def _step_document(site: Site, step: Document) -> Document:
    shown: dict[str, Any] = {key: value for key, value in step.items() if not key.startswith("_")}
    now, ended = site.clock.now(), step["status"] in ("SUCCEEDED", "FAILED")
    if step["status"] == "QUEUED" and step["_begin"] <= now:
        shown["status"] = "RUNNING"
    if ended or shown["status"] == "RUNNING":
        shown["startTime"] = timestamp(step["_begin"])
    if ended:
        shown["endTime"] = timestamp(step["_end"])
    return {**shown, "percentageComplete": 100 if step["status"] == "SUCCEEDED" else 0}
