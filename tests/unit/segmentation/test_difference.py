"""The difference of two sites: what is the same however it is written, the classic faults of a recovery site, and the words of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.causes import causes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import Difference, compare_sites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Segmentation
from tests.unit.segmentation.truth_fixture import APP, DEV, PROD, VMS, WEB, application, group, inbound, isolation, outbound, p3, site, vm, vms_with

ISO = isolation("ISO", PROD, DEV)
STRICT = application("QS", group({"categories": {"Quarantine": "Default"}}), kind="quarantine")
W1 = vm("W1", "10.1.1.11", {"T": "Web", "Env": "Prod"})


def kinds(difference: Difference) -> set[str]:
    return {one.kind for one in difference.groups}


def services(difference: Difference) -> set[str]:
    return {text for one in difference.groups for text in one.services}


def replay(left: Objects, right: Objects, difference: Difference) -> None:
    """Every witness shows what its group says, on both engines."""
    engines = Segmentation(left), Segmentation(right)
    assert difference.groups
    for one in difference.groups:
        verdicts = [engine.verdict(flow) for engine, flow in zip(engines, one.witness, strict=True)]
        if one.kind == "monitored_only":
            assert verdicts[0].allowed == verdicts[1].allowed
            assert verdicts[0].if_enforced != verdicts[1].if_enforced
        else:
            assert [verdict.allowed for verdict in verdicts] == [one.kind == "closed", one.kind == "opened"]
            assert (verdicts[0].decided_by, verdicts[1].decided_by) == (one.left, one.right)


def test_a_site_equals_itself_written_otherwise() -> None:
    """Row 54: reordered, renamed, a prefix split, an entry doubled, a range in two parts, a group in place of its services."""
    left = p3()
    left["groups"][1]["inbound"].append(inbound({"cidr": ["10.7.0.0/24"]}, "tcp/8000-8099"))
    right = copy.deepcopy(left)
    right["name"] = "other"
    right["groups"].reverse()
    entries = right["groups"][1]["inbound"]
    entries[-1:] = [
        inbound({"address_groups": ["halves"]}, "tcp/8050-8099", "tcp/8000-8060"),
        inbound({"cidr": ["10.7.0.0/24"]}, "group:eighty"),
        entries[0],
    ]
    groups = [{"name": "DNSX", "addresses": ["10.50.0.53"]}, {"name": "halves", "addresses": ["10.7.0.0/25", "10.7.0.128-10.7.0.255"]}]
    other = site(right, service_groups=[{"name": "eighty", "services": ["tcp/8080"]}])._replace(address_groups=groups)
    difference = compare_sites(site(left), other)
    assert difference.equal
    assert str(difference).startswith("Proved equal")


def stale_address() -> tuple[Objects, Objects]:
    """Web is let in by address, and the VM has another one on the recovery site."""
    rule = p3()
    rule["groups"][1]["inbound"] = [inbound({"cidr": ["10.1.1.11/32"]}, "tcp/8443")]
    return site(rule), site(rule, vms=vms_with(vm("W1", "10.2.1.11", {"T": "Web", "Env": "Prod"})))


def without_r3() -> dict[str, Any]:
    rule = p3()
    del rule["groups"][1]["inbound"][0]
    return rule


def wider() -> dict[str, Any]:
    rule = p3()
    rule["groups"][0]["inbound"] = [inbound("any", "tcp/443-444")]
    return rule


QUARANTINED = vms_with(vm("W1", "10.1.1.11", {"T": "Web", "Env": "Prod", "Quarantine": "Default"}))
PAIRS = [
    pytest.param((site(p3()), site(p3(mode="monitor"))), {"opened"}, id="state monitor"),
    pytest.param((site(p3()), site(p3(), vms=vms_with(vm("W1", "10.1.1.11", {})))), {"opened", "closed"}, id="lost category"),
    pytest.param((site(p3()), site(p3(), vms=vms_with(vm("W1", "10.1.1.11", W1["categories"], advanced=False)))), {"opened", "closed"}, id="basic vlan"),
    pytest.param(stale_address(), {"closed"}, id="re-addressed with a static group"),
    pytest.param((site(p3(scope={"vpcs": ["VPC-1"]})), site(p3(scope={"vpcs": ["VPC-9"]}))), {"opened"}, id="wrong VPC"),
    pytest.param((site(p3()), site(wider())), {"opened"}, id="wider by one port"),
    pytest.param((site(p3()), site(without_r3())), {"closed"}, id="missing R3"),
    pytest.param((site(p3(), ISO), site(p3())), {"opened"}, id="missing isolation"),
    pytest.param((site(p3(), STRICT, vms=QUARANTINED), site(p3(), STRICT)), {"opened"}, id="lost quarantine"),
]


@pytest.mark.parametrize(("pair", "expected"), PAIRS)
def test_faults_of_a_recovery_site(pair: tuple[Objects, Objects], expected: set[str]) -> None:
    difference = compare_sites(*pair)
    assert kinds(difference) == expected
    replay(*pair, difference)


def test_exactly_one_port_is_opened() -> None:
    difference = compare_sites(site(p3()), site(wider()))
    (one,) = difference.groups
    assert one.services == ("tcp/444",)
    assert (one.witness.right.packet, one.right[1].where) == ("tcp/444", "groups[0].inbound[0]")
    assert [decision.level for decision in one.left] == [12]


def test_a_fault_that_the_other_end_hides_is_none() -> None:
    """Web may send more to App, which App doesn't take."""
    rule = p3()
    rule["groups"][0]["outbound"].append(outbound(APP, "tcp/9000"))
    assert compare_sites(site(p3()), site(rule)).equal


