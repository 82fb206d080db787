# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection domains: members, schedules, snapshots, and replications that take time and bandwidth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from element_client import DR, PRIMARY, Element, estate

from prismsim.testing import Running, running

GIB = 1024**3
DOMAINS = "v2.0/protection_domains"
PD = f"{DOMAINS}/frame-pd"


@pytest.fixture
def simulator() -> Iterator[Running]:
    with running(estate(paired=True)) as started:
        yield started


@pytest.fixture
def north(simulator: Running) -> Element:
    element = Element(simulator, PRIMARY)
    element("POST", DOMAINS, {"value": "frame-pd"})
    return element


@pytest.fixture
def south(simulator: Running) -> Element:
    return Element(simulator, DR)


def protect(north: Element, *names: str) -> Any:
    return north("POST", f"{PD}/protect_vms", {"names": list(names)})


def out_of_band(north: Element, *remotes: str, keep: int | None = None) -> Any:
    return north("POST", f"{PD}/oob_schedules", {"remote_site_names": list(remotes), "snapshot_retention_time_secs": keep})


def test_members_come_and_go(north: Element) -> None:
    domain = protect(north, "frame-sandbox-1")
    assert [(vm["vm_name"], vm["consistency_group"]) for vm in domain["vms"]] == [("frame-sandbox-1", "frame-sandbox-1")]
    unprotected = north("GET", f"{DOMAINS}/unprotected_vms")["entities"]
    assert [vm["vm_name"] for vm in unprotected] == ["frame-utility-1"]
    assert "already protected" in north.refused(500, "POST", f"{PD}/protect_vms", {"names": ["frame-sandbox-1"]})
    assert "does not exist" in north.refused(500, "POST", f"{PD}/protect_vms", {"names": ["nobody"]})
    lenient = {"names": ["nobody", "frame-sandbox-1", "frame-utility-1"], "ignore_dup_or_missing_vms": True, "consistency_group_name": "both"}
    groups = [vm["consistency_group"] for vm in north("POST", f"{PD}/protect_vms", lenient)["vms"]]
    assert groups == ["frame-sandbox-1", "both"]
    left = north("POST", f"{PD}/unprotect_vms", ["frame-sandbox-1"])["vms"]
    assert [vm["vm_name"] for vm in left] == ["frame-utility-1"]
    assert "is not in" in north.refused(500, "POST", f"{PD}/unprotect_vms", ["frame-sandbox-1"])
    group = north("GET", "v2.0/volume_groups")["entities"][0]["uuid"]
    entities = {"vmAddRemoveType": "LISTED_VMS", "protectionDomainName": "frame-pd", "vmIds": [], "volumeGroupUuids": [group]}
    assert north("POST", "v1/protection_domains/frame-pd/add_entities", entities)["volumeGroups"][0]["name"] == "frame-profile-1"
    found = north("GET", f"{PD}/consistency_groups")["entities"]
    assert {entry["consistency_group_name"]: entry["vm_count"] for entry in found} == {"both": 1, "frame-profile-1": 0}


def test_names_are_taken_until_a_domain_is_gone(north: Element) -> None:
    assert "already exists" in north.refused(500, "POST", DOMAINS, {"value": "frame-pd"})
    assert north("DELETE", PD) == {"value": True}
    assert north.refused(404, "GET", PD)
    north("POST", "v1/protection_domains", {"value": "frame-pd"})
    assert [domain["name"] for domain in north("GET", "v1/protection_domains")] == ["frame-pd"]


def test_a_snapshot_replicates_and_the_domain_appears_at_the_peer(north: Element, south: Element) -> None:
    protect(north, "frame-sandbox-1")
    out_of_band(north, "ahv-dr", keep=3600)
    assert north("GET", f"{PD}/oob_schedules") == []
    local = north("GET", f"{PD}/dr_snapshots")["entities"][0]
    assert (local["remote_site_names"], local["size_in_bytes"], local["located_remote_site_name"]) == (["ahv-dr"], 8 * GIB, None)
    assert isinstance(local["snapshot_id"], str)
    there = south("GET", PD)
    assert (there["active"], there["vms"]) == (False, [])
    assert south("GET", f"{PD}/dr_snapshots")["entities"][0]["snapshot_uuid"] == local["snapshot_uuid"]
    assert north("GET", "v2.0/remote_sites/ahv-dr/dr_snapshots")["entities"][0]["located_remote_site_name"] == "ahv-dr"
    link = north("GET", PD)["replication_links"][0]
    assert (link["remote_site_name"], link["last_successful_replication_snapshot_id"]) == ("ahv-dr", local["snapshot_id"])
    titles = [event["alert_title"] for event in north("GET", "v2.0/events", entity_type="PROTECTION_DOMAIN")["entities"]]
    assert set(titles) == {"Snapshot created for protection domain", "Replication completed"}
    north.simulator.advance(3601)
    assert north("GET", f"{PD}/dr_snapshots")["entities"] == []
    assert south("GET", f"{PD}/dr_snapshots")["entities"] == []


