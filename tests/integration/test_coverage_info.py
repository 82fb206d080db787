"""coverage_info: waits for the VMs, sees what they lost, and gives vm_categories what it needs to repair it."""

from __future__ import annotations

import threading

import pytest

from tests.integration.pair import Pair


@pytest.fixture
def staged(ready_pair: Pair) -> Pair:
    """South has the policies, and no VM yet."""
    ready_pair.result("replicate")
    return ready_pair


def test_vms_that_did_not_come_are_missing(staged: Pair) -> None:
    result = staged.result("coverage_info", query="[?status == 'problem'].name")
    assert (result["verdict"], result["counts"]["missing"]) == ("problem", 8)
    assert result["query_result"] == [vm["name"] for vm in result["vms"]]
    assert "web-1" in result["missing"]


def test_it_waits_until_they_are_there(staged: Pair) -> None:
    timer = threading.Timer(3.0, lambda: staged.sim.move("north", "south"))
    timer.start()
    result = staged.result("coverage_info", wait_for_vms=60, poll_interval=1)
    timer.join()
    assert (result["missing"], result["counts"]["ok"]) == ([], 8)
    assert {vm["name"]: vm["secured_by"] for vm in result["vms"]}["web-1"] == {"prod-from-test": "enforce", "shop": "enforce"}


def test_lost_categories_are_found_repaired_and_found_good(staged: Pair) -> None:
    staged.sim.move("north", "south")
    staged.sim.edit("south", "vm", "web-1", {"categories": []})
    result = staged.result("coverage_info", record=staged.record("verify"))
    assert result["verdict"] == "problem"
    assert result["repair"] == [{"name": "web-1", "categories": {"AppTier": "Web", "AppType": "Shop", "Environment": "Production"}}]
    assert {(finding["vm"], finding["code"]) for finding in result["findings"]} == {("web-1", "CATEGORY_MISSING"), ("web-1", "NOT_SECURED")}
    assert staged.result("vm_categories", vms=result["repair"], record=staged.record("repair"))["changed"] is True
    again = staged.result("coverage_info", record=staged.record("verify"))
    assert (again["verdict"], again["repair"]) == ("ok", [])
    report = staged.result("run_report", verb="failover", outcome="ok", mode="unplanned", source="north", target="south")
    assert report["report"]["verdict"] == "OK"
    assert report["summary"].startswith("FAILOVER unplanned north -> south")


def test_a_rule_that_only_monitors_is_a_problem(staged: Pair) -> None:
    staged.sim.move("north", "south")
    staged.sim.edit("south", "security_policy", "shop", {"state": "MONITOR"})
    result = staged.result("coverage_info")
    assert {(finding["vm"], finding["code"]) for finding in result["findings"]} == {(vm, "NOT_ENFORCED") for vm in ("app-1", "app-2", "web-1", "web-2")}


def test_a_vm_in_a_network_out_of_scope_is_a_problem(staged: Pair) -> None:
    staged.sim.move("north", "south")
    staged.sim.edit("south", "subnet", "servers", {"isAdvancedNetworking": False})
    result = staged.result("coverage_info", vms=["web-1"])
    assert {finding["code"] for finding in result["findings"]} == {"NOT_SECURED"}
