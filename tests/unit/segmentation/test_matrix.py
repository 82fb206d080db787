"""The matrix of tiers: each way of small random sites judged naively, packet by packet, and what people read of it."""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation import tier_flows, tier_parts
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import SitePair
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.matrix import Matrix, matrix_data, tier_matrix
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.tiers import ELSEWHERE, MOST
from tests.unit.segmentation.naive import End, Probe, Site, answer
from tests.unit.segmentation.random_sites import random_site
from tests.unit.segmentation.test_difference_against_naive import drop_entry, lose_category, objects_of, widen_service
from tests.unit.segmentation.truth_fixture import p3, site, vm

PORTS = (442, 443, 444, 8000, 8099, 8100)


def made(left: Any, right: Any, *keys: str) -> Matrix:
    pair = SitePair(left, right)
    return tier_matrix(pair, pair.difference(check_readings=False).groups, keys)


def holds(services: tuple[str, ...], port: int) -> bool:
    for text in services:
        protocol, _slash, ports = text.partition("/")
        low, _dash, high = ports.partition("-")
        if text == "any" or (protocol == "tcp" and (not ports or int(low) <= port <= int(high or low))):
            return True
    return False


def naive_tier(one: dict[str, Any]) -> str:
    value = one["categories"].get("T")
    return "no category" if value is None else "+".join([value] if isinstance(value, str) else value)


@pytest.mark.parametrize("fault", [drop_entry, widen_service, lose_category], ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("seed", range(6))
def test_each_way_is_what_the_naive_evaluator_says_of_its_vms(fault: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tier_parts, "_LARGE", (2, 5, 64)[seed % 3])
    dice = random.Random(f"matrix {fault.__name__} {seed}")
    left = random_site(dice)
    right = copy.deepcopy(left)
    fault(dice, right)
    ways = {(way.source, way.destination): way for way in made(objects_of(left), objects_of(right), "T").ways}
    passed: dict[tuple[str, str, int], list[list[bool]]] = {}
    ends = [(naive_tier(one), one["name"], nic) for one in left.vms for nic in range(len(one["nics"]))]
    for (source, name, nic), (destination, other, other_nic) in itertools.product(ends, ends):
        for port in PORTS if name != other else ():
            told = passed.setdefault((source, destination, port), [[], []])
            for number, where in enumerate((left, right)):
                told[number].append(naive(where, (name, nic), (other, other_nic), port))
    assert passed
    for (source, destination, port), sides in passed.items():
        way = ways.get((source, destination))
        for said, allowed in zip((way.before, way.after) if way else ((), ()), sides, strict=True):
            assert holds(said, port) == any(allowed), (source, destination, port, way)
            assert not any(allowed) or all(allowed) or (way is not None and way.part)
        if sides[0] != sides[1]:
            assert way is not None
            assert way.differs, (source, destination, port)


def naive(where: Site, one: tuple[str, int], other: tuple[str, int], port: int) -> bool:
    vms = {vm["name"]: vm for vm in where.vms}
    source, destination = (End(vms[name], vms[name]["nics"][nic]) for name, nic in (one, other))
    return answer(where, Probe(source, destination, 4, "tcp", port, 0)).allowed


def test_a_widened_port_is_marked_where_it_is_and_only_there() -> None:
    right = p3()
    right["groups"][0]["inbound"][0]["services"] = ["tcp/443-444"]
    told = matrix_data(made(site(p3()), site(right)))
    assert told["by"] == ["T"]
    marked = [way for way in told["ways"] if way["differs"]]
    assert all(way["to"] == "Web" and way["differs"] == ["opened"] for way in marked)
    assert {way["from"] for way in marked} >= {ELSEWHERE}
    assert {"from": "App", "to": "DB", "before": ["tcp/3306"], "after": ["tcp/3306"], "part": False, "differs": [], "differs_ipv6": []} in told["ways"]
    assert (told["tiers"][-1], told["note"]) == ({"name": ELSEWHERE, "vms": 0}, "")


def test_vms_that_no_rule_tells_apart_are_not_taken_for_one_another() -> None:
    vms = [vm("w1", "10.1.1.1", {"T": "Web", "App": "a"}), vm("w2", "10.1.1.2", {"T": "Web", "App": "b"}), vm("d1", "10.1.1.3", {"T": "DB", "App": "a"})]
    objects = site(p3(), vms=vms)
    ways = {(way.source, way.destination) for way in made(objects, objects, "T", "App").ways}
    assert ("Web / a", "Web / b") in ways, "the policy lets the web servers talk to each other"
    assert ("Web / a", "Web / a") not in ways, "there is one VM of it, and it doesn't send to itself"


def test_too_many_tiers_are_joined_the_smallest_ones_and_counted() -> None:
    vms = [vm(f"w{number}", f"10.1.1.{number}", {"T": "Web", "App": f"a{number % 50:02}"}) for number in range(1, 90)]
    objects = site(p3(), vms=vms)
    told = made(objects, objects, "App")
    assert len(told.tiers) == MOST + 1
    assert told.tiers[-2].name == f"{50 - MOST + 1} other tiers"
    assert sum(tier.vms for tier in told.tiers) == len(vms)
    assert made(objects, objects).keys == ("T",), "without keys: by which rules secure"


def test_a_site_that_is_too_large_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tier_flows, "MOST_STEPS", 1)
    told = made(site(p3()), site(p3()))
    assert told.ways == ()
    assert "too many VMs" in told.note
