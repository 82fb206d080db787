# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery points, protected resources and cluster capabilities: what a site has of a VM, and how it comes back from that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from recovery_world import CONFIG, POLICIES, VMS, Pair, estate

from prismsim.testing import running

POINTS = f"{CONFIG}/recovery-points"
RESOURCES = f"{CONFIG}/protected-resources"
NOBODY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def pair() -> Iterator[Pair]:
    with running(estate()) as simulator:
        yield Pair(simulator)


@pytest.fixture(scope="module")
def near() -> Iterator[Pair]:
    """A recovery point every minute."""
    with running(estate(objective=60)) as simulator:
        simulator.advance(3600)
        yield Pair(simulator)


def of_vm(pair: Pair, site: str, vm: str) -> list[Any]:
    """The recovery points of a VM that a site has, newest first."""
    query = {"$filter": f"vmRecoveryPoints/any(v:v/vmExtId eq '{vm}')", "$orderby": "creationTime desc"}
    found: list[Any] = pair.clients[site]("GET", POINTS, params=query).json().get("data", [])
    return found


def cluster(pair: Pair, site: str) -> str:
    ext_id: str = pair.clients[site].find("clustermgmt/v4.3/config/clusters", name=f"{site}-ahv")["extId"]
    return ext_id


def test_points_are_taken_on_the_clock_and_kept_as_long_as_the_retention_says(pair: Pair) -> None:
    vm = pair.vms("north")["db-1"]["extId"]
    assert len(of_vm(pair, "south", vm)) == 1
    pair.simulator.advance(3600)
    newest = of_vm(pair, "south", vm)
    assert len(newest) == 2
    pair.simulator.advance(10 * 3600)
    found = {site: of_vm(pair, site, vm) for site in ("north", "south")}
    assert [len(points) for points in found.values()] == [3, 3]
    here, there = (found[site][0] for site in ("north", "south"))
    assert here["locationAgnosticId"] == there["locationAgnosticId"]
    assert here["extId"] != there["extId"]
    assert there["locationReferences"][0]["locationExtId"] == cluster(pair, "south")
    one = pair.clients["south"]("GET", f"{POINTS}/{there['extId']}")
    assert one.json()["data"]["creationTime"] == there["creationTime"]
    below = f"{POINTS}/{there['extId']}/vm-recovery-points/{there['vmRecoveryPoints'][0]['extId']}"
    assert pair.clients["south"]("GET", below).json()["data"]["vmExtId"] == vm
    pair.simulator.link("north/north-ahv", "south/south-ahv", ports=[])
    pair.simulator.advance(10 * 3600)
    assert of_vm(pair, "south", vm)[0]["extId"] == there["extId"], "nothing new arrives over a cut link"
    pair.simulator.link("north/north-ahv", "south/south-ahv", ports=[2009, 2020])
    assert of_vm(pair, "south", vm)[0]["extId"] != there["extId"]


def test_a_point_is_made_copied_restored_and_deleted(pair: Pair) -> None:
    north, south, vm = pair.clients["north"], pair.clients["south"], pair.vms("north")["web-1"]["extId"]
    north("POST", POINTS, json={"name": "empty"})
    assert "was not found" in north.refused(north("POST", POINTS, json={"name": "x", "vmRecoveryPoints": [{"vmExtId": NOBODY}]}))
    made = north.done(north("POST", POINTS, json={"name": "before", "vmRecoveryPoints": [{"vmExtId": vm}]}))
    pair.power_off("north", "web-1")
    task = north.task(north("POST", f"{POINTS}/{made}/$actions/replicate", json={"pcExtId": pair.managers["south"]}))
    copy = {entry["name"]: entry["value"] for entry in task["completionDetails"]}["recoveryPointExtId"]
    assert south("GET", f"{POINTS}/{copy}").json()["data"]["name"] == "before"
    expired = {"expirationTime": "2999-01-01T00:00:00Z"}
    south.done(south("POST", f"{POINTS}/{copy}/$actions/set-expiration-time", json=expired))
    assert south("GET", f"{POINTS}/{copy}").json()["data"]["expirationTime"].startswith("2999")
    point = south("GET", f"{POINTS}/{copy}").json()["data"]["vmRecoveryPoints"][0]["extId"]
    override = {"$objectType": "dataprotection.v4.config.AhvVmOverrideSpec", "name": "web-1-restored"}
    body = {"clusterExtId": cluster(pair, "south"), "vmRecoveryPointRestoreOverrides": [{"vmRecoveryPointExtId": point, "vmOverrideSpec": override}]}
    task = south.task(south("POST", f"{POINTS}/{copy}/$actions/restore", json=body))
    ids = {entry["name"]: entry["value"] for entry in task["completionDetails"]}["vmExtIds"]
    restored = south("GET", f"{VMS}/{ids}").json()["data"]
    assert (restored["name"], restored["powerState"]) == ("web-1-restored", "OFF")
    south.done(south("DELETE", f"{POINTS}/{copy}"))
    assert south("GET", f"{POINTS}/{copy}").status_code == 404
    by_policy = of_vm(pair, "south", vm)[0]["extId"]
    assert "retention" in south.refused(south("DELETE", f"{POINTS}/{by_policy}"))


def test_hourly_schedules_are_no_protected_resources(pair: Pair) -> None:
    assert pair.clients["north"]("GET", f"{RESOURCES}/{pair.vms('north')['db-1']['extId']}").status_code == 404