def test_an_unmapped_container_fails_the_replication_loudly(north: Element) -> None:
    north("PUT", "v2.0/remote_sites", {**north.site("ahv-dr"), "vstore_name_map": {}})
    protect(north, "frame-sandbox-1")
    out_of_band(north, "ahv-dr")
    alerts = north("GET", "v2.0/alerts", resolved="false")["entities"]
    assert [alert["alert_title"] for alert in alerts] == ["Protection Domain Replication Failure"]
    assert "default-container-77107 is not mapped" in alerts[0]["message"]
    north("POST", f"v2.0/alerts/{alerts[0]['id']}/resolve")
    assert north("GET", "v2.0/alerts", resolved="false")["entities"] == []
    assert len(north("GET", "v2.0/alerts", resolved="true")["entities"]) == 1


def test_replications_queue_take_bandwidth_and_can_be_held(north: Element) -> None:
    simulator = north.simulator
    simulator.link(PRIMARY, DR, megabytes_per_second=8 * GIB / 1e6 / 100)
    protect(north, "frame-sandbox-1")
    out_of_band(north, "ahv-dr")
    out_of_band(north, "ahv-dr")
    simulator.advance(25)
    domain = north("GET", PD)
    assert (domain["ongoing_replication_count"], domain["pending_replication_count"]) == (1, 1)
    running_one = north("GET", f"{PD}/replications")["entities"][0]
    assert 25 <= running_one["completed_percentage"] < 35
    assert 60 < running_one["replication_time_to_complete_secs"] <= 75
    received = Element(simulator, DR)("GET", f"{DOMAINS}/replications")["entities"]
    assert [(r["id"], r["sender"], r["remote_site_name"]) for r in received] == [(running_one["id"], False, "ahv-primary")]
    assert len(north("GET", f"{PD}/pending_replications")) == 1
    assert north("GET", f"{PD}/pending_actions")[0]["has_pending_actions"] is True
    assert north("GET", f"{DOMAINS}/status")["active_replications"] is True
    north("PUT", f"{PD}/replications/{running_one['id']}", {"value": "pause"})
    simulator.advance(1000)
    assert north("GET", f"{PD}/replications")["entities"][0]["paused"] is True
    north("PUT", f"{PD}/replications/{running_one['id']}", {"value": "resume"})
    simulator.link(PRIMARY, DR, ports=[2009])
    simulator.advance(1000)
    assert north("GET", f"{PD}/replications")["entities"][0]["completed_percentage"] < 40
    simulator.link(PRIMARY, DR, ports=[2009, 2020])
    simulator.kill()
    simulator.start()
    simulator.advance(80)
    assert north("GET", PD)["ongoing_replication_count"] == 0
    assert len(north("GET", "v2.0/remote_sites/ahv-dr/dr_snapshots")["entities"]) == 2


def test_a_replication_can_be_aborted(north: Element) -> None:
    north.simulator.link(PRIMARY, DR, megabytes_per_second=1)
    protect(north, "frame-sandbox-1")
    out_of_band(north, "ahv-dr")
    number = north("GET", f"{PD}/replications")["entities"][0]["id"]
    assert north("DELETE", f"{PD}/replications/{number}") == {"value": True}
    assert north("GET", f"{PD}/replications")["entities"] == []
    assert north("GET", f"{PD}/dr_snapshots")["entities"][0]["remote_site_names"] == []


