# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery plan jobs: who takes a call, how a job runs and looks meanwhile, and how it ends under faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from recovery_world import CONFIG, JOBS, OPERATIONS, PLANS, Pair, estate

from prismsim.testing import running

EVERYONE = {"db-1", "app-1", "web-1", "web-2"}


@pytest.fixture
def pair() -> Iterator[Pair]:
    with running(estate()) as simulator:
        yield Pair(simulator)


@pytest.fixture
def slow() -> Iterator[Pair]:
    """In a world where things take time, the first replication done."""
    with running(estate(), profile="realistic") as simulator:
        simulator.advance(10)
        yield Pair(simulator)


def test_a_validation_changes_nothing_and_each_side_answers(pair: Pair) -> None:
    before = [pair.simulator.state(site)["vm"] for site in ("north", "south") if "vm" in pair.simulator.state(site)]
    job = pair.run("validate", "look")
    assert (job["validationStatus"]["status"], job["numRecoverableVMs"]) == ("SUCCEEDED", 4)
    pair.clients["north"].task(pair.act("validate", "there", at="north"))
    assert pair.job("there", "north")["status"] == "SUCCEEDED"
    assert [pair.simulator.state(site)["vm"] for site in ("north", "south") if "vm" in pair.simulator.state(site)] == before


def test_a_failover_is_taken_by_the_target_only(pair: Pair) -> None:
    assert pair.act("planned-failover", "wrong", at="north").status_code == 409
    assert "data" not in pair.clients["north"]("GET", JOBS).json()
    with running(estate(failover_only_at_target=False)) as simulator:
        other = Pair(simulator)
        other.clients["north"].task(other.act("planned-failover", "here", at="north"))
        assert other.job("here", "north")["status"] == "SUCCEEDED"
        assert set(other.vms("south")) == EVERYONE


def test_a_job_takes_its_time_stage_by_stage(slow: Pair) -> None:
    answer = slow.act("planned-failover", "run")
    job = slow.job("run")
    assert (job["status"], job["percentageComplete"], job["validationStatus"]["status"]) == ("RUNNING", 0, "RUNNING")
    task = slow.clients["south"].task(answer)
    assert (task["status"], "completionDetails" in task) == ("RUNNING", False)
    assert "still running" in slow.clients["south"].refused_later(slow.act("planned-failover", "second"))
    slow.simulator.advance(8)
    job = slow.job("run")
    assert 0 < job["percentageComplete"] < 100
    phases = {phase["phaseType"]: phase for phase in job["executionPhases"]}
    assert (phases["PRE_PROCESSING"]["status"], phases["POST_PROCESSING"]["status"]) == ("SUCCEEDED", "QUEUED")
    assert [stage["status"] for stage in phases["ENTITY_RECOVERY"]["stages"]] == ["RUNNING", "QUEUED", "QUEUED"]
    assert slow.power("south") == {"db-1": "ON"}, "the database first, and then the delay of a minute"
    assert set(slow.power("north").values()) == {"OFF"}
    assert slow.clients["south"].task(answer)["progressPercentage"] == job["percentageComplete"]
    slow.simulator.advance(55)
    assert set(slow.vms("south")) == {"db-1"}
    slow.simulator.advance(30)
    task = slow.clients["south"].task(answer)
    assert task["status"] == "SUCCEEDED"
    job = slow.job("run")
    assert {entry["name"]: entry["value"] for entry in task["completionDetails"]} == {"recoveryPlanJobExtId": job["extId"]}
    assert (job["status"], job["percentageComplete"]) == ("SUCCEEDED", 100)
    steps = slow.steps(job)
    order = [step["affectedEntities"][0]["name"] for step in steps if step["operationType"] == "VM_POWER_ON"]
    assert order == ["db-1", "app-1", "web-1", "web-2"]
    shut_down = [step["affectedEntities"][0]["name"] for step in steps if step["operationType"] == "ENTITY_SNAPSHOT_SYNC"]
    assert shut_down[-2:] == ["app-1", "db-1"], "the other way round"
    assert all(step["startTime"] <= step["endTime"] <= job["endTime"] for step in steps)


def test_a_running_job_keeps_its_plan(slow: Pair) -> None:
    slow.act("test-failover", "run")
    south, job = slow.clients["south"], slow.job("run")
    plan = f"{PLANS}/{slow.plan}"
    for path in (plan, f"{JOBS}/{job['extId']}"):
        task = south("DELETE", path, headers={"If-Match": south("GET", path).headers["ETag"]})
        slow.simulator.advance(3)
        assert south.task(task)["status"] == "FAILED"
    slow.simulator.advance(100)
    assert slow.job("run")["status"] == "SUCCEEDED"
    south("DELETE", f"{JOBS}/{job['extId']}")
    slow.simulator.advance(3)
    assert south("GET", f"{JOBS}/{job['extId']}").status_code == 404


def test_a_killed_simulator_finishes_the_job_after_its_restart(slow: Pair) -> None:
    answer = slow.act("planned-failover", "run")
    slow.simulator.advance(8)
    slow.simulator.restart()
    assert slow.power("south") == {"db-1": "ON"}
    slow.simulator.advance(100)
    assert slow.clients["south"].task(answer)["status"] == "SUCCEEDED"
    assert slow.power("south") == dict.fromkeys(EVERYONE, "ON")
    assert slow.vms("north") == {}


