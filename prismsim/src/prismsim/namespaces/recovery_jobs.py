# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of recovery plans and their jobs (contract/v4 sections 12.1 and 12.2), as calls. What they do: ``recovery``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prismsim import crud, query, shape
from prismsim.crud import Resource, checked_body, page, register
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, Refusal, not_found
from prismsim.namespaces.recovery_plans import RECOVERY_PLAN
from prismsim.objects import Document, Record
from prismsim.recovery import effects, jobs
from prismsim.recovery.protection import PAUSED_BY
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.site import Site

_NAMESPACE = "dataprotection"
_OPERATIONS = "dataprotection.v4.operations."
_STEP, _ERROR = "dataprotection.v4.config.RecoveryPlanJobExecutionStep", "dataprotection.v4.config.RecoveryPlanValidationError"
#: Operation, action type, model of the body, title of the task.
_ACTIONS = (
    ("validate_recovery_plan", "VALIDATE", "BaseRecoveryPlanActionSpec", "ValidateRecoveryPlan"),
    ("planned_failover_recovery_plan", "PLANNED_FAILOVER", "PlannedFailoverSpec", "PlannedFailoverRecoveryPlan"),
    ("unplanned_failover_recovery_plan", "UNPLANNED_FAILOVER", "UnplannedFailoverSpec", "UnplannedFailoverRecoveryPlan"),
    ("test_failover_recovery_plan", "TEST_FAILOVER", "TestFailoverSpec", "TestFailoverRecoveryPlan"),
)

JOB = Resource(
    _NAMESPACE, "recovery_plan_job", "recovery_plan_jobs", "recovery_plan_job", "dataprotection.v4.config.RecoveryPlanJob",
    "dataprotection:config:recovery-plan-job", "recovery plan job", names_are_unique=False,
    derive=lambda site, record: jobs.document(site, record.document),
)  # fmt: skip


def _accept(action: str, model: str, title: str) -> Callable[[Call], Work]:
    def accept(call: Call) -> Work:
        plan = crud.find(RECOVERY_PLAN, call, "recoveryPlanExtId")
        spec = checked_body(call, _OPERATIONS + model)
        targets = {direction["targetDomainManagerExtId"] for direction in spec["failoverDirections"]}
        if not targets:
            raise ApiError(400, problems=[Problem("failoverDirections", "At least one failover direction is required")])
        if action != "VALIDATE" and call.site.switches.failover_only_at_target and call.site.domain_manager_id not in targets:
            text = "A failover is started on the domain manager of its target, which this is not."
            raise ApiError(409, [Message(text, "DP-20400", "INVALID_INPUT")])
        return {"plan": plan.id, "spec": spec, "action": action, "title": title}

    return accept


def _never(site: Site, work: Work) -> Outcome:
    """Jobs are brought forward by the engine (``jobs.perform``), which also knows the faults."""
    raise Refusal([Message("A recovery plan action cannot be part of a batch.", "DP-20400", "INVALID_INPUT")])


def _list_jobs(call: Call) -> Answer:
    asked = query.parse(call.operation, call.query, call.catalog, JOB.model)
    found = [] if call.empty else [jobs.document(call.site, record.document) for record in call.site.objects.all(JOB.kind)]
    return page(call, asked, asked.arrange(found), JOB.model)


def _get_job(call: Call) -> Answer:
    record = crud.find(JOB, call)
    shown = shape.answer(jobs.document(call.site, record.document), JOB.model, call.catalog)
    return Answer(item=dump(shown), model=JOB.model, headers={"ETag": record.etag})


def _below_job(model: str, entries: Callable[[Site, Document], list[Document]]) -> Callable[[Call], Answer]:
    def listed(call: Call) -> Answer:
        job = crud.find(JOB, call, "recoveryPlanJobExtId")
        asked = query.parse(call.operation, call.query, call.catalog, model)
        return page(call, asked, asked.arrange([] if call.empty else entries(call.site, job.document)), model)

    return listed


def _perform_delete(site: Site, work: Work) -> Outcome:
    record = site.objects.find(JOB.kind, work["extId"])
    if record is not None and record.document["status"] in jobs.ACTIVE:
        raise Refusal([Message(f"The recovery plan job {record.document['name']} is running.", "DP-20409", "RECOVERY_PLAN_JOB_RUNNING")], 409)
    return crud.perform_delete(JOB, site, work)


def _accept_plan(call: Call) -> Work:
    return {"extId": crud.find(RECOVERY_PLAN, call, "recoveryPlanExtId").id}


def _plan(site: Site, work: Work) -> Record:
    record = site.objects.find("recovery_plan", work["extId"])
    if record is None:
        raise not_found("recovery plan", work["extId"])
    return record


def _clean_up(site: Site, work: Work) -> Outcome:
    plan = _plan(site, work)
    effects.clean_up(site, plan.id)
    return Outcome([crud.affected(RECOVERY_PLAN, plan)], record=plan)


def _resume(site: Site, work: Work) -> Outcome:
    plan = _plan(site, work)
    paused = [vm.id for vm in site.objects.all("vm") if vm.document.get(PAUSED_BY) == plan.id]
    effects.pause(site, plan, paused, False)
    return Outcome([crud.affected(RECOVERY_PLAN, plan)], [("taskExtId", plan.id)], record=plan)


READS[_NAMESPACE, "list_recovery_plan_jobs"] = _list_jobs
READS[_NAMESPACE, "get_recovery_plan_job_by_id"] = _get_job
READS[_NAMESPACE, "list_execution_steps_by_recovery_plan_job_id"] = _below_job(_STEP, jobs.step_documents)
READS[_NAMESPACE, "list_validation_errors_by_recovery_plan_job_id"] = _below_job(_ERROR, lambda site, job: list(job["_findings"]))
for _operation, _action, _model, _title in _ACTIONS:
    _work: Any = _accept(_action, _model, _title)
    WRITES[_NAMESPACE, _operation] = Write(_title, _work, _never, begin=jobs.begin)
WRITES[_NAMESPACE, "cleanup_recovery_plan_resources"] = Write("CleanupRecoveryPlanResources", _accept_plan, _clean_up)
WRITES[_NAMESPACE, "resume_protection"] = Write("ResumeProtection", _accept_plan, _resume)
register(JOB, "")
WRITES[_NAMESPACE, "delete_recovery_plan_job_by_id"] = Write("Delete recovery plan job", lambda call: crud.accept_delete(JOB, call), _perform_delete)
