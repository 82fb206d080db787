"""What to do about the jobs of a plan, and how they are told."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_job import (
    ATTACH,
    REFUSE,
    REPORT,
    START,
    STOP,
    decide,
    did_nothing,
    progress_line,
    recovered,
    told_findings,
    told_steps,
)


def job(status: str, *, name: str = "run-1", action: str = "PLANNED_FAILOVER", plan: str = "plan", start: str = "10:00", **more: Any) -> dict[str, Any]:
    return {"extId": f"{name} {start}", "name": name, "actionType": action, "recoveryPlanExtId": plan, "status": status, "startTime": start, **more}


RAN = {"validationStatus": {"status": "SUCCEEDED"}, "executionPhases": [{"phaseType": "PRE_PROCESSING", "status": "FAILED"}]}
BLOCKED = {"validationStatus": {"status": "FAILED"}}


@pytest.mark.parametrize(("jobs", "retry", "verb"), [
    ([], False, START),
    ([job("RUNNING")], False, ATTACH),
    ([job("QUEUED")], False, ATTACH),
    ([job("SUCCEEDED")], False, REPORT),
    ([job("SUCCEEDED_WITH_VALIDATION_WARNING")], False, REPORT),
    ([job("FAILED", **RAN)], False, STOP),
    ([job("ABORTED", **RAN)], False, STOP),
    ([job("FAILED", **RAN)], True, START),
    ([job("FAILED", **RAN), job("SUCCEEDED", start="11:00")], False, REPORT),
    ([job("FAILED", **BLOCKED)], False, START),
    ([job("FAILED", **BLOCKED), job("RUNNING", start="11:00")], False, ATTACH),
    ([job("RUNNING", name="run-0")], False, REFUSE),
    ([job("RUNNING", action="TEST_FAILOVER")], False, REFUSE),
    ([job("RUNNING", plan="another")], False, START),
    ([job("SUCCEEDED", name="run-0")], False, START),
    ([job("SUCCEEDED", action="TEST_FAILOVER")], False, START),
    ([job("SUCCEEDED"), job("RUNNING", name="run-2", start="12:00")], False, REPORT),
])  # fmt: skip
def test_a_run_has_one_job(jobs: list[dict[str, Any]], retry: bool, verb: str) -> None:
    assert decide(jobs, "plan", "planned", "run-1", retry=retry).verb == verb


def test_a_validation_is_always_of_now() -> None:
    assert decide([job("SUCCEEDED", action="VALIDATE")], "plan", "validate", "run-1").verb == START


def test_the_newest_of_several_is_the_one() -> None:
    jobs = [job("SUCCEEDED", start="12:00"), job("SUCCEEDED", start="11:00")]
    assert decide(jobs, "plan", "planned", "run-1").job is jobs[0]


def test_only_what_ended_with_its_validation_did_nothing() -> None:
    assert did_nothing(job("FAILED", **BLOCKED))
    assert not did_nothing(job("FAILED", **RAN))
    assert not did_nothing(job("FAILED", validationStatus={"status": "SUCCEEDED"}))
    assert not did_nothing(job("RUNNING"))


def test_lines_tell_where_it_is() -> None:
    stages = [{"stageExtId": "a", "status": "SUCCEEDED"}, {"stageExtId": "b", "status": "RUNNING"}, {"stageExtId": "c", "status": "QUEUED"}]
    phases = [{"phaseType": "PRE_PROCESSING", "status": "SUCCEEDED"}, {"phaseType": "ENTITY_RECOVERY", "status": "RUNNING", "stages": stages}]
    running = job("RUNNING", percentageComplete=45, executionPhases=phases)
    assert progress_line("shop", running, 80.4) == "recovery plan shop: planned, stage 2 of 3, 45 %, 01:20"
    assert progress_line("shop", job("RUNNING"), 1) == "recovery plan shop: planned, validating, 0 %, 00:01"
    assert progress_line("shop", job("ABORTED", percentageComplete=100), 1) == "recovery plan shop: planned, aborted, 100 %, 00:01"


def test_vms_and_steps_are_told() -> None:
    result = {"sourceEntityExtId": "old", "recoveredEntityExtId": "new", "name": "web-1", "entityType": "VM"}
    steps = [
        {"operationType": "VM_POWER_ON", "status": "QUEUED"},
        {
            "operationType": "ENTITY_RESTORATION", "status": "SUCCEEDED", "stageExtId": "b", "startTime": "2026-11-21T10:00:00Z",
            "endTime": "2026-11-21T10:01:30.500Z", "executionStepResults": [{"result": result}], "affectedEntities": [{"name": "web-1"}],
        },
    ]  # fmt: skip
    assert recovered(steps) == [{"name": "web-1", "source": "old", "recovered": "new"}]
    first, last = told_steps(steps, {"b": 2})
    assert (first["operation"], first["stage"], first["seconds"], first["entities"]) == ("entity_restoration", 2, 90.5, ["web-1"])
    assert (last["operation"], last["seconds"]) == ("vm_power_on", None)


def test_findings_come_errors_first() -> None:
    errors = [
        {"severity": "WARNING", "errorCode": "B"},
        {"severity": "ERROR", "errorCode": "C", "rootCauseAnalysis": {"resolutions": ["Do this.", "Then that."]}},
    ]
    assert [(found["severity"], found["code"], found["fix"]) for found in told_findings(errors)] == [
        ("error", "C", "Do this. Then that."),
        ("warning", "B", ""),
    ]