def test_a_source_that_dies_on_the_way_stops_a_planned_failover(slow: Pair) -> None:
    slow.act("planned-failover", "run")
    slow.simulator.advance(8)
    slow.simulator.down("north")
    slow.simulator.advance(100)
    job = slow.job("run")
    (failed,) = [step for step in slow.steps(job) if step["status"] == "FAILED"]
    assert (job["status"], "does not answer" in failed["errorMessage"]["message"]) == ("FAILED", True)
    assert slow.power("south") == {"db-1": "ON"}
    slow.act("unplanned-failover", "rest")
    slow.simulator.advance(100)
    assert slow.job("rest")["status"] == "SUCCEEDED"
    assert slow.power("south") == dict.fromkeys(EVERYONE, "ON")


@pytest.mark.parametrize(
    ("do", "task", "job"), [("task_failed", "FAILED", "FAILED"), ("task_canceled", "CANCELED", "ABORTED"), ("task_never_ends", "RUNNING", "RUNNING")]
)
def test_a_call_that_ends_badly(pair: Pair, do: str, task: str, job: str) -> None:
    pair.simulator.fault(do=do, site="south", match={"method": "POST", "path": "planned-failover"})
    answer = pair.act("planned-failover", "run")
    assert pair.clients["south"].task(answer)["status"] == task
    assert pair.job("run")["status"] == job
    assert set(pair.vms("north")) == EVERYONE


@pytest.mark.parametrize(
    ("do", "status", "step"), [("task_failed", "FAILED", "FAILED"), ("task_canceled", "ABORTED", "ABORTED"), ("task_never_ends", "RUNNING", "RUNNING")]
)
def test_a_step_that_ends_badly_leaves_the_rest_undone(pair: Pair, do: str, status: str, step: str) -> None:
    pair.simulator.fault(do=do, site="south", match={"method": "STEP", "path": "run/ENTITY_MIGRATION/app-1"})
    pair.clients["south"].task(pair.act("planned-failover", "run"))
    job = pair.job("run")
    assert job["status"] == status
    (hit,) = [each for each in pair.steps(job) if each["operationType"] == "ENTITY_MIGRATION" and each["affectedEntities"][0]["name"] == "app-1"]
    assert hit["status"] == step
    assert (set(pair.vms("south")), set(pair.power("north").values())) == ({"db-1"}, {"OFF"})


def test_a_step_that_is_slow_keeps_the_job_running_until_its_time_has_come(pair: Pair) -> None:
    pair.simulator.fault(do="slow", ms=60_000, match={"method": "STEP", "path": "run/ENTITY_MIGRATION/app-1"})
    answer = pair.act("planned-failover", "run")
    assert pair.clients["south"].task(answer)["status"] == "RUNNING"
    assert (pair.job("run")["status"], set(pair.vms("south"))) == ("RUNNING", {"db-1"})
    pair.simulator.restart()
    assert pair.job("run")["status"] == "RUNNING"
    pair.simulator.advance(60)
    assert pair.clients["south"].task(answer)["status"] == "SUCCEEDED"
    assert pair.power("south") == dict.fromkeys(EVERYONE, "ON")


def test_what_a_failed_job_left_is_recovered_by_the_next_one(pair: Pair) -> None:
    pair.simulator.fault(do="task_failed", match={"method": "STEP", "path": "ENTITY_MIGRATION/web-1", "times": 1})
    pair.run("planned-failover", "first", status="FAILED")
    job = pair.run("planned-failover", "second")
    assert job["numRecoverableVMs"] == 2
    assert pair.power("south") == dict.fromkeys(EVERYONE, "ON")
    again = pair.run("planned-failover", "third", status="FAILED")
    assert pair.codes(again) == {"NOTHING_TO_RECOVER": "ERROR"}


@pytest.mark.parametrize("when", ["kill_before", "kill_after"])
def test_a_kill_at_a_step_loses_and_doubles_nothing(pair: Pair, when: str) -> None:
    pair.simulator.fault(do=when, match={"method": "STEP", "path": "ENTITY_MIGRATION/app-1", "times": 1})
    with pytest.raises(OSError, match=r".*"):
        pair.act("planned-failover", "run")
    pair.simulator.restart()
    assert pair.job("run")["status"] == "SUCCEEDED"
    assert pair.power("south") == dict.fromkeys(EVERYONE, "ON")
    assert pair.vms("north") == {}


def test_only_the_releases_that_have_it(pair: Pair) -> None:
    south = pair.clients["south"]
    assert south("POST", f"{OPERATIONS}/{pair.plan}/$actions/resume-protection").status_code == 202
    assert south("POST", f"{OPERATIONS.replace('v4.4', 'v4.3')}/{pair.plan}/$actions/resume-protection").status_code == 404
    pair.run("validate", "look")
    old = south.find(JOBS.replace("v4.4", "v4.2"), name="look")
    assert "numRecoverableVMs" not in old
    assert south("GET", f"{CONFIG.replace('v4.4', 'v4.1')}/recovery-plan-jobs").status_code == 404
    unknown: dict[str, Any] = {"isInstantRestore": True}
    assert pair.act("planned-failover", "x", **unknown).status_code == 400
