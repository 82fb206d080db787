"""Random pairs of sites with a planted fault: every block of the two relations judged naively, whether it is in the
difference or not."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.atoms import members
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import SitePair, kinds_of
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import DEFAULT_READINGS
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.side_by_side import Cell
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.witness import Ends
from tests.unit.segmentation.naive import Answer, End, Probe, Site, answer
from tests.unit.segmentation.random_sites import random_probes, random_site


def objects_of(site: Site) -> Objects:
    groups = (site.entity_groups, site.address_groups, site.service_groups)
    return Objects(site.rules, site.vms, *groups, closed_functions=frozenset(site.closed))


def drop_entry(dice: random.Random, site: Site) -> None:
    lists = [group[part] for rule in site.rules for group in rule.get("groups", []) for part in ("inbound", "outbound") if group[part]]
    if lists:
        dice.choice(lists).pop()


def widen_service(dice: random.Random, site: Site) -> None:
    entries = [entry for rule in site.rules for group in rule.get("groups", []) for part in ("inbound", "outbound") for entry in group[part]]
    for entry in entries:
        entry["services"] = ["tcp/443-444" if text == "tcp/443" else text for text in entry["services"]]


def lose_category(dice: random.Random, site: Site) -> None:
    categories = dice.choice(site.vms)["categories"]
    if categories:
        del categories[dice.choice(sorted(categories))]


def wrong_scope(dice: random.Random, site: Site) -> None:
    dice.choice(site.rules)["scope"] = {"vpcs": ["vpc-2"]}


def monitor(dice: random.Random, site: Site) -> None:
    dice.choice(site.rules)["mode"] = "monitor"


def stale_group(dice: random.Random, site: Site) -> None:
    dice.choice(site.address_groups)["addresses"] = ["10.7.0.0/25"]


def no_isolation(dice: random.Random, site: Site) -> None:
    site.rules[:] = [rule for rule in site.rules if rule["type"] != "isolation"]


def other_address(dice: random.Random, site: Site) -> None:
    nic = dice.choice(site.vms)["nics"][0]
    nic["ip"] = "10.7.0.77"


def basic_vlan(dice: random.Random, site: Site) -> None:
    dice.choice(site.vms)["nics"][0].update(kind="vlan", advanced=False)


FAULTS = [basic_vlan, drop_entry, widen_service, lose_category, wrong_scope, monitor, stale_group, no_isolation, other_address]


def expected_kind(left: Answer, right: Answer) -> str:
    if left.allowed != right.allowed:
        return "opened" if right.allowed else "closed"
    return "monitored_only" if left.if_enforced != right.if_enforced else ""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_the_difference_is_exact(fault: Any, seed: int) -> None:
    dice = random.Random(f"{fault.__name__} {seed}")
    sites = planted(dice, fault)
    pair = SitePair(*(objects_of(site) for site in sites))
    differing, _rows, _policies = pair.compare(DEFAULT_READINGS)
    reported: dict[tuple[int, int, int, int], str] = {}
    for cell in [one.cell for one in differing]:
        for kind, services in kinds_of(cell):
            for source in members(cell.sources):
                for destination in members(cell.destinations):
                    for bit in members(services):
                        assert (cell.family, source, destination, bit) not in reported
                        reported[cell.family, source, destination, bit] = kind
    for family, source, destination, bit in every_block(pair):
        ends = first_flow(pair, family, source, destination)
        if ends is not None:
            answers = [answer(site, probe_of(pair, site, number, family, ends, bit)) for number, site in enumerate(sites)]
            assert reported.get((family, source, destination, bit), "") == expected_kind(*answers), (ends, pair.atoms.packet(bit))
    assert reported, "the planted fault was not found"
    assert not pair.difference(check_readings=False).equal


def every_block(pair: SitePair) -> Iterator[tuple[int, int, int, int]]:
    """Every pair of classes, with every atom of services, over both families; flows between two plain addresses are not compared."""
    nics = len(pair.classes.pairs)
    for family in (4, 6):
        known = members(pair.classes.universe[family])
        for source, destination in itertools.product(known, known):
            if source < nics or destination < nics:
                for bit in members(pair.atoms.of_family[family]):
                    yield family, source, destination, bit


def planted(dice: random.Random, fault: Any) -> list[Site]:
    """A site, and the same with a fault that some packet shows."""
    for _try in range(500):
        site = random_site(dice)
        other = copy.deepcopy(site)
        fault(dice, other)
        for probe in random_probes(dice, site, 150):
            twin = probe._replace(source=in_other(other, site, probe.source), destination=in_other(other, site, probe.destination))
            if answer(site, probe).allowed != answer(other, twin).allowed:
                return [site, other]
    raise AssertionError("no site shows this fault")


def in_other(other: Site, site: Site, end: End) -> End:
    if end.vm is None:
        return end
    place = next(place for place, vm in enumerate(site.vms) if vm is end.vm)
    number = next(number for number, nic in enumerate(end.vm["nics"]) if nic is end.nic)
    return End(other.vms[place], other.vms[place]["nics"][number])


def first_flow(pair: SitePair, family: int, source: int, destination: int) -> Any:
    return Ends(pair.classes, Cell(family, 1 << source, 1 << destination, (0, 0))).pair()


def probe_of(pair: SitePair, site: Site, number: int, family: int, ends: Any, bit: int) -> Probe:
    packet = pair.atoms.packet(bit)
    numbers = divmod(packet.number, 256) if packet.protocol.startswith("icmp") else (packet.number, 0)
    return Probe(end_of(site, ends[0].names[number]), end_of(site, ends[1].names[number]), family, packet.protocol, *numbers)


def end_of(site: Site, name: str) -> End:
    vm_name, _bracket, rest = name.partition("[")
    for vm in site.vms:
        if vm["name"] == vm_name:
            return End(vm, vm["nics"][int(rest[:-1] or 0) if rest else 0])
    return End(None, {}, name)
