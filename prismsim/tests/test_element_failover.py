# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrate, activate and deactivate really move VMs: what both Prism Centrals see afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from element_client import DR, PRIMARY, Element, estate

from prismsim.testing import Running, running

DOMAINS = "v2.0/protection_domains"
PD = f"{DOMAINS}/frame-pd"


def protected(**more: Any) -> dict[str, Any]:
    """A pair whose first VM and volume group are in a protection domain."""
    document = estate(paired=True, **more)
    members = {"name": "frame-pd", "vms": ["frame-sandbox-1"], "volume_groups": ["frame-profile-1"]}
    document["sites"]["north"]["clusters"][0]["protection_domains"] = [members]
    return document


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running(protected()) as started:
        yield started


@pytest.fixture
def north(simulator: Running) -> Element:
    return Element(simulator, PRIMARY)


@pytest.fixture
def south(simulator: Running) -> Element:
    return Element(simulator, DR)


def replicate(north: Element) -> str:
    """Take a snapshot that goes to the peer; its id."""
    north("POST", f"{PD}/oob_schedules", {"remote_site_names": ["ahv-dr"]})
    number: str = north("GET", f"{PD}/dr_snapshots")["entities"][0]["snapshot_id"]
    return number


def vms(simulator: Running, site: str) -> dict[str, Any]:
    found: dict[str, Any] = simulator.state(site).get("vm", {})
    return found


def test_migrate_moves_everything(north: Element, south: Element, simulator: Running) -> None:
    before = vms(simulator, "north")["frame-sandbox-1"]
    assert north("POST", f"{PD}/migrate", {"value": "ahv-dr"}) == {
        "metadata": {"count": 0, "grand_total_entities": 0, "total_entities": 0},
        "entities": [],
    }
    assert sorted(vms(simulator, "north")) == ["frame-utility-1"]
    moved = vms(simulator, "south")["frame-sandbox-1"]
    assert moved["extId"] != before["extId"]
    assert (moved["powerState"], moved["cluster"]) == ("OFF", {"extId": "@cluster:ahv-dr"})
    assert "categories" not in moved
    # vlan10 is mapped to vlan20 and the address follows; vlan11 is not mapped: that NIC is gone.
    nics = [nic["networkInfo"] for nic in moved["nics"]]
    assert [(nic["subnet"]["extId"], nic["ipv4Config"]["ipAddress"]["value"]) for nic in nics] == [("@subnet:vlan20", "10.2.1.11")]
    assert [d["backingInfo"]["storageContainer"]["extId"] for d in moved["disks"]] == ["@storage_container:ahv-dr/storage-container-112133"]
    assert (north("GET", PD)["active"], south("GET", PD)["active"]) == (False, True)
    assert south("GET", PD)["vms"][0]["vm_id"] == moved["extId"]
    assert south("GET", "v2.0/volume_groups")["entities"][0]["name"] == "frame-profile-1"
    assert north("GET", "v2.0/volume_groups")["entities"] == []
    steps = [(m["operation"], m["status"], m["percentageCompleted"]) for m in north("GET", "v1/progress_monitors")["entities"]]
    assert steps == [("deactivate", "succeeded", 100)]
    assert south("GET", "v1/progress_monitors")["entities"][0]["operation"] == "activate"
    assert south("GET", PD)["cron_schedules"] == []


def test_and_home_again(north: Element, south: Element, simulator: Running) -> None:
    north("POST", f"{PD}/migrate", {"value": "ahv-dr"})
    south("POST", f"{PD}/migrate", {"value": "ahv-primary"})
    home = vms(simulator, "north")["frame-sandbox-1"]
    assert [nic["networkInfo"]["ipv4Config"]["ipAddress"]["value"] for nic in home["nics"]] == ["10.1.1.11"]
    assert vms(simulator, "south") == {}
    assert (north("GET", PD)["active"], south("GET", PD)["active"]) == (True, False)


def test_migrate_takes_time_and_shows_it(north: Element, simulator: Running) -> None:
    simulator.link(PRIMARY, DR, megabytes_per_second=100)
    north("POST", f"{PD}/migrate", {"value": "ahv-dr"})
    pending = north("GET", f"{PD}/pending_actions")[0]
    assert pending["pending_change_mode"]["mode_type"] == "MIGRATE_PD"
    assert pending["pending_replications"][0]["remote_site"] == "ahv-dr"
    assert vms(simulator, "north")["frame-sandbox-1"]["powerState"] == "OFF"
    assert north("GET", "v1/progress_monitors")["entities"][0]["status"] == "running"
    assert "pending actions" in north.refused(500, "POST", f"{PD}/migrate", {"value": "ahv-dr"})
    simulator.advance(60)
    assert vms(simulator, "south") == {}
    simulator.restart()
    simulator.advance(100)
    assert list(vms(simulator, "south")) == ["frame-sandbox-1"]


