"""The plan of probes: what the truth table's site needs, and what holds for plans of random sites."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.services import parse_service
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.entry_names import EntryNames
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.probe_field import Excluded, Field
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.probe_plan import Plan, Probe, Wanted, plan_probes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.service_atoms import parse_packet
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow, Segmentation
from tests.unit.segmentation import truth_fixture as truth
from tests.unit.segmentation.naive import Site
from tests.unit.segmentation.random_sites import random_site

ISOLATED = truth.isolation("iso", truth.PROD, truth.DEV)
NOTHING = Excluded()
PREFER = tuple(map(parse_packet, ("tcp/22", "tcp/443")))


def plan(objects: Objects, hosts: Mapping[str, str] | None = None, excluded: Excluded = NOTHING, **wanted: Any) -> Plan:
    """A plan; unless said, every VM takes part."""
    field = Field(Segmentation(objects), hosts or {vm["name"]: vm["name"] for vm in objects.vms}, excluded)
    return plan_probes(field, Wanted(**{"budget": 200, "prefer": PREFER, **wanted}), EntryNames(objects.rules))


def flows(found: Plan, expect: str) -> set[tuple[str, str, str]]:
    return {(probe.way.source.name, probe.way.destination.name, str(probe.way.packet)) for probe in found.probes if probe.expect == expect}


@pytest.fixture(scope="module")
def whole() -> Plan:
    """Of P3 and an isolation, with a host outside of the site."""
    objects = truth.site(truth.p3(), ISOLATED)
    return plan(objects, {**{vm["name"]: vm["name"] for vm in objects.vms}, "jump": truth.U})


def test_every_entry_port_isolation_outsider_and_host_is_covered(whole: Plan) -> None:
    assert {kind: tuple(count) for kind, count in whole.coverage.items() if kind != "entry"} == {
        "witness": (0, 0), "isolation": (2, 2), "port": (15, 15), "outsider": (3, 3), "denial": (8, 8), "host": (28, 28),
    }


def test_entries_that_no_host_can_show_are_named_with_the_reason(whole: Plan) -> None:
    assert whole.coverage["entry"] == (9, 6)
    assert [(what.split(" (")[0], why) for what, why in whole.not_covered] == [
        (f"entry P3 groups[{group}].outbound[{entry}]", "no host of the inventory is at its other end") for group, entry in ((0, 1), (1, 1), (2, 0))
    ]


def test_ports_beside_a_service_are_tried(whole: Plan) -> None:
    ports = {(packet, "allow") for _source, to, packet in flows(whole, "allow") if to in ("D1", "D2")}
    ports |= {(packet, "deny") for source, to, packet in flows(whole, "deny") if to in ("D1", "D2") and source in ("A1", "A2")}
    assert ports >= {("tcp/3305", "deny"), ("tcp/3306", "allow"), ("tcp/3307", "deny")}


def test_a_host_outside_sends_and_is_not_probed(whole: Plan) -> None:
    ends = {(probe.way.source.name, probe.way.destination.name) for probe in whole.probes}
    assert any(source == truth.U for source, _to in ends)
    assert not any(to == truth.U for _source, to in ends)


def test_reasons_for_entries_out_of_reach() -> None:
    ping = truth.application("ping", truth.group({"categories": {"Env": "Dev"}}, None, [truth.inbound("any", "icmp")]))
    found = plan(truth.site(truth.p3(mode="monitor"), ping), {"W1": "W1", "V1": "V1"})
    reasons = {what.split(" (")[0]: why for what, why in found.not_covered}
    assert reasons["entry P3 groups[0].inbound[0]"] == "its policy is only monitored"
    assert reasons["entry ping groups[0].inbound[0]"] == "it is about neither TCP nor UDP"
    alone = {what.split(" (")[0]: why for what, why in plan(truth.site(truth.p3()), {"W1": "W1", "X1": "X1"}).not_covered}
    assert alone["entry P3 groups[2].inbound[0]"] == "no host of the inventory is in its secured group"
    assert alone["entry P3 groups[0].outbound[0]"] == "no host of the inventory is at its other end"


def test_where_nobody_may_go_nothing_is_tried() -> None:
    """Silence there would show nothing. The quarantined VM may still be seen not to send."""
    objects = truth.site(
        truth.application("quarantine", truth.group({"categories": {"Quarantine": "Default"}}), kind="quarantine"),
        vms=[truth.vm("Q1", "10.1.1.1", {"Quarantine": "Default"}), truth.vm("X1", "10.1.1.2", {}), truth.vm("X2", "10.1.1.3", {})],
    )
    found = plan(objects)
    assert {(source, to) for source, to, _packet in flows(found, "deny")} == {("Q1", "X1"), ("Q1", "X2")}
    assert ("denial quarantine groups[0] (Quarantine/Default) in", "nobody may reach its destination, so that silence would show nothing") in found.not_covered


def test_witnesses_come_first_and_a_host_may_stand_in() -> None:
    flow = Flow("203.0.113.77", "W1", "tcp/444")
    found = plan(truth.site(truth.p3()), {"jump": truth.U, "W1": "W1"}, witnesses=(flow,), budget=2)
    assert (truth.U, "W1", "tcp/444") in flows(found, "deny")
    assert found.coverage["witness"] == (1, 1)
    missed = plan(truth.site(truth.p3()), {"W1": "W1", "W2": "W2"}, witnesses=(flow, Flow("W1", "W2", "icmp/8/0"), Flow("W1", "W9", "tcp/1")))
    assert {why for what, why in missed.not_covered if what.startswith("witness")} == {
        "no two hosts of the inventory stand at its ends", "only TCP and UDP are probed", "there is no VM 'W9' with a network interface",
    }


def test_a_budget_that_is_spent_is_told() -> None:
    found = plan(truth.site(truth.p3(), ISOLATED), budget=5)
    assert len(found.probes) <= 5
    assert "the budget is spent" in {why for _what, why in found.not_covered}


def test_what_is_excluded_is_not_probed() -> None:
    excluded = Excluded(frozenset({"W1"}), (parse_service("tcp/3306"), parse_service("tcp/22")))
    found = plan(truth.site(truth.p3(), ISOLATED), excluded=excluded)
    assert not [probe for probe in found.probes if probe.way.destination.vm == "W1" or probe.way.packet.number in (22, 3306)]
    assert [probe for probe in found.probes if probe.way.source.vm == "W1"]


def test_hosts_that_cannot_take_part() -> None:
    vms = [{**truth.vm("off", "10.1.1.1", {}), "power": "off"}, truth.vm("mute", "10.1.1.2", {}), truth.vm("X1", "10.1.1.3", {})]
    del vms[1]["nics"][0]["ip"]
    found = plan(truth.site(vms=vms))
    assert found.notes == ("mute has no known address and takes no part", "off is off and takes no part")
    with pytest.raises(InvalidInput) as error:
        plan(truth.site(vms=vms), {"a": "X9", "b": "10.1.1.3"})
    assert [(finding.where, finding.problem) for finding in error.value.findings] == [
        ("a", "unknown VM 'X9'"), ("b", "stands for 10.1.1.3, which is an address of X1"),
    ]


def objects_of(site: Site) -> Objects:
    return Objects(site.rules, site.vms, site.entity_groups, site.address_groups, site.service_groups, frozenset(site.closed))


def answers(probe: Probe) -> bool:
    """Whether an answer is to be expected that shows more than itself."""
    return probe.expect == "allow" and probe.way.packet.protocol == "tcp"


@given(seed=st.integers(0, 10**6), budget=st.integers(1, 60), flex=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_holds_for_every_plan(seed: int, budget: int, flex: bool) -> None:
    objects = objects_of(random_site(random.Random(seed), flex=flex))
    hosts = {vm["name"]: vm["name"] for vm in objects.vms}
    engine = Segmentation(objects)
    found = plan(objects, hosts, budget=budget, seed=seed)
    assert found == plan(objects, dict(reversed(hosts.items())), budget=budget, seed=seed), "the same input gives the same plan"
    assert len(found.probes) <= budget
    assert len({probe.way for probe in found.probes}) == len(found.probes)
    known = {probe.id: probe for probe in found.probes}
    for probe in found.probes:
        way = probe.way
        assert way.source.vm != way.destination.vm
        assert way.destination.vm in hosts
        assert engine.verdict(way.flow()).allowed == (probe.expect == "allow")
        controls = [known[name] for name in probe.controls]
        assert all(control.expect == "allow" for control in controls)
        if probe.expect == "deny":
            to_it = [control for control in controls if control.way.destination == way.destination]
            assert any(answers(control) or control.way.packet == way.packet for control in to_it), "each denial has a control"
    for count in found.coverage.values():
        assert 0 <= count.covered <= count.goals
