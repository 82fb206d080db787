"""Recovery plans: the rules that a plan must keep, the wire both ways, and which parts a change writes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.part_changes import part_changes
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotRepresentable
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import decode, references
from tests.unit.entities.conftest import Written

PLAN = RECOVERY_ENTITIES["recovery_plan"]
SIDES = "name: shop\nprimary: {prism_central: pc-n}\nrecovery: {prism_central: pc-s}\n"
FULL = (
    SIDES
    + """
stages:
  - {priority: 2, categories: {AppTier: [App, Web]}}
  - {vms: [db-1], delay: 90s}
network_mappings:
  - {primary: servers, recovery: lan, recovery_test: lan-test, ip_mapping: true}
recovery_settings:
  - {vm: db-1, power: 'off', ip_addresses: [{network: servers, primary: 10.1.1.1, recovery: 10.2.1.1}]}
  - {category: AppTier/Web, script_timeout: 2 min}
"""
)


@pytest.fixture
def directory() -> Directory:
    found = Directory("north")
    known = {
        "category": ["AppTier/App", "AppTier/Web"], "prism_central": ["pc-n", "pc-s"], "recoverable_vm": ["db-1", "web-1"],
        "location_subnet": ["pc-n/servers", "pc-n/apps", "pc-s/lan", "pc-s/lan-test"], "location_cluster": ["pc-n/a", "pc-n/b"],
    }  # fmt: skip
    for kind, names in known.items():
        for name in names:
            found.add(kind, name, f"id {name}")
    found.add("vpc_of_subnet", "pc-n/apps", "id vpc")
    return found


def with_ids(body: dict[str, Any]) -> dict[str, Any]:
    """A body as the server would hold it: its parts have ids, and settings know those of their mappings."""
    held = {**body, "extId": "plan"}
    for part in PLAN.part_lists:
        held[part.property] = [{**each, "extId": f"{part.property}-{index}"} for index, each in enumerate(body[part.property])]
    text = yaml.safe_dump(held).replace("'@servers'", "networkMappings-0")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def test_the_wire_both_ways(recovery_plan: Written, directory: Directory) -> None:
    canonical = recovery_plan.canonical(FULL)
    held = with_ids(encode(PLAN, canonical, directory))
    assert held["recoverySettings"][1]["recoverySetting"]["ipMappings"][0]["networkMappingExtId"] == "networkMappings-0"
    assert decode(PLAN, held, directory).canonical == canonical
    assert [stage["priority"] for stage in canonical["stages"]] == [1, 2]
    assert canonical["stages"][0]["delay"] == "90s"


def test_networks_are_those_of_their_side(recovery_plan: Written, directory: Directory) -> None:
    named = {reference.name for reference in references(PLAN, recovery_plan.canonical(FULL)) if reference.kind == "location_subnet"}
    assert named == {"pc-n/servers", "pc-s/lan", "pc-s/lan-test"}


def test_an_overlay_network_comes_with_its_vpc(recovery_plan: Written, directory: Directory) -> None:
    canonical = recovery_plan.canonical(SIDES + "network_mappings: [{primary: apps, recovery: lan}]")
    (mapping,) = encode(PLAN, canonical, directory)["networkMappings"]
    assert mapping["primaryNetwork"] == {"subnetExtId": "id pc-n/apps", "vpc": {"extId": "id vpc"}}
    assert mapping["recoveryNetwork"] == {"subnetExtId": "id pc-s/lan"}


@pytest.mark.parametrize(("text", "said"), [
    (SIDES + "stages: [{priority: 1}]", "recovers nobody"),
    (SIDES + "stages: [{vms: [a]}, {priority: 2, vms: [a, b]}]", "VM a is in two stages"),
    (SIDES + "stages: [{categories: {T: [x, y]}}, {priority: 2, categories: {T: y}}]", "category T/y is in two stages"),
    ("name: x\nprimary: {prism_central: p}\nrecovery: {prism_central: p}", "not told apart by clusters"),
    ("name: x\nprimary: {prism_central: p, clusters: [a]}\nrecovery: {prism_central: p, clusters: [a]}", "not told apart by clusters"),
    (SIDES + "recovery_settings: [{power: 'off'}]", "neither or both"),
    (SIDES + "recovery_settings: [{vm: a}, {vm: a, power: 'off'}]", "is there twice"),
    (SIDES + "recovery_settings: [{vm: a, ip_addresses: [{network: q, primary: 10.0.0.1, recovery: 10.0.0.2}]}]", "'q'"),
    (
        SIDES + "network_mappings: [{primary: q, recovery: r}]\n"
        "recovery_settings: [{vm: a, ip_addresses: [{network: q, primary: 10.0.0.1, recovery: 10.0.0.2}]}]",
        "has no ip_mapping",
    ),
    (SIDES + "stages: [{vms: [a], delay: 2 fortnights}]", "no length of time"),
])  # fmt: skip
def test_a_broken_rule_is_found(recovery_plan: Written, text: str, said: str) -> None:
    (finding,) = recovery_plan.findings(text)
    assert said in finding


@pytest.mark.parametrize(("part", "body"), [
    ("stages", {"entityType": "VOLUME_GROUP", "entities": [{"extId": "id vg"}]}),
    ("recoverySettings", {"scope": "VOLUME_GROUP", "recoverySetting": {"$objectType": "datapolicies.v4.config.VolumeGroupRecoverySetting"}}),
    ("networkMappings", {"primaryNetwork": {"subnetName": "a", "ipConfig": {"ipv4": {"prefixLength": 24}}}, "recoveryNetwork": {"subnetName": "b"}}),
])  # fmt: skip
def test_what_there_are_no_words_for_is_refused(recovery_plan: Written, directory: Directory, part: str, body: dict[str, Any]) -> None:
    held = {**encode(PLAN, recovery_plan.canonical(SIDES), directory), part: [body]}
    with pytest.raises(NotRepresentable):
        decode(PLAN, held, directory)


def changes(before: dict[str, Any], after: dict[str, Any], field: str, directory: Directory) -> list[tuple[str, bool]]:
    """The writes of one list: the part that each is about, and whether it goes."""
    part = next(part for part in PLAN.part_lists if part.field == field)
    now, wanted = with_ids(encode(PLAN, before, directory)), encode(PLAN, after, directory)
    return [(change.ext_id, change.body is None) for change in part_changes(PLAN, part, now, wanted, after, directory)]


@pytest.mark.parametrize(("stages", "expected"), [
    ("[{vms: [db-1]}, {priority: 2, vms: [web-1]}]", []),
    ("[{vms: [db-1], delay: 5s}, {priority: 2, vms: [web-1]}]", [("stages-0", False)]),
    ("[{vms: [db-1]}]", [("stages-1", True)]),
    ("[{vms: [db-1]}, {priority: 2, vms: [web-1]}, {priority: 3, categories: {AppTier: App}}]", [("", False)]),
    ("[{vms: [db-1]}, {priority: 7, vms: [web-1]}]", [("stages-1", False)]),
    ("[]", [("stages-0", True), ("stages-1", True)]),
])  # fmt: skip
def test_a_change_writes_only_what_differs(recovery_plan: Written, directory: Directory, stages: str, expected: list[tuple[str, bool]]) -> None:
    before = recovery_plan.canonical(SIDES + "stages: [{vms: [db-1]}, {priority: 2, vms: [web-1]}]")
    assert changes(before, recovery_plan.canonical(f"{SIDES}stages: {stages}"), "stages", directory) == expected


def test_a_mapping_that_stays_keeps_its_id(recovery_plan: Written, directory: Directory) -> None:
    before = recovery_plan.canonical(SIDES + "network_mappings: [{primary: apps, recovery: lan}, {primary: servers, recovery: lan}]")
    after = recovery_plan.canonical(SIDES + "network_mappings: [{primary: servers, recovery: lan-test}]")
    names = [mapping["primary"] for mapping in before["network_mappings"]]
    kept = f"networkMappings-{names.index('servers')}"
    gone = f"networkMappings-{names.index('apps')}"
    assert changes(before, after, "network_mappings", directory) == [(kept, False), (gone, True)]