def test_a_monitored_policy_that_is_missing_is_monitored_only() -> None:
    pair = site(p3(), {**ISO, "mode": "monitor"}), site(p3())
    difference = compare_sites(*pair)
    assert kinds(difference) == {"monitored_only"}
    replay(*pair, difference)


def test_addresses_are_translated() -> None:
    """The recovery site has another prefix, in its policies and its VMs."""

    def other(text: str) -> str:
        return text.replace("10.1.1.", "10.2.1.")

    left_rule = p3()
    left_rule["groups"][1]["inbound"] = [inbound({"cidr": ["10.1.1.8/29"]}, "tcp/8443")]
    right_rule = copy.deepcopy(left_rule)
    right_rule["groups"][1]["inbound"][0]["from"]["cidr"] = ["10.2.1.8/29"]
    moved = [{**one, "nics": [{**nic, "ip": other(nic["ip"])} for nic in one["nics"]]} for one in VMS]
    assert compare_sites(site(left_rule), site(right_rule, vms=moved), translate=other).equal
    assert not compare_sites(site(left_rule), site(right_rule, vms=moved)).equal


def test_vms_are_matched_by_name_or_map_and_the_others_named() -> None:
    renamed = [{**one, "name": f"{one['name']}-dr"} if one["name"] in ("W1", "W2") else one for one in VMS]
    difference = compare_sites(site(p3()), site(p3(), vms=renamed), vms={"W1": "W1-dr"})
    assert (difference.only_left, difference.only_right) == (("W2",), ("W2-dr",))
    assert difference.equal


def test_a_vm_and_itself_are_no_flow() -> None:
    """One VM in its group: whether the group may talk to itself can't be seen."""
    alone = [vm("W1", "10.1.1.11", {"T": "Web"})]
    left, right = (site(application("P", group(WEB, intra, [inbound("none", "any")])), vms=alone) for intra in ("allow", "deny"))
    assert compare_sites(left, right).equal
    several = [*alone, vm("W2", "10.1.1.12", {"T": "Web"})]
    assert kinds(compare_sites(left._replace(vms=several), right._replace(vms=several))) == {"closed"}


def test_readings_on_which_the_answer_depends_are_named() -> None:
    shared = application("S", group({"categories": {"SharedService": "dns"}}, None, [inbound("any", "udp/53")]), kind="shared_service")
    difference = compare_sites(site(ISO), site(ISO, shared))
    assert "shared_service_covers_peer" in difference.depends_on
    assert compare_sites(site(p3()), site(wider())).depends_on == ()


def test_groups_are_counted_by_the_policy_that_denies_on_one_side() -> None:
    rule = wider()
    rule["groups"][1]["inbound"] = []
    found = causes(compare_sites(site(p3(), ISO), site(rule)).groups)
    told = {(cause.kind, cause.policy) for cause in found}
    assert told == {("opened", "ISO"), ("opened", "P3"), ("closed", "P3")}
    assert [cause.kind for cause in found] == ["opened", "opened", "closed"]
    assert all(cause.groups >= 1 and cause.example.kind == cause.kind for cause in found)
