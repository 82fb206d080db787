"""The facts of a recovery: each is found where it is planted, and not on a site that is as it should be."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.census import census
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.facts import TABLE, facts
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.site_facts import Sites
from tests.unit.segmentation.truth_fixture import DB, VMS, WEB, application, group, inbound, p3, site, vm, vms_with

W1 = {"T": "Web", "Env": "Prod"}
FIRST_TWO = VMS[:2]
KNOWN = frozenset(f"{key}/{value}" for one in VMS for key, value in one["categories"].items())


def sites(right: Any, left: Any = None, **more: Any) -> Sites:
    left = left or site(p3())
    there = {one["name"]: one for one in right.vms}
    pairs = [(one, there[one["name"]]) for one in left.vms if one["name"] in there]
    return Sites(left, right, pairs, **more)


def found(case: Sites) -> set[tuple[str, str, str]]:
    return {(fact.code, fact.severity, fact.subject) for fact in facts(case)}


def by_address(**more: Any) -> dict[str, Any]:
    return application("A", group(DB, None, [inbound({"cidr": ["10.1.1.11/32"]}, "tcp/22")]), **more)


def with_group(*names: str) -> Any:
    return site(p3(), entity_groups=[{"name": "web", "members": [{"vms": list(names)}]}])


CASES = [
    pytest.param(sites(site(p3(), vms=vms_with(vm("W1", "10.1.1.11", {"T": "Web"})))), ("F1", "warning", "vm W1"), id="F1 lost"),
    pytest.param(sites(site(p3(), vms=vms_with(vm("W1", "10.1.1.11", {**W1, "New": "x"})))), ("F1", "note", "vm W1"), id="F1 new"),
    pytest.param(sites(site(p3(), vms=vms_with(vm("W1", "10.1.1.11", {})))), ("F2", "problem", "vm W1"), id="F2"),
    pytest.param(sites(with_group("W2"), with_group("W1", "W2")), ("F3", "problem", "entity group web"), id="F3"),
    pytest.param(sites(site(p3()), categories=KNOWN - {"Env/Dev"}), ("F4", "problem", "category Env/Dev"), id="F4 category"),
    pytest.param(sites(site(p3()), lost_subnets={"lab": ["L1"]}), ("F4", "warning", "subnet lab"), id="F4 subnet"),
    pytest.param(sites(site(by_address(), vms=vms_with(vm("W1", "10.2.1.11", W1))), site(by_address())), ("F5", "warning", "vm W1"), id="F5"),
    pytest.param(sites(site(p3(), vms=vms_with(vm("W1", "10.1.1.11", W1, advanced=False)))), ("F6", "problem", "vm W1"), id="F6"),
    pytest.param(
        sites(site(p3(scope={"vpcs": ["VPC-9"]})), site(p3(scope={"vpcs": ["VPC-1"]}))), ("F7", "problem", "security rule P3"), id="F7"
    ),
    pytest.param(sites(site(p3(mode="monitor"))), ("F8", "problem", "security rule P3"), id="F8"),
    pytest.param(sites(site(p3(mode="save")), site(p3(mode="monitor"))), ("F8", "note", "security rule P3"), id="F8 saved"),
    pytest.param(
        sites(site(application("P3", group({"categories": {"T": "None"}}))), site(application("P3", group(WEB)))),
        ("F9", "problem", "security rule P3"),
        id="F9",
    ),
    pytest.param(sites(site(p3(), vms=VMS[2:]), staying=FIRST_TWO), ("F10", "warning", "security rule P3"), id="F10"),
    pytest.param(
        sites(site(application("N", group(WEB, None, [inbound("any", "tcp/1", network_function="ids")]))), network_functions=frozenset()),
        ("F11", "problem", "security rule N"),
        id="F11",
    ),
    pytest.param(
        sites(site(application("V", group({"categories": {"ADGroup": "staff"}})))), ("F11", "note", "security rule V"), id="F11 identity"
    ),
    pytest.param(sites(site(p3(hit_log=False)), site(p3(hit_log=True))), ("F12", "warning", "security rule P3"), id="F12"),
    pytest.param(sites(site(p3(), vms=vms_with(vm("W1", "", W1)))), ("F13", "warning", "vm W1"), id="F13"),
]


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_a_planted_fact_is_found_and_nothing_else(case: Sites, expected: tuple[str, str, str]) -> None:
    others = {one for one in found(case) if one[0] != expected[0]}
    assert expected in found(case)
    assert others <= ({("F9", "problem", "security rule P3")} if expected[0] in ("F4", "F6") else set())


@pytest.mark.parametrize("left", [site(p3()), site(by_address()), with_group("W1")], ids=["P3", "by address", "by name"])
def test_nothing_is_found_on_a_site_that_is_as_it_was(left: Any) -> None:
    assert found(sites(copy.deepcopy(left), left, categories=KNOWN, network_functions=frozenset())) == set()


def test_the_table_has_each_code_once_and_in_order() -> None:
    assert [code for code, _look in TABLE] == ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F10", "F11", "F12", "F13"]


def test_another_address_matters_only_where_a_rule_names_it() -> None:
    moved = vms_with(vm("W1", "10.2.1.11", W1))
    assert found(sites(site(p3(), vms=moved))) == set()
    both = application("A", group(DB, None, [inbound({"cidr": ["10.0.0.0/8"]}, "tcp/22")]))
    assert found(sites(site(both, vms=moved), site(both))) == set()


def test_the_census_counts_each_interface_once() -> None:
    names = {one["name"] for one in VMS}
    counts = census(site(p3(), vms=vms_with(vm("X2", "", {}))), names)
    assert counts == {
        "vms": 13, "interfaces": 13, "enforced": 6, "monitored": 0, "unsecured": 6, "basic_vlan": 1, "without_address": 1
    }
    assert census(site(p3(mode="monitor")), names)["monitored"] == 6
    assert census(site(p3()), {"W1"})["interfaces"] == 1
