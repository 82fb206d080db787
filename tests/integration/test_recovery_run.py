"""nutanix_flow.dr.recovery_run against the simulator: one job per run, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prismsim.testing import running
from tests.integration.direct import run_module
from tests.integration.play import connection_of, play
from tests.integration.recovery_pair import RecoveryPair, estate, waiver

NAMES = ["db-1", "web-1", "web-2"]


@pytest.fixture
def pair() -> Iterator[RecoveryPair]:
    with running(estate()) as sim:
        yield RecoveryPair(sim)


def test_there_and_home_again_with_one_job_per_run(pair: RecoveryPair) -> None:
    would = pair.run("planned", run_id="go", check=True)
    assert (would["changed"], pair.jobs()) == (True, [])
    first, second = pair.run("planned", run_id="go"), pair.run("planned", run_id="go")
    assert would["diff"] == first["diff"] != []
    assert (first["changed"], second["changed"], pair.jobs()) == (True, False, [("go", "SUCCEEDED")])
    assert first["vms"] == second["vms"]
    assert [vm["name"] for vm in first["vms"]] == NAMES
    assert all(vm["source"] != vm["recovered"] for vm in first["vms"])
    assert [step["stage"] for step in first["steps"] if step["operation"] == "vm_power_on"] == [1, 2, 2]
    assert pair.power("south") == dict.fromkeys(NAMES, "ON")
    home = pair.run("planned", run_id="back", at="north")
    assert (home["changed"], pair.power("north")) == (True, dict.fromkeys(NAMES, "ON"))


def test_a_test_is_cleaned_up_by_whom_it_was_left(pair: RecoveryPair) -> None:
    assert pair.run("clean_up")["changed"] is False
    assert len(pair.run("test", run_id="drill")["vms"]) == len(NAMES)
    assert pair.power("north") == dict.fromkeys(NAMES, "ON")
    would = pair.run("clean_up", check=True)
    assert would["changed"]
    assert all(name in would["diff"][0]["before"] for name in NAMES)
    assert pair.power("south") != {}
    assert [pair.run("clean_up")["changed"], pair.run("clean_up")["changed"]] == [True, False]
    assert pair.power("south") == {}


def test_warnings_pass_only_by_their_names(pair: RecoveryPair) -> None:
    pair.sim.delete("south", "category", "Tier/DB")
    asked = pair.run("validate", run_id="go")
    assert (asked["changed"], asked["verdict"], [found["code"] for found in asked["validation"]["warnings"]]) == (False, "no_go", ["CATEGORY_NOT_FOUND"])
    refused = pair.run("planned", run_id="go")
    assert refused["changed"] is False
    assert "CATEGORY_NOT_FOUND" in refused["msg"]
    assert "Tier/DB" in refused["msg"]
    for wrong in (waiver("ANOTHER"), waiver("CATEGORY_NOT_FOUND", expires="2020-01-01")):
        assert pair.run("planned", run_id="go", waivers=[wrong])["verdict"] == "no_go"
    assert pair.power("north") == dict.fromkeys(NAMES, "ON")
    passed = pair.run("planned", run_id="go", waivers=[waiver("CATEGORY_NOT_FOUND")])
    assert (passed["changed"], passed["verdict"], passed["job"]["status"]) == (True, "go_with_waivers", "succeeded_with_validation_warning")
    assert any("j.doe" in reason["text"] for reason in passed["reasons"])


def test_errors_can_not_be_waived(pair: RecoveryPair) -> None:
    pair.sim.delete("south", "subnet", "servers")
    refused = pair.run("planned", run_id="go", waivers=[waiver("NETWORK_NOT_FOUND")])
    assert refused["verdict"] == "no_go"
    assert {finding["where"] for finding in refused["findings"]} == {"NETWORK_NOT_FOUND"}
    assert pair.power("north") == dict.fromkeys(NAMES, "ON")


@pytest.mark.parametrize(("do", "status"), [("task_failed", "failed"), ("task_canceled", "aborted")])
def test_a_job_that_failed_stops_the_run_until_somebody_says_retry(pair: RecoveryPair, do: str, status: str) -> None:
    pair.sim.fault(do=do, match={"method": "STEP", "path": "VM_POWER_ON/web-1", "times": 1})
    failed, again = pair.run("planned", run_id="go"), pair.run("planned", run_id="go")
    assert (failed["job"]["status"], again["job"]["status"], len(pair.jobs())) == (status, status, 1)
    assert "retry" in failed["msg"]
    assert failed["changed"] is True
    assert again["changed"] is False
    assert "web-1" in str([step for step in failed["steps"] if step["status"] == status])


def test_another_job_of_the_plan_is_waited_for_by_name(pair: RecoveryPair) -> None:
    pair.sim.fault(do="task_never_ends", match={"method": "STEP", "path": "VM_POWER_ON/web-1", "times": 1})
    late = pair.run("planned", run_id="go", job_timeout=1)
    assert late["error"]["type"] == "DeadlineExceeded"
    assert "run again to attach" in late["msg"]
    attached = pair.run("planned", run_id="go", job_timeout=1)
    assert attached["error"]["type"] == "DeadlineExceeded"
    other = pair.run("planned", run_id="another")
    assert other["error"]["type"] == "Conflict"
    assert "'go'" in other["msg"]
    assert pair.jobs() == [("go", "RUNNING")]


def test_a_dead_primary_is_never_asked(pair: RecoveryPair) -> None:
    pair.sim.advance(7200)
    pair.sim.down("north", "blackhole")
    mark = pair.sim.mark()
    result = pair.run("unplanned", run_id="go", waivers=[waiver("RECOVERY_POINT_TOO_OLD")])
    assert (result["changed"], [vm["name"] for vm in result["vms"]]) == (True, NAMES), result.get("msg")
    assert {call["site"] for call in pair.sim.requests(since=mark)} == {"south"}


def test_a_pause_of_protection_is_ended_once(pair: RecoveryPair) -> None:
    assert pair.run("planned", run_id="go", pause_protection=True)["changed"]
    assert [pair.run("resume_protection")["changed"] for _time in range(2)] == [True, False]


def test_progress_is_shown_and_calls_are_few() -> None:
    with running(estate(), profile="realistic") as sim:
        mark = sim.mark()
        task = {"name": "Test", "nutanix_flow.dr.recovery_run": {"plan": "shop", "action": "test", "run_id": "drill"}}
        played = play([task], connection=connection_of(sim.ready, "south"))
        calls = [call["path"] for call in sim.requests(since=mark) if call["method"] == "GET" and "recovery-plan-jobs" in call["path"]]
    assert played.results[0]["job"]["status"] == "succeeded", played.output
    shown = [line for line in played.output.splitlines() if "recovery plan shop: test" in line]
    assert len(shown) >= 2
    assert any("stage 1 of 2" in line or "stage 2 of 2" in line or "processing" in line for line in shown), shown
    assert len(calls) <= len(shown) + 6, "two lists, one look per line, the steps and findings"


def test_what_would_be_recovered_is_told_with_its_age(pair: RecoveryPair) -> None:
    given = {**connection_of(pair.sim.ready, "south"), "peers": [connection_of(pair.sim.ready, "north")], "recoverable": True}
    (plan,) = run_module("recovery_plan_info", given)["recovery_plans"]
    assert [(vm["name"], vm["priority"], vm["protected"]) for vm in plan["recoverable"]] == [("db-1", 1, True), ("web-1", 2, True), ("web-2", 2, True)]
    assert all(vm["age_seconds"] is not None for vm in plan["recoverable"])
    pair.run("planned", run_id="go")
    (plan,) = run_module("recovery_plan_info", given)["recovery_plans"]
    assert plan["recoverable"] == []
