"""Hits beside the policy engine: each end on its own, on the site of the truth table (policy P3: Web from all tcp/443, Web to App tcp/8443)."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_judge import REASONS, Judge, may_be_turned
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.hit_log_line import Hit
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import Readings
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Segmentation
from tests.unit.segmentation import truth_fixture as site

W1, A1, A2, D1, X1, OUTSIDE = "10.1.1.11", "10.1.1.21", "10.1.1.22", "10.1.1.31", "10.1.1.90", "203.0.113.9"
IN, OUT = "INBOUND", "OUTBOUND"
POLICY_ID = "aaaaaaaa-2222-3333-4444-555555555555"


def hit(source: str, destination: str, port: str, action: str, direction: str, **more: str) -> Hit:
    said = {"policy": "P3", "protocol": "TCP", "event": "Create", "source_port": "51000", "rule_id": "", "rest": "", **more}
    return Hit(time="2026/01/05 10:00:00", source=source, destination=destination, port=port, action=action, direction=direction, **said)


def judge(*rules: dict[str, Any], vms: Any = None, **readings: Any) -> Judge:
    return Judge(Segmentation(site.site(*rules, vms=vms), Readings(**readings)), {POLICY_ID: "P3"})


@pytest.fixture(scope="module")
def p3() -> Judge:
    return judge(site.p3())


CASES = [
    pytest.param(hit(OUTSIDE, W1, "443", "ALLOW", IN), "agrees", "", id="allowed"),
    pytest.param(hit(OUTSIDE, W1, "80", "DROP", IN), "agrees", "", id="denied"),
    pytest.param(hit(OUTSIDE, W1, "80", "ALLOW", IN), "allowed_though_denied", "", id="a hole"),
    pytest.param(hit(OUTSIDE, W1, "443", "DROP", IN), "denied_though_allowed", "", id="an outage"),
    pytest.param(hit(OUTSIDE, W1, "80", "MONITOR", IN), "allowed_though_denied", "", id="monitored, though it should be enforced"),
    pytest.param(hit(OUTSIDE, W1, "443", "MONITOR", IN), "other_rule", "other_policy", id="monitored, though allowed"),
    pytest.param(hit(W1, A1, "8443", "ALLOW", OUT), "agrees", "", id="at the source"),
    pytest.param(hit(W1, A1, "8443", "ALLOW", IN), "agrees", "", id="at the destination"),
    pytest.param(hit(X1, A1, "8443", "ALLOW", OUT), "other_rule", "no_policy", id="an end that no policy secures"),
    pytest.param(hit(X1, A1, "8443", "DROP", OUT), "denied_though_allowed", "", id="dropped at an end that no policy secures"),
    pytest.param(hit(X1, A1, "8443", "DROP", ""), "agrees", "", id="no direction: the end that says so"),
    pytest.param(hit(X1, A1, "8443", "ALLOW", ""), "allowed_though_denied", "", id="no direction: the end without a policy excuses nothing"),
    pytest.param(hit(W1, A1, "8443", "ALLOW", ""), "agrees", "", id="no direction, both ends"),
    pytest.param(hit(OUTSIDE, W1, "443", "ALLOW", IN, policy="P9"), "other_rule", "unknown_policy", id="a policy that the site doesn't have"),
    pytest.param(hit(OUTSIDE, W1, "443", "ALLOW", IN, policy="old name", rule_id=POLICY_ID.upper()), "agrees", "", id="renamed, known by its id"),
    pytest.param(hit(OUTSIDE, "10.1.1.77", "443", "DROP", IN), "cannot_tell", "unknown_vm", id="the secured VM is gone"),
    pytest.param(hit("10.1.1.77", W1, "443", "ALLOW", IN), "agrees", "", id="the peer is gone"),
    pytest.param(hit(OUTSIDE, "198.51.100.1", "443", "ALLOW", ""), "cannot_tell", "unknown_vm", id="no end is a VM"),
    pytest.param(hit(W1, W1, "443", "ALLOW", IN), "cannot_tell", "one_vm", id="a VM and itself"),
    pytest.param(hit("here", W1, "443", "ALLOW", IN), "cannot_tell", "no_address", id="no address"),
    pytest.param(hit("2001:db8::1", W1, "443", "ALLOW", IN), "cannot_tell", "ip_versions", id="two IP versions"),
    pytest.param(hit(OUTSIDE, W1, "", "ALLOW", IN), "cannot_tell", "no_port", id="no port"),
    pytest.param(hit(OUTSIDE, W1, "70000", "ALLOW", IN), "cannot_tell", "no_port", id="a port that is none"),
    pytest.param(hit(OUTSIDE, W1, "", "DROP", IN, protocol="ICMP"), "agrees", "", id="ICMP without a type, all types alike"),
    pytest.param(hit(OUTSIDE, W1, "8/0", "DROP", IN, protocol="1"), "agrees", "", id="a protocol by its number"),
    pytest.param(hit(W1, X1, "", "DROP", OUT, protocol="GRE"), "agrees", "", id="another protocol"),
    pytest.param(hit("10.1.1.11", "10.1.1.90", "67", "ALLOW", OUT, protocol="UDP", source_port="68"), "agrees", "", id="DHCP"),
    pytest.param(hit("10.1.1.11", "10.1.1.90", "67", "ALLOW", OUT, protocol="UDP"), "allowed_though_denied", "", id="not DHCP"),
    pytest.param(hit(W1, OUTSIDE, "123", "DROP", OUT, protocol="UDP", rest=" DESCRIPTION=R7 Web to DNS"), "agrees", "", id="description of an unrelated rule"),
]


@pytest.mark.parametrize(("one", "kind", "reason"), CASES)
def test_a_hit(p3: Judge, one: Hit, kind: str, reason: str) -> None:
    found = p3.judge(one)
    assert (found.kind, found.reason) == (kind, reason)
    assert reason in ("", *REASONS)


def test_what_agrees_is_evidence_for_its_entries(p3: Judge) -> None:
    assert [one.where for one in p3.judge(hit(W1, A1, "8443", "ALLOW", OUT)).exercised] == ["groups[0].outbound[0]"]
    assert [one.where for one in p3.judge(hit(OUTSIDE, W1, "80", "DROP", IN)).exercised] == ["groups[0]"]
    assert p3.judge(hit(OUTSIDE, W1, "80", "ALLOW", IN)).exercised == ()


def test_icmp_without_a_type_cannot_be_told_where_types_differ() -> None:
    ping = judge(site.p3_with(0, "inbound", site.inbound("any", "icmp/8")))
    assert ping.judge(hit(OUTSIDE, W1, "8/0", "ALLOW", IN, protocol="ICMP")).kind == "agrees"
    told = ping.judge(hit(OUTSIDE, W1, "", "ALLOW", IN, protocol="ICMP"))
    assert (told.kind, told.reason) == ("cannot_tell", "no_icmp_type")


def test_a_policy_in_monitor_mode() -> None:
    """What it would allow may be logged either way, what it would deny only as MONITOR."""
    watched = judge(site.p3(mode="monitor"))
    kinds = [watched.judge(hit(OUTSIDE, W1, port, action, IN)).kind for port in ("443", "80") for action in ("ALLOW", "MONITOR", "DROP")]
    assert kinds == ["agrees", "monitored", "denied_though_allowed", "other_rule", "monitored", "denied_though_allowed"]
    assert judge().judge(hit(OUTSIDE, W1, "80", "MONITOR", IN)).reason == "unknown_policy"


def test_all_policies_that_allow_at_one_level_may_be_named() -> None:
    """Policies are a union: the host names one of them, and not always the one that the engine names."""
    again = site.application("P4", site.group(site.WEB, None, [site.inbound("any", "tcp/443")]))
    both = judge(site.p3(), again)
    for policy, where in (("P3", "groups[0].inbound[0]"), ("P4", "groups[0].inbound[0]")):
        found = both.judge(hit(OUTSIDE, W1, "443", "ALLOW", IN, policy=policy))
        assert (found.kind, [(one.policy, one.where) for one in found.exercised]) == ("agrees", [(policy, where)])


def test_a_sample_with_its_ends_exchanged_agrees_the_other_way_round(p3: Judge) -> None:
    turned = hit(A1, W1, "51000", "ALLOW", "", event="Update", source_port="8443", rest=" REPLY: PKTS=0 BYTES=0")
    assert p3.judge(turned).kind == "allowed_though_denied"
    found = p3.turned(turned)
    assert found is not None
    assert (found.kind, found.policy) == ("turned", "P3")
    ports = p3.turned(hit(W1, A1, "51000", "ALLOW", OUT, event="Update", source_port="8443"))
    assert ports is not None
    assert p3.turned(hit(A1, W1, "51000", "ALLOW", "", event="Update", source_port="22")) is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, True), ({"event": "Create"}, False), ({"action": "DROP"}, False), ({"source_port": ""}, False), ({"rest": " REPLY: PKTS=3"}, False)],
)
def test_only_samples_without_a_reply_may_be_turned(more: dict[str, str], expected: bool) -> None:
    """Else any hole would be explained away."""
    one = hit(A1, W1, "51000", "ALLOW", "", event="Update", source_port="8443", rest=" REPLY: PKTS=0 BYTES=0")
    assert may_be_turned(one._replace(**more)) is expected


def test_an_address_that_several_vms_have() -> None:
    """It doesn't matter as long as policies treat them alike."""
    twin = site.vm("W9", W1, {"T": "Web", "Env": "Prod"})
    stranger = site.vm("D9", W1, {"T": "DB", "Env": "Prod"})
    one = hit(OUTSIDE, W1, "443", "ALLOW", IN)
    assert judge(site.p3(), vms=site.vms_with(twin)).judge(one).kind == "agrees"
    told = judge(site.p3(), vms=site.vms_with(stranger)).judge(one)
    assert (told.kind, told.reason) == ("cannot_tell", "several_vms")


def test_both_models_of_monitored_policies() -> None:
    """First generation: an isolation that is only monitored is reached first."""
    rules = site.p3(), site.isolation("ISO", site.PROD, site.DEV, mode="monitor")
    one = hit("10.1.2.11", W1, "80", "MONITOR", IN, policy="ISO")
    assert judge(*rules).judge(one).kind == "allowed_though_denied"
    assert judge(*rules, model="gen1").judge(one).kind == "monitored"
