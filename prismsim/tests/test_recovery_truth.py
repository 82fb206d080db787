# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recovery really does: who runs where, under which id, in which network, with which categories, and how old it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import category
from recovery_world import PLANS, VMS, Pair, estate

from prismsim.testing import running

EVERYONE = {"db-1", "app-1", "web-1", "web-2"}
PREFIX = "datapolicies.v4.config."


@pytest.fixture
def pair() -> Iterator[Pair]:
    with running(estate()) as simulator:
        yield Pair(simulator)


def addresses(vms: dict[str, Any]) -> dict[str, str]:
    """The first address of each VM."""
    return {name: vm["nics"][0]["networkInfo"]["ipv4Config"]["ipAddress"]["value"] for name, vm in vms.items()}


def test_there_and_back(pair: Pair) -> None:
    before, tiers = pair.vms("north"), pair.tiers("north")
    there = pair.recovered(pair.run("planned-failover", "there"))
    south = pair.vms("south")
    assert there == {before[name]["extId"]: south[name]["extId"] for name in EVERYONE}
    assert not set(there) & set(there.values())
    assert pair.vms("north") == {}
    assert addresses(south) == {"db-1": "10.2.1.11", "app-1": "10.9.1.21", "web-1": "10.2.1.31", "web-2": "10.2.1.32"}
    assert pair.tiers("south") == {name: tiers[name] for name in EVERYONE}
    stages = pair.clients["north"]("GET", f"{PLANS}/{pair.plan}/stages").json()["data"]
    assert [entry["extId"] for stage in stages for entry in stage.get("entities", [])] == [south["db-1"]["extId"]]
    assert {vm["protectionType"] for vm in south.values()} == {"RULE_PROTECTED"}
    pair.run("planned-failover", "back", target="north")
    assert addresses(pair.vms("north")) == addresses(before)
    assert pair.power("north") == dict.fromkeys(EVERYONE, "ON")
    assert pair.vms("south") == {}
    assert {name: names for name, names in pair.tiers("north").items() if name != "loner"} == {name: tiers[name] for name in EVERYONE}


def test_a_vm_may_keep_its_uuid() -> None:
    with running(estate(recovered_vm_keeps_uuid=True)) as simulator:
        pair = Pair(simulator)
        before = {name: vm["extId"] for name, vm in pair.vms("north").items()}
        results = pair.recovered(pair.run("planned-failover", "there"))
        assert results == {ext_id: ext_id for ext_id in before.values()}
        assert {name: vm["extId"] for name, vm in pair.vms("south").items()} == before


def associate(pair: Pair, site: str, name: str, action: str, ext_id: str) -> None:
    client = pair.clients[site]
    path = f"{VMS}/{pair.vms(site)[name]['extId']}"
    headers = {"If-Match": client("GET", path).headers["ETag"]}
    client.done(client("POST", f"{path}/$actions/{action}-categories", json={"categories": [{"extId": ext_id}]}, headers=headers))


def test_a_dead_primary_is_recovered_as_at_the_recovery_point(pair: Pair) -> None:
    """And comes back with stale VMs, which count for nothing until they are fenced and overwritten."""
    simulator = pair.simulator
    simulator.advance(2 * 3600)
    associate(pair, "north", "web-2", "disassociate", category(pair.clients["north"], "AppTier", "Web"))
    simulator.advance(60)
    simulator.down("north", "blackhole")
    simulator.advance(3600)
    job = pair.run("planned-failover", "orderly", status="FAILED")
    assert pair.codes(job)["SITE_NOT_REACHABLE"] == "ERROR"
    associated_again = pair.run("unplanned-failover", "run")
    assert associated_again["numRecoverableVMs"] == 3, "web-2 had left the stage by its category"
    assert set(pair.vms("south")) == {"db-1", "app-1", "web-1"}
    simulator.up("north")
    assert pair.power("north") == dict.fromkeys(EVERYONE, "ON")
    assert {vm["protectionType"] for name, vm in pair.vms("north").items() if name != "web-2"} == {"UNPROTECTED"}
    nothing = pair.run("unplanned-failover", "twice", status="FAILED")
    assert pair.codes(nothing) == {"NOTHING_TO_RECOVER": "ERROR"}
    back = pair.run("planned-failover", "back", target="north", status="FAILED")
    assert pair.codes(back, "north")["OLD_COPY_RUNS"] == "ERROR"
    for name in ("db-1", "app-1", "web-1"):
        pair.power_off("north", name)
    back = pair.run("planned-failover", "back-2", target="north", status="FAILED")
    assert pair.codes(back, "north") == {"OLD_COPY_REPLACED": "WARNING"}
    pair.run("planned-failover", "back-3", target="north", status="SUCCEEDED_WITH_VALIDATION_WARNING", shouldIgnoreWarnings=True)
    assert pair.power("north") == dict.fromkeys(EVERYONE, "ON")
    names = [vm["name"] for vm in pair.clients["north"]("GET", VMS).json()["data"]]
    assert sorted(names) == sorted({*EVERYONE, "loner"})


