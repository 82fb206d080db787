"""The engine against the naive evaluator, packet by packet, on random sites: every model, half of the packets allowed."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import Readings, flipped
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.service_atoms import Packet
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow, Segmentation
from tests.unit.segmentation.naive import Answer, End, Probe, Site, answer
from tests.unit.segmentation.random_sites import otherwise, random_probes, random_site

SITES, PER_SITE = 200, {"ng": 300, "gen1": 400, "flex": 300}


def objects_of(site: Site) -> Objects:
    groups = (site.entity_groups, site.address_groups, site.service_groups)
    return Objects(site.rules, site.vms, *groups, closed_functions=frozenset(site.closed))


def text_of(end: End) -> str:
    if end.vm is None:
        return end.address
    number = next(number for number, nic in enumerate(end.vm["nics"]) if nic is end.nic)
    return f"{end.vm['name']}[{number}]"


def packet_of(probe: Probe) -> Packet:
    if probe.protocol in ("icmp", "icmpv6"):
        return Packet(probe.protocol, probe.a * 256 + probe.b)
    return Packet(probe.protocol, probe.a)


def engine_answer(engine: Segmentation, probe: Probe) -> Answer:
    flow = Flow(text_of(probe.source), text_of(probe.destination), str(packet_of(probe)), probe.family == 6)
    verdict = engine.verdict(flow)
    return Answer(verdict.allowed, verdict.monitored, verdict.if_enforced)


def half_allowed(dice: random.Random, site: Site, count: int) -> list[tuple[Probe, Answer]]:
    """Packets with their naive answers: as many allowed as denied; a few only if the site has but one kind."""
    pool = [(probe, answer(site, probe)) for probe in random_probes(dice, site, count)]
    kinds = [[one for one in pool if one[1].allowed is allowed] for allowed in (True, False)]
    if not all(kinds):
        return pool[: count // 12]
    return [one for kind in kinds for one in dice.choices(kind, k=count // 2)]


@pytest.mark.parametrize("model", ["ng", "gen1", "flex"])
def test_engine_says_what_the_naive_evaluator_says(model: str) -> None:
    seen = {True: 0, False: 0}

    @settings(max_examples=SITES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def compare(seed: int) -> None:
        dice = random.Random(seed)
        site = random_site(dice, gen1=model == "gen1", flex=model == "flex")
        if dice.random() < 0.5:
            site = otherwise(dice, site)
        readings = Readings(model="gen1" if site.gen1 else "ng")
        for name in site.otherwise:
            readings = flipped(readings, name)
        engine = Segmentation(objects_of(site), readings)
        for probe, expected in half_allowed(dice, site, PER_SITE[model]):
            assert engine_answer(engine, probe) == expected, f"{text_of(probe.source)} -> {text_of(probe.destination)} {probe[2:]} {site.otherwise}"
            seen[expected.allowed] += 1

    compare()
    assert sum(seen.values()) >= 100_000 / 3
    assert 0.4 <= seen[True] / sum(seen.values()) <= 0.6
