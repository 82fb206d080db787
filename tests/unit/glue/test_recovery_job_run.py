# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job of a recovery plan per run: warnings pass only by name, also those that appear after the last validation."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.gate import Waiver
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_follow import Following, PlanAt
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import DrError
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.gate_options import today
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.recording import Recorder
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.recovery_job_run import JobRun, Wanted

WAIVERS = [Waiver("OLD", "j.doe", "known", today())]


class Plan:
    """A recovery plan whose validations find, job by job, the warnings of these codes; a job that doesn't ignore them does nothing."""

    name, ext_id = "shop", "p"

    def __init__(self, *warnings: list[str]) -> None:
        self.client = type("Client", (), {"site": "south"})
        self.made: list[dict[str, Any]] = []
        self._warnings = warnings

    def jobs(self) -> list[dict[str, Any]]:
        return list(self.made)

    def start(self, action: str, run_id: str, spec: dict[str, Any], *, attempt: str) -> str:
        found = self._warnings[len(self.made)]
        moves = not found or spec["shouldIgnoreWarnings"]
        done: dict[str, Any] = {"status": "SUCCEEDED", "executionPhases": [{}]} if moves else {"status": "FAILED"}
        job = {"extId": attempt, "name": run_id, "recoveryPlanExtId": "p", "actionType": f"{action.upper()}_FAILOVER", "found": found, **done}
        self.made.append(job)
        return "task"

    def follow(self, _following: Following, **_known: Any) -> dict[str, Any]:
        return self.made[-1]

    def steps(self, _job: Any) -> list[Any]:
        return []

    def findings(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"severity": "WARNING", "errorCode": code, "errorGroup": "ENTITY", "message": f"{code} was found"} for code in job["found"]]


def result_of(plan: Plan, **following: Any) -> dict[str, Any]:
    wanted = Wanted("planned", "run-1", dict, WAIVERS)
    return JobRun(cast(PlanAt, plan), wanted, Following(10.0, 5.0, lambda line: None, **following), Recorder(None, "", "test")).result()


@pytest.mark.parametrize(
    ("claim", "warnings", "jobs", "changed", "verdict", "fails"),
    [
        ("nothing found", [[]], 1, True, "go", False),
        ("all waived", [["OLD"], ["OLD"]], 2, True, "go_with_waivers", False),
        ("one not waived", [["OLD", "NEW"]], 1, False, "no_go", True),
        ("one more appears once they are ignored", [["OLD"], ["OLD", "NEW"]], 2, True, "no_go", True),
        ("they are gone the second time", [["OLD"], []], 2, True, "go", False),
    ],
)
def test_warnings(claim: str, warnings: list[list[str]], jobs: int, changed: bool, verdict: str, fails: bool) -> None:
    plan = Plan(*warnings)
    result = result_of(plan)
    assert (len(plan.made), result["changed"], result["verdict"], "failed_with" in result) == (jobs, changed, verdict, fails), claim
    if fails:
        assert "NEW was found" in str(result["failed_with"]), claim


def test_a_job_that_passed_unwaived_warnings_stays_loud_until_they_are_waived() -> None:
    plan = Plan(["OLD"], ["OLD", "NEW"])
    first, second = result_of(plan), result_of(plan)
    assert (first["changed"], second["changed"], "failed_with" in second) == (True, False, True)
    WAIVERS.append(Waiver("NEW", "j.doe", "looked at", today()))
    try:
        assert "failed_with" not in result_of(plan)
    finally:
        WAIVERS.pop()
    assert len(plan.made) == 2


def test_nothing_is_started_for_a_playbook_that_is_gone() -> None:
    plan = Plan([])
    with pytest.raises(DrError, match="was ended"):
        result_of(plan, gone=lambda: True)
    assert plan.made == []