@pytest.mark.parametrize("site", ["north", "south"])
def test_a_minutely_schedule_shows_on_both_sides(near: Pair, site: str) -> None:
    vm = near.vms("north")["db-1"]["extId"]
    shown = near.clients[site]("GET", f"{RESOURCES}/{vm}").json()["data"]
    assert (shown["entityExtId"], "extId" in shown) == (vm, False)
    assert shown["sourceSiteReference"]["domainManagerExtId"] == near.managers["north"]
    (state,) = shown["replicationStates"]
    assert (state["recoveryPointObjectiveSeconds"], state["replicationStatus"]) == (60, "IN_SYNC")
    assert sorted(shown["categoryFqNames"]) == ["AppTier/DB", "Protect/Gold"]
    (there,) = [side for side in shown["siteProtectionInfo"] if side["locationReference"]["domainManagerExtId"] == near.managers["south"]]
    assert there["recoveryInfo"]["restorableTimeRanges"][0]["startTime"] < there["recoveryInfo"]["restorableTimeRanges"][0]["endTime"]
    old = near.clients[site]("GET", f"{RESOURCES}/{vm}".replace("v4.4", "v4.0")).json()["data"]
    assert old["sourceSiteReference"]["mgmtClusterExtId"] == near.managers["north"]
    assert "domainManagerExtId" not in old["sourceSiteReference"]


def test_restore_makes_a_vm_at_the_secondary(near: Pair) -> None:
    north, south, vm = near.clients["north"], near.clients["south"], near.vms("north")["web-2"]["extId"]
    body = {"clusterExtId": cluster(near, "south")}
    assert north("POST", f"{RESOURCES}/{vm}/$actions/restore", json=body).status_code == 404, "only the secondary restores"
    early = {**body, "restoreTime": "2020-01-01T00:00:00.5Z"}
    assert "no recovery point" in south.refused(south("POST", f"{RESOURCES}/{vm}/$actions/restore", json=early))
    made = south.done(south("POST", f"{RESOURCES}/{vm}/$actions/restore", json=body))
    assert south("GET", f"{VMS}/{made}").json()["data"]["powerState"] == "OFF"
    assert "not replicated synchronously" in south.refused(south("POST", f"{RESOURCES}/{vm}/$actions/promote"))


def test_synchronous_replication_can_be_paused() -> None:
    with running(estate(objective=0)) as simulator:
        pair = Pair(simulator)
        north, vm = pair.clients["north"], pair.vms("north")["db-1"]["extId"]

        def pause(paused: bool) -> str:
            path = f"{POLICIES}/{north.find(POLICIES, name='gold')['extId']}"
            fresh = north("GET", path)
            body = fresh.json()["data"]
            for each in body["replicationConfigurations"]:
                each["schedule"]["isReplicationPaused"] = paused
            assert north.task(north("PUT", path, json=body, headers={"If-Match": fresh.headers["ETag"]}))["status"] == "SUCCEEDED"
            simulator.advance(60)
            status: str = north("GET", f"{RESOURCES}/{vm}").json()["data"]["replicationStates"][0]["replicationStatus"]
            return status

        assert [pause(True), pause(False)] == ["OUT_OF_SYNC", "IN_SYNC"]


@pytest.mark.parametrize("keeps", [False, True])
def test_promote_decouples_the_source(keeps: bool) -> None:
    with running(estate(objective=0, recovered_vm_keeps_uuid=keeps)) as simulator:
        pair = Pair(simulator)
        south, vm = pair.clients["south"], pair.vms("north")["db-1"]["extId"]
        shown = south("GET", f"{RESOURCES}/{vm}").json()["data"]
        assert [side["synchronousReplicationRole"] for side in shown["siteProtectionInfo"]] == ["PRIMARY", "SECONDARY"]
        assert shown["replicationStates"][0]["replicationStatus"] == "IN_SYNC"
        simulator.down("north")
        assert south("GET", f"{RESOURCES}/{vm}").json()["data"]["replicationStates"][0]["replicationStatus"] == "OUT_OF_SYNC"
        task = south.task(south("POST", f"{RESOURCES}/{vm}/$actions/promote"))
        ((name, promoted),) = [(entry["name"], entry["value"]) for entry in task["completionDetails"]]
        assert (name, promoted == vm) == ("promotedVmExtId", keeps)
        assert pair.power("south") == {"db-1": "ON"}
        simulator.up("north")
        side = pair.clients["north"]("GET", f"{RESOURCES}/{vm}").json()["data"]["siteProtectionInfo"][0]
        expected = ("south", "PRIMARY") if keeps else ("north", "INDEPENDENT")
        assert (side["locationReference"]["domainManagerExtId"], side["synchronousReplicationRole"]) == (pair.managers[expected[0]], expected[1])


def test_what_clusters_can_do(near: Pair) -> None:
    south = near.clients["south"]
    (shown,) = south("GET", f"{CONFIG}/cluster-capabilities").json()["data"]
    assert {entry["capabilityName"] for entry in shown["capabilities"]} == {"SUPPORTS_NEAR_SYNC", "SUPPORTS_POLICY_BASED_RP_RETENTION"}
    (before,) = south("GET", f"{CONFIG.replace('v4.4', 'v4.3')}/cluster-capabilities").json()["data"]
    assert [entry["capabilityName"] for entry in before["capabilities"]] == ["SUPPORTS_NEAR_SYNC"]
    assert "data" not in south("GET", f"{CONFIG}/recovery-point-stores").json()