@pytest.mark.parametrize("megabytes", [False, True])
def test_a_bandwidth_policy_slows_down(megabytes: bool) -> None:
    with running(estate(paired=True, switches={"element_bandwidth_in_megabytes": megabytes})) as simulator:
        north = Element(simulator, PRIMARY)
        policy = {"policy_name": "slow", "default_bandwidth_limit": 100, "bandwidth_configurations": []}
        north("PUT", "v2.0/remote_sites", {**north.site("ahv-dr"), "bandwidth_policy_enabled": True, "bandwidth_policy": policy})
        north("POST", DOMAINS, {"value": "frame-pd"})
        protect(north, "frame-utility-1")
        out_of_band(north, "ahv-dr")
        simulator.advance(60)
        assert north("GET", PD)["ongoing_replication_count"] == (0 if megabytes else 1)


def test_schedules_strike_on_time_and_keep_what_they_should(north: Element, south: Element) -> None:
    protect(north, "frame-utility-1")
    retention = {"local_max_snapshots": 2, "remote_max_snapshots": {"ahv-dr": 3}}
    made = north("POST", f"{PD}/schedules", {"type": "HOURLY", "every_nth": 1, "retention_policy": retention})
    assert north("GET", PD)["remote_site_names"] == ["ahv-dr"]
    north.simulator.advance(5 * 3600 + 1)
    here = [s["snapshot_create_time_usecs"] for s in north("GET", f"{PD}/dr_snapshots")["entities"]]
    there = [s["snapshot_create_time_usecs"] for s in south("GET", f"{PD}/dr_snapshots")["entities"]]
    assert (len(here), len(there)) == (2, 3)
    assert here[0] - here[1] == 3600 * 10**6
    assert there[:2] == here
    changed = north("PUT", f"{PD}/schedules/{made['id']}", {**made, "suspended": True})
    assert changed["id"] == made["id"]
    north.simulator.advance(2 * 3600)
    assert [s["snapshot_create_time_usecs"] for s in north("GET", f"{PD}/dr_snapshots")["entities"]] == here
    policies = f"{PD}/schedules/{made['id']}/retention_policies"
    assert north("POST", policies, {"local_max_snapshots": 7})["retention_policy"]["local_max_snapshots"] == 7
    assert north("DELETE", policies)["retention_policy"]["local_max_snapshots"] is None
    assert "Remote site gone" in north.refused(500, "POST", f"{PD}/schedules", {"retention_policy": {"remote_max_snapshots": {"gone": 1}}})
    assert north("DELETE", f"{PD}/schedules/{made['id']}") == {"value": True}
    assert north("GET", f"{PD}/schedules") == []
    assert north("GET", PD)["remote_site_names"] == []


def test_a_snapshot_takes_its_time() -> None:
    document = estate()
    document["sites"]["north"]["clusters"][0]["snapshot_seconds"] = 30
    with running(document) as simulator:
        north = Element(simulator, PRIMARY)
        north("POST", DOMAINS, {"value": "frame-pd"})
        out_of_band(north)
        assert north("GET", f"{PD}/dr_snapshots")["entities"] == []
        simulator.advance(31)
        number = north("GET", f"{PD}/dr_snapshots")["entities"][0]["snapshot_id"]
        assert north("GET", f"{PD}/dr_snapshots")["entities"][0]["state"] == "RETAIN_FOREVER"
        north("POST", f"{PD}/dr_snapshots/{number}/retain", {"value": int((simulator.control("POST", "/clock/advance", {"seconds": 0})["now"] + 5) * 1e6)})
        simulator.advance(6)
        assert north.refused(404, "DELETE", f"{PD}/dr_snapshots/{number}")


@pytest.mark.parametrize("refused", [False, True])
def test_a_remote_site_in_use(refused: bool) -> None:
    with running(estate(paired=True, switches={"element_delete_in_use_refused": refused})) as simulator:
        north = Element(simulator, PRIMARY)
        north("POST", DOMAINS, {"value": "frame-pd"})
        schedule = north("POST", f"{PD}/schedules", {"retention_policy": {"remote_max_snapshots": {"ahv-dr": 1}}})
        if refused:
            assert "is used" in north.refused(500, "DELETE", "v2.0/remote_sites/ahv-dr")
            assert north.site("ahv-dr")["marked_for_removal"] is False
        else:
            north("DELETE", "v2.0/remote_sites/ahv-dr")
            assert north.site("ahv-dr")["marked_for_removal"] is True
            north("DELETE", f"{PD}/schedules/{schedule['id']}")
            simulator.advance(6)
            assert north.refused(404, "GET", "v2.0/remote_sites/ahv-dr")