def test_what_stops_a_migration(north: Element, simulator: Running) -> None:
    assert "does not exist" in north.refused(404, "POST", f"{PD}/migrate", {"value": "nowhere"})
    simulator.link(PRIMARY, DR, megabytes_per_second=1)
    north("POST", f"{PD}/oob_schedules", {"remote_site_names": ["ahv-dr"]})
    assert "ongoing replications" in north.refused(500, "POST", f"{PD}/migrate", {"value": "ahv-dr"})
    number = north("GET", f"{PD}/replications")["entities"][0]["id"]
    north("DELETE", f"{PD}/replications/{number}")
    north("PUT", "v2.0/remote_sites", {**north.site("ahv-dr"), "capabilities": ["BACKUP"]})
    assert "backup only" in north.refused(500, "POST", f"{PD}/migrate", {"value": "ahv-dr"})
    site = {**north.site("ahv-dr"), "capabilities": ["BACKUP", "DISASTER_RECOVERY"], "vstore_name_map": {}}
    north("PUT", "v2.0/remote_sites", site)
    stuck = north("POST", f"{PD}/migrate", {"value": "ahv-dr"})
    assert [vm["vm_name"] for vm in stuck["entities"]] == ["frame-sandbox-1"]
    assert north("GET", PD)["active"] is True
    simulator.down(DR)
    assert "UNREACHABLE" in north.refused(500, "POST", f"{PD}/migrate", {"value": "ahv-dr"})


def test_a_migration_that_fails_leaves_everything_at_the_source(north: Element, simulator: Running) -> None:
    simulator.link(PRIMARY, DR, megabytes_per_second=100)
    north("POST", f"{PD}/migrate", {"value": "ahv-dr"})
    number = north("GET", f"{PD}/replications")["entities"][0]["id"]
    north("PUT", f"{PD}/replications/{number}", {"value": "abort"})
    assert (north("GET", PD)["active"], north("GET", f"{PD}/pending_actions")[0]["pending_change_mode"]) == (True, None)
    assert north("GET", "v1/progress_monitors")["entities"][0]["status"] == "failed"
    assert vms(simulator, "north")["frame-sandbox-1"]["powerState"] == "OFF"
    simulator.link(PRIMARY, DR, megabytes_per_second=100000)
    north("POST", f"{PD}/migrate", {"value": "ahv-dr"})
    simulator.advance(1)
    assert list(vms(simulator, "south")) == ["frame-sandbox-1"]
    assert [m["status"] for m in north("GET", "v1/progress_monitors")["entities"]] == ["failed", "succeeded"]


def test_activate_without_the_source(north: Element, south: Element, simulator: Running) -> None:
    first = replicate(north)
    replicate(north)
    simulator.down("north")
    assert south("POST", f"{PD}/activate", {"value": first}) == {"value": True}
    assert vms(simulator, "south")["frame-sandbox-1"]["powerState"] == "ON"
    assert "already active" in south.refused(500, "POST", f"{PD}/activate")
    simulator.up("north")
    # Split brain: nobody told the old source.
    assert (north("GET", PD)["active"], south("GET", PD)["active"]) == (True, True)
    assert "frame-sandbox-1" in vms(simulator, "north")
    assert north("POST", f"{PD}/deactivate") == {"value": True}
    assert sorted(vms(simulator, "north")) == ["frame-utility-1"]
    assert "not active" in north.refused(500, "POST", f"{PD}/deactivate")


def test_activate_needs_a_snapshot(north: Element, south: Element) -> None:
    assert south.refused(404, "POST", f"{PD}/activate")
    replicate(north)
    assert "Snapshot" in south.refused(404, "POST", f"{PD}/activate", {"value": "1"})


def test_restore_and_roll_back(north: Element, simulator: Running) -> None:
    number = replicate(north)
    north("POST", f"{PD}/restore_entities", {"snapshot_id": number, "vm_names": ["frame-sandbox-1"], "vm_name_prefix": "old-"})
    assert len(vms(simulator, "north")["old-frame-sandbox-1"]["nics"]) == 2
    simulator.edit("north", "vm", "frame-sandbox-1", {"powerState": "OFF"})
    north("POST", f"{PD}/rollback", {"value": number})
    assert vms(simulator, "north")["frame-sandbox-1"]["powerState"] == "ON"
    assert "required" in north.refused(400, "POST", f"{PD}/restore_entities", {"snapshot_id": number, "vm_names": ["frame-sandbox-1"]})
    assert "is not in" in north.refused(500, "POST", f"{PD}/restore_entities", {"snapshot_id": number, "vm_names": ["x"], "replace": True})


def test_what_a_recovered_vm_keeps() -> None:
    switches = {"element_recovered_vm_keeps_uuid": True, "element_recovered_vm_keeps_categories": True}
    with running(protected(switches=switches)) as simulator:
        before = vms(simulator, "north")["frame-sandbox-1"]
        Element(simulator, PRIMARY)("POST", f"{PD}/migrate", {"value": "ahv-dr"})
        after = vms(simulator, "south")["frame-sandbox-1"]
        assert (after["extId"], after["categories"]) == (before["extId"], before["categories"])


def test_unmapped_containers_may_go_to_the_same_name() -> None:
    document = protected(switches={"element_unmapped_goes_to_same_name": True})
    document["sites"]["north"]["clusters"][0]["remote_sites"][0]["vstore_map"] = {}
    document["sites"]["south"]["clusters"][0]["storage_containers"].append("default-container-77107")
    with running(document) as simulator:
        Element(simulator, PRIMARY)("POST", f"{PD}/migrate", {"value": "ahv-dr"})
        disk = vms(simulator, "south")["frame-sandbox-1"]["disks"][0]
        assert disk["backingInfo"]["storageContainer"]["extId"] == "@storage_container:ahv-dr/default-container-77107"


def test_world_moves_take_disks_along(simulator: Running) -> None:
    simulator.move("north", "south", ["frame-utility-1"])
    disk = vms(simulator, "south")["frame-utility-1"]["disks"][0]
    assert disk["backingInfo"]["storageContainer"]["extId"] == "@storage_container:ahv-dr/SelfServiceContainer"
