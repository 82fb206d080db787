# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery plans and their parts: what is accepted, refused, and shown on the other Prism Central."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Client, category
from recovery_world import PLANS, VMS, estate, manager

from prismsim.testing import Running, running

NOBODY = "11111111-1111-4111-8111-111111111111"
PREFIX = "datapolicies.v4.config."


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate()) as started:
        yield started


@pytest.fixture
def body(north: Client, south: Client) -> dict[str, Any]:
    return {
        "name": "plan",
        "primaryLocation": {"domainManagerExtId": manager(north)},
        "recoveryLocation": {"domainManagerExtId": manager(south)},
    }


@pytest.fixture
def plan(north: Client, body: dict[str, Any]) -> Iterator[str]:
    """The path of a fresh plan without parts."""
    path = f"{PLANS}/{north.done(north('POST', PLANS, json=body))}"
    yield path
    fresh = north("GET", path)
    if fresh.status_code == 200:
        assert north("DELETE", path).status_code == 428
        north.done(north("DELETE", path, headers={"If-Match": fresh.headers["ETag"]}))


def parts(client: Client, path: str) -> list[Any]:
    found: list[Any] = client("GET", path).json().get("data", [])
    return found


def test_a_plan_and_its_parts_live_on_both_prism_centrals(north: Client, south: Client, plan: str) -> None:
    web = category(north, "AppTier", "Web")
    delay = {"config": {"$objectType": PREFIX + "DelayAction", "delaySecs": 30}}
    stage = {"entityType": "VM", "categoryExtIds": [web], "priority": 2, "postActions": [delay]}
    named = north.done(north("POST", f"{plan}/stages", json=stage))
    assert named == plan.rpartition("/")[2], "the task names the plan, not its part"
    (there,) = parts(south, f"{plan}/stages")
    assert there["categoryExtIds"] == [category(south, "AppTier", "Web")]
    path = f"{plan}/stages/{there['extId']}"
    fresh = south("GET", path)
    south.done(south("PUT", path, json={**fresh.json()["data"], "priority": 5}, headers={"If-Match": fresh.headers["ETag"]}))
    assert north("GET", path).json()["data"]["priority"] == 5
    assert north("DELETE", path).status_code == 428
    north.done(north("DELETE", path, headers={"If-Match": north("GET", path).headers["ETag"]}))
    assert parts(south, f"{plan}/stages") == []


def test_the_protection_pause_is_the_servers_own(north: Client, plan: str) -> None:
    fresh = north("GET", plan)
    body = {**fresh.json()["data"], "isProtectionPausedPostFailover": True, "description": "x"}
    north.done(north("PUT", plan, json=body, headers={"If-Match": fresh.headers["ETag"]}))
    after = north("GET", plan).json()["data"]
    assert (after["description"], after["isProtectionPausedPostFailover"]) == ("x", False)


def subnet(client: Client, name: str) -> str:
    ext_id: str = client.find("networking/v4.4/config/subnets", name=name)["extId"]
    return ext_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recoveryLocation": {"domainManagerExtId": NOBODY}}, "is not registered"),
        ({"name": "shop"}, "already exists"),
        ({"recoveryLocation": "primary"}, "must name clusters"),
        ({"primaryLocation": "lost cluster"}, "cluster"),
    ],
)
def test_plans_that_make_no_sense(north: Client, body: dict[str, Any], change: dict[str, Any], words: str) -> None:
    known = {"primary": body["primaryLocation"], "lost cluster": {**body["primaryLocation"], "clusters": [{"extId": NOBODY}]}}
    changed = {**body, **{key: known.get(value, value) if isinstance(value, str) else value for key, value in change.items()}}
    assert words in north.refused(north("POST", PLANS, json=changed))


def test_parts_that_make_no_sense(north: Client, plan: str) -> None:
    vlan, app = subnet(north, "vlan10"), subnet(north, "app")
    vm = north.find(VMS, name="web-1")["extId"]
    setting = {"$objectType": PREFIX + "VmRecoverySetting", "vm": {"extId": vm}, "powerState": "OFF"}
    address = {"ipv4": {"value": "10.1.1.1"}}
    mapped = {**setting, "ipMappings": [{"networkMappingExtId": NOBODY, "primaryIp": address, "recoveryIp": address}]}
    there = {"subnetName": "vlan10"}
    refused = [
        ("stages", {"entityType": "VM"}, "needs entities or categoryExtIds"),
        ("stages", {"entityType": "VM", "entities": [{"extId": NOBODY}]}, "was not found"),
        ("stages", {"entityType": "VM", "categoryExtIds": [NOBODY]}, "categories were not found"),
        ("stages", {"entityType": "VOLUME_GROUP", "entities": [{"extId": NOBODY}], "priority": 2}, "can only be 1"),
        ("network-mappings", {"primaryNetwork": {"subnetExtId": vlan, "subnetName": "x"}, "recoveryNetwork": there}, "exactly one"),
        ("network-mappings", {"primaryNetwork": {"subnetExtId": app}, "recoveryNetwork": there}, "needs its VPC"),
        ("network-mappings", {"primaryNetwork": {"subnetExtId": NOBODY}, "recoveryNetwork": there}, "was not found"),
        ("recovery-settings", {"scope": "VM_CATEGORY", "recoverySetting": setting}, "goes with the scope VM"),
        ("recovery-settings", {"recoverySetting": mapped}, "not part of this plan"),
    ]
    for path, body, words in refused:
        assert words in north.refused(north("POST", f"{plan}/{path}", json=body)), path
    assert north("POST", f"{plan}/recovery-settings", json={"recoverySetting": {"vm": {"extId": vm}}}).status_code == 400
    assert north("POST", f"{PLANS}/{NOBODY}/stages", json={"entityType": "VM"}).status_code == 404


def test_the_scope_of_a_setting_follows_from_it(north: Client, plan: str) -> None:
    setting = {"$objectType": PREFIX + "VmCategoryRecoverySetting", "vmCategoryExtId": category(north, "AppTier", "Web")}
    north.done(north("POST", f"{plan}/recovery-settings", json={"recoverySetting": setting}))
    assert [entry["scope"] for entry in parts(north, f"{plan}/recovery-settings")] == ["VM_CATEGORY"]


def test_the_task_may_name_the_part() -> None:
    with running(estate(plan_parts_named_in_task=True)) as simulator:
        north = Client(simulator, "north")
        path = f"{PLANS}/{north.find(PLANS, name='shop')['extId']}/stages"
        stage = north.done(north("POST", path, json={"entityType": "VM", "categoryExtIds": [category(north, "AppTier", "Web")]}))
        assert north("GET", f"{path}/{stage}").status_code == 200


def test_a_deleted_plan_takes_its_parts_along(north: Client, south: Client, plan: str) -> None:
    before = south.simulator.state("south")["recovery_stage"].keys()
    north.done(north("POST", f"{plan}/stages", json={"entityType": "VM", "categoryExtIds": [category(north, "AppTier", "Web")]}))
    assert south.simulator.state("south")["recovery_stage"].keys() > before
    south.done(south("DELETE", plan, headers={"If-Match": south("GET", plan).headers["ETag"]}))
    assert all(client.simulator.state(site)["recovery_stage"].keys() == before for client, site in ((north, "north"), (south, "south")))
