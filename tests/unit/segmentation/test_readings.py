"""Each point that the vendor leaves open is a switch: both answers, and the answer says that it hangs on it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import compare_sites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import DEFAULT_READINGS, SWITCHES, Readings, flipped, open_questions
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow, Segmentation
from tests.unit.segmentation.truth_fixture import APP, DEV, PROD, VMS, WEB, application, group, inbound, isolation, outbound, site, vm, vms_with


class Case(NamedTuple):
    """A flow that passes under one answer and not under the other. ``passes``: under the default."""

    reading: str
    objects: Objects
    source: str
    destination: str
    packet: str
    passes: bool
    model: str = "ng"


def entity_group(*members: dict[str, Any]) -> dict[str, Any]:
    return {"name": "eg", "members": list(members)}


DEAF = vm("V2", "", {"Env": "Dev"})
FROM_APP = application("P", group(WEB, None, [inbound(APP, "tcp/22")]))
FROM_GROUP = application("P", group(WEB, None, [inbound({"entity_group": "eg"}, "tcp/22")]))
FROM_PREFIX = application("P", group(WEB, None, [inbound({"cidr": ["10.7.0.0/24"]}, "tcp/22")]))
TWO_TIERS = application("P", group(WEB, None, [inbound({"categories": {"T": ["App", "DB"]}}, "tcp/22")]))
NOTHING_OUT = application("P", group(WEB, None, [inbound("any", "tcp/443")]))
SOMETHING_OUT = application("P", group(WEB, None, [], [outbound(APP, "tcp/22")]))
SECOND = {**vm("X1", "", {}), "nics": [{**VMS[0]["nics"][0], "ip": ["10.1.1.90", "10.7.0.9"]}]}
TWIN = vm("T1", "10.1.1.21", {}, kind="overlay", vpc="VPC-1", subnet="VPC-1/app")
MIXED = entity_group({"categories": {"T": "App"}}, {"addresses": ["10.1.1.21", "10.1.1.90"]})

CASES = [
    # The destination doesn't know the address of its peer, so that only the source's own end can deny.
    Case("isolation_at_both_ends", site(isolation("I", PROD, DEV), vms=vms_with(DEAF)), "V2", "W1", "tcp/1", False),
    # A1 has category and address, A2 the category, X1 the address.
    Case("entity_group_adds_up", site(FROM_GROUP, entity_groups=[MIXED]), "A2", "W1", "tcp/22", True),
    Case("entity_group_adds_up", site(FROM_GROUP, entity_groups=[MIXED]), "X1", "W1", "tcp/22", True),
    Case("equal_addresses_alias", site(FROM_APP, vms=[*VMS, TWIN]), "T1", "W1", "tcp/22", False),
    Case("secondary_addresses_count", site(FROM_PREFIX, vms=vms_with(SECOND)), "X1", "W1", "tcp/22", True),
    Case("gen1_empty_outbound_closes", site(NOTHING_OUT), "W1", "X1", "tcp/22", False, "gen1"),
    Case("gen1_needs_all_values", site(TWO_TIERS), "A1", "W1", "tcp/22", False, "gen1"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.reading} {case.source}")
def test_either_answer_is_followed_and_the_verdict_says_that_it_hangs_on_it(case: Case) -> None:
    documented = Readings(model=case.model)
    flow = Flow(case.source, case.destination, case.packet)
    engines = [Segmentation(case.objects, readings) for readings in (documented, flipped(documented, case.reading))]
    assert [engine.verdict(flow).allowed for engine in engines] == [case.passes, not case.passes]
    assert all(case.reading in engine.depends_on(flow) for engine in engines)


@pytest.mark.parametrize(("objects", "flow", "model"), [
    (site(FROM_GROUP, entity_groups=[MIXED]), Flow("A1", "W1", "tcp/22"), "ng"),
    (site(FROM_APP, vms=[*VMS, TWIN]), Flow("A1", "W1", "tcp/22"), "ng"),
    (site(isolation("I", PROD, DEV)), Flow("V1", "W1", "tcp/1"), "ng"),
    (site(SOMETHING_OUT), Flow("W1", "X1", "tcp/22"), "gen1"),
    (site(TWO_TIERS, vms=vms_with(vm("X1", "10.1.1.90", {"T": ["App", "DB"]}))), Flow("X1", "W1", "tcp/22"), "gen1"),
    (site(TWO_TIERS), Flow("A1", "W1", "tcp/22"), "ng"),
])
def test_a_verdict_that_hangs_on_none_of_them_says_so(objects: Objects, flow: Flow, model: str) -> None:
    assert Segmentation(objects, Readings(model=model)).depends_on(flow) == ()


def test_a_difference_says_on_which_it_hangs() -> None:
    """The entity group is narrower on the right if it adds up; if it doesn't, both groups select the same."""
    categories_only = entity_group({"categories": {"T": "App"}})
    wide = entity_group({"categories": {"T": "App"}}, {"addresses": ["10.1.1.21", "10.1.1.22", "10.1.1.90"]})
    difference = compare_sites(site(FROM_GROUP, entity_groups=[wide]), site(FROM_GROUP, entity_groups=[categories_only]))
    assert (difference.equal, difference.depends_on) == (False, ("entity_group_adds_up",))


def test_only_questions_that_can_matter_are_asked() -> None:
    asked = open_questions(DEFAULT_READINGS, flex=False)
    assert not any(name.startswith(("gen1_", "flex_")) for name in asked)
    assert open_questions(Readings(model="gen1"), flex=True) == list(SWITCHES)
