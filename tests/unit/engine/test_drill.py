"""Drills without a site: which test job to make or go on with, what is left, whether production was touched, which networks are apart."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drill import MadeTest, attempt, isolated, left_behind, production_of, untouched
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drill_networks import Mapping, Network, network_reasons

VLAN = ("cluster", "vs0", "91")


def job(name: str, status: str = "SUCCEEDED", action: str = "TEST_FAILOVER") -> dict[str, Any]:
    return {"name": name, "status": status, "actionType": action, "startTime": "2026-11-21T10:00:00Z"}


def made(one: dict[str, Any], vms: str = "ab", there: str = "") -> MadeTest:
    return MadeTest(one, frozenset(vms), frozenset(there))


@pytest.mark.parametrize(
    ("claim", "tests", "name", "clean_first", "codes"),
    [
        ("nothing was ever tested", [], "run", False, []),
        ("its test runs", [made(job("run", "RUNNING"), vms="a", there="a")], "run", False, []),
        ("its test is there whole", [made(job("run"), there="ab")], "run", False, []),
        ("its test was cleaned up in part", [made(job("run"), there="a")], "run-2", True, []),
        ("its test was cleaned up", [made(job("run"))], "run-2", False, []),
        ("its test failed and left something", [made(job("run", "FAILED"), there="a")], "run-2", True, []),
        ("its second test is there whole", [made(job("run")), made(job("run-2"), there="ab")], "run-2", False, []),
        ("another's test was cleaned up", [made(job("older"))], "run", False, []),
        ("another's test was left", [made(job("older"), there="b")], "run", True, ["TEST_VMS_LEFT"]),
        ("the name only begins alike", [made(job("run-b"), there="b")], "run", True, ["TEST_VMS_LEFT"]),
        ("another's test runs", [made(job("older", "RUNNING"))], "run", False, ["RECOVERY_JOB_RUNS"]),
    ],
)
def test_one_job_is_gone_on_with_as_long_as_it_can_show_something(
    claim: str, tests: list[MadeTest], name: str, clean_first: bool, codes: list[str]
) -> None:
    found = attempt("shop", "run", [test.job for test in tests], tests)
    assert (found.job, found.clean_first, [reason.code for reason in found.reasons]) == (name, clean_first, codes), claim


def test_copies_that_are_being_removed_show_nothing_any_more() -> None:
    test = made(job("run"), there="ab")
    found = attempt("shop", "run", [test.job], [test], cleaning=True)
    assert (found.job, found.clean_first, found.reasons) == ("run-2", True, ())


def test_a_failover_that_runs_is_in_the_way() -> None:
    found = attempt("shop", "run", [job("run", "RUNNING", "PLANNED_FAILOVER")], [])
    assert [reason.code for reason in found.reasons] == ["RECOVERY_JOB_RUNS"]
    assert "run (planned) is running since 2026-11-21T10:00:00Z" in found.reasons[0].text


def test_what_is_left_is_told() -> None:
    assert [reason.code for reason in left_behind("shop", [made(job("run"))])] == ["TEST_VMS_GONE"]
    assert [reason.code for reason in left_behind("shop", [made(job("run"), there="a")])] == ["TEST_VMS_LEFT"]


def vm(name: str, ext_id: str, power: str = "on", *subnets: str) -> dict[str, Any]:
    return {"name": name, "ext_id": ext_id, "power": power, "nics": [{"subnet": subnet} for subnet in subnets]}


def test_originals_are_known_by_their_ids_and_must_run_as_before() -> None:
    before = production_of([vm("web-1", "1"), vm("web-2", "2", "off")])
    same = production_of([vm("web-2", "2", "off"), vm("new", "3"), vm("web-1", "1")])
    assert [reason.code for reason in untouched("north", before, same)] == ["PRODUCTION_UNTOUCHED"]
    told = untouched("north", before, production_of([vm("web-1", "another"), vm("web-2", "2", "on")]))
    assert [(reason.code, reason.status) for reason in told] == [("PRODUCTION_TOUCHED", "problem")] * 2
    assert "web-1 (1) is not on north" in told[0].text
    assert "web-2 was off when the drill began and is on" in told[1].text


def test_test_vms_are_in_test_networks_only() -> None:
    here = [vm("web-1", "1", "on", "servers-test"), vm("web-2", "2", "on", "servers-test", "servers"), vm("web-3", "3", "on", "")]
    assert [reason.code for reason in isolated(here, {"1": "web-1"}, {"servers-test"})] == ["TEST_VMS_ISOLATED"]
    told = isolated(here, {"1": "web-1", "2": "web-2", "3": "web-3", "4": "web-4"}, {"servers-test"})
    assert [reason.code for reason in told] == ["TEST_VM_NOT_ISOLATED", "TEST_VM_NOT_ISOLATED", "TEST_VM_MISSING"]
    assert "web-2 is in servers," in told[0].text
    assert "an unknown network" in told[1].text


PRODUCTION = Network("servers", ("cluster", "vs0", "10"))
BUBBLE = Network("servers-test", VLAN)
APPS = Network("prod/apps", vpc="prod")


@pytest.mark.parametrize(
    ("claim", "test", "networks", "codes"),
    [
        ("a VLAN of its own", "servers-test", [BUBBLE], ["TEST_NETWORK_APART"]),
        ("no test network", "", [], ["TEST_NETWORK_MISSING"]),
        ("a test network that isn't there", "servers-test", [], ["TEST_NETWORK_UNKNOWN"]),
        ("the network of the failover", "servers", [], ["TEST_NETWORK_IS_PRODUCTION"]),
        ("the VLAN of another network", "servers-test", [BUBBLE, Network("backup", VLAN)], ["TEST_NETWORK_SHARES_VLAN"]),
        ("the same number on another cluster", "servers-test", [BUBBLE, Network("backup", ("other", "vs0", "91"))], ["TEST_NETWORK_APART"]),
        ("a VPC of its own", "bubble/apps", [Network("bubble/apps", vpc="bubble")], ["TEST_NETWORK_APART"]),
        ("the VPC of production", "prod/test", [Network("prod/test", vpc="prod")], ["TEST_NETWORK_SHARES_VPC"]),
        ("a VPC that leads out", "bubble/apps", [Network("bubble/apps", vpc="bubble", leads_out=True)], ["TEST_VPC_LEADS_OUT"]),
    ],
)
def test_a_test_network_must_be_apart_from_production(claim: str, test: str, networks: list[Network], codes: list[str]) -> None:
    mappings = [Mapping("shop", "servers", "servers", test), Mapping("shop", "apps", "prod/apps", test)]
    told = network_reasons(mappings, {network.name: network for network in (PRODUCTION, APPS, *networks)}, {})
    assert sorted({reason.code for reason in told}) == codes, claim


def test_other_vms_in_a_test_network_are_named() -> None:
    (told,) = network_reasons([Mapping("shop", "servers", "servers", "servers-test")], {"servers-test": BUBBLE}, {"servers-test": ["jump-1"]})
    assert (told.code, told.status) == ("TEST_NETWORK_IN_USE", "warning")
    assert "jump-1" in told.text