def test_categories_are_those_of_the_recovery_point(pair: Pair) -> None:
    simulator = pair.simulator
    simulator.advance(1800)
    north = pair.clients["north"]
    extra = category(north, "AppTier", "App")
    associate(pair, "north", "db-1", "associate", extra)
    pair.run("unplanned-failover", "run")
    assert pair.tiers("south")["db-1"] == {"Protect/Gold", "AppTier/DB"}, "half an hour is lost"
    assert pair.power("north") == dict.fromkeys(EVERYONE, "ON"), "a source that answers is left alone"


def test_the_source_may_be_powered_off() -> None:
    with running(estate(unplanned_failover_powers_off=True)) as simulator:
        pair = Pair(simulator)
        pair.run("unplanned-failover", "run")
        assert pair.power("north") == dict.fromkeys(EVERYONE, "OFF")


def test_an_earlier_moment_can_be_recovered(pair: Pair) -> None:
    simulator, north = pair.simulator, pair.clients["north"]
    simulator.advance(3700)
    then = pair.now()
    associate(pair, "north", "db-1", "associate", category(north, "AppTier", "App"))
    simulator.advance(3600)
    early = pair.run("unplanned-failover", "too-early", status="FAILED", recoveryReferenceTime="2020-01-01T00:00:00Z")
    assert pair.codes(early) == {"RECOVERY_POINT_MISSING": "ERROR"}
    pair.run("unplanned-failover", "run", recoveryReferenceTime=then)
    assert pair.tiers("south")["db-1"] == {"Protect/Gold", "AppTier/DB"}


def test_a_test_failover_stays_in_its_networks_until_it_is_cleaned_up(pair: Pair) -> None:
    before = pair.simulator.state("north")
    results = pair.recovered(pair.run("test-failover", "drill"))
    copies = pair.vms("south")
    assert addresses(copies) == {"db-1": "10.2.91.11", "app-1": "10.9.91.21", "web-1": "10.2.91.31", "web-2": "10.2.91.32"}
    assert {vm["protectionType"] for vm in copies.values()} == {"UNPROTECTED"}
    assert set(results.values()) == {vm["extId"] for vm in copies.values()}
    assert pair.tiers("south")["web-1"] == {"Protect/Gold", "AppTier/Web"}
    assert pair.simulator.state("north") == before
    again = pair.run("test-failover", "drill-2", status="FAILED")
    assert pair.codes(again) == {"TEST_VMS_LEFT": "ERROR"}
    assert pair.codes(pair.run("validate", "look", status="SUCCEEDED_WITH_VALIDATION_WARNING")) == {"TEST_VMS_LEFT": "WARNING"}
    for _twice in range(2):
        assert pair.clean_up()["status"] == "SUCCEEDED"
    assert pair.vms("south") == {}
    pair.run("test-failover", "drill-3")


def test_protection_can_wait_after_a_failover(pair: Pair) -> None:
    pair.run("planned-failover", "run", postFailoverBehaviour={"shouldPauseProtection": True})
    assert {vm["protectionType"] for vm in pair.vms("south").values()} == {"UNPROTECTED"}
    shown = pair.clients["north"]("GET", f"{PLANS}/{pair.plan}").json()["data"]
    assert shown["isProtectionPausedPostFailover"] is True
    back = pair.run("validate", "back", target="north", status="FAILED")
    assert pair.codes(back, "north") == {"VM_NOT_PROTECTED": "ERROR"}
    assert pair.resume()["status"] == "SUCCEEDED"
    assert pair.clients["south"]("GET", f"{PLANS}/{pair.plan}").json()["data"]["isProtectionPausedPostFailover"] is False
    pair.run("planned-failover", "back-2", target="north")


def _unmap(pair: Pair) -> None:
    south = pair.clients["south"]
    for mapping in south("GET", f"{PLANS}/{pair.plan}/network-mappings").json()["data"]:
        path = f"{PLANS}/{pair.plan}/network-mappings/{mapping['extId']}"
        south.done(south("DELETE", path, headers={"If-Match": south("GET", path).headers["ETag"]}))


def _lose_the_network(pair: Pair) -> None:
    pair.simulator.delete("south", "subnet", "vlan10")


def _lose_a_category(pair: Pair) -> None:
    pair.simulator.delete("south", "category", "AppTier/Web")


def _unprotect(pair: Pair) -> None:
    associate(pair, "north", "db-1", "disassociate", category(pair.clients["north"], "Protect", "Gold"))


def _down(pair: Pair) -> None:
    pair.simulator.down("south/south-ahv")


def _lose_a_vm(pair: Pair) -> None:
    pair.simulator.delete("north", "vm", "db-1")


def _cut(pair: Pair) -> None:
    pair.simulator.link("north/north-ahv", "south/south-ahv", ports=[])
    pair.simulator.advance(3 * 3600)


@pytest.mark.parametrize(
    ("spoil", "action", "codes"),
    [
        (_unmap, "planned-failover", {"NETWORK_NOT_MAPPED": "ERROR"}),
        (_lose_the_network, "planned-failover", {"NETWORK_NOT_FOUND": "ERROR"}),
        (_lose_a_category, "planned-failover", {"CATEGORY_NOT_FOUND": "WARNING"}),
        (_unprotect, "planned-failover", {"VM_NOT_PROTECTED": "ERROR"}),
        (_down, "unplanned-failover", {"CLUSTER_NOT_AVAILABLE": "ERROR"}),
        (_lose_a_vm, "unplanned-failover", {"VM_NOT_FOUND": "WARNING"}),
        (_cut, "unplanned-failover", {"RECOVERY_POINT_TOO_OLD": "WARNING"}),
    ],
)
def test_validation_finds_what_is_missing(pair: Pair, spoil: Any, action: str, codes: dict[str, str]) -> None:
    spoil(pair)
    job = pair.run(action, "run", status="FAILED")
    assert pair.codes(job) == codes
    assert job["validationStatus"]["status"] == ("FAILED" if "ERROR" in codes.values() else "SUCCEEDED_WITH_VALIDATION_WARNING")
    assert pair.vms("south") == {}
    if set(codes.values()) == {"WARNING"}:
        pair.run(action, "anyway", status="SUCCEEDED_WITH_VALIDATION_WARNING", shouldIgnoreWarnings=True)


def test_settings_decide_about_power_script_and_addresses(pair: Pair) -> None:
    south, vms = pair.clients["south"], pair.vms("north")
    path = f"{PLANS}/{pair.plan}/recovery-settings"
    mappings = south("GET", f"{PLANS}/{pair.plan}/network-mappings").json()["data"]
    mapping = next(entry for entry in mappings if "vpc" not in entry["primaryNetwork"])
    place = f"{PLANS}/{pair.plan}/network-mappings/{mapping['extId']}"
    fresh = south("GET", place)
    south.done(south("PUT", place, json={**fresh.json()["data"], "isIpMappingEnabled": True}, headers={"If-Match": fresh.headers["ETag"]}))
    address = {"networkMappingExtId": mapping["extId"], "primaryIp": {"ipv4": {"value": "10.1.1.31"}}, "recoveryIp": {"ipv4": {"value": "10.2.1.131"}}}
    one = {"$objectType": PREFIX + "VmRecoverySetting", "vm": {"extId": vms["web-1"]["extId"]}, "ipMappings": [address]}
    all_web = {"$objectType": PREFIX + "VmCategoryRecoverySetting", "vmCategoryExtId": category(south, "AppTier", "Web"), "powerState": "OFF"}
    script = {
        "$objectType": PREFIX + "VmCategoryRecoverySetting", "vmCategoryExtId": category(south, "AppTier", "DB"),
        "inGuestScriptExecutionConfig": {"isEnabled": True},
    }  # fmt: skip
    for setting in (one, all_web, script):
        south.done(south("POST", path, json={"recoverySetting": setting}))
    job = pair.run("planned-failover", "run")
    assert pair.power("south") == {"db-1": "ON", "app-1": "ON", "web-1": "ON", "web-2": "OFF"}
    assert addresses(pair.vms("south"))["web-1"] == "10.2.1.131"
    scripted = [step["affectedEntities"][0]["name"] for step in pair.steps(job) if step["operationType"] == "SCRIPT_EXECUTION"]
    assert scripted == ["db-1"]
    pair.run("planned-failover", "back", target="north")
    assert addresses(pair.vms("north"))["web-1"] == "10.1.1.31"


def test_live_migration_needs_synchronous_replication(pair: Pair) -> None:
    job = pair.run("planned-failover", "run", status="FAILED", shouldLiveMigrateVMs=True)
    assert pair.codes(job) == {"NOT_SYNCHRONOUS": "ERROR"}
    with running(estate(objective=0)) as simulator:
        other = Pair(simulator)
        job = other.run("planned-failover", "run", shouldLiveMigrateVMs=True)
        assert {step["operationType"] for step in other.steps(job)} >= {"ENTITY_LIVE_MIGRATION"}
        assert other.power("south") == dict.fromkeys(EVERYONE, "ON")
