# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection policies and consistency rules: what is accepted, refused, and shown on the other Prism Central."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Client, category
from recovery_world import POLICIES, estate, manager, protection_policy, schedule

from prismsim.testing import Running, running


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate()) as started:
        yield started


@pytest.fixture
def body(north: Client, south: Client) -> dict[str, Any]:
    return protection_policy("silver", 900, manager(north), manager(south), category(north, "AppTier", "Web"))


def created(client: Client, body: dict[str, Any]) -> str:
    """The id of a new policy, which only the completion details of the task tell."""
    task = client.task(client("POST", POLICIES, json=body))
    assert task["status"] == "SUCCEEDED", task
    assert "entitiesAffected" not in task
    details = {entry["name"]: entry["value"] for entry in task["completionDetails"]}
    ext_id: str = details["protectionPolicyExtId"]
    return ext_id


def test_a_policy_lives_on_both_prism_centrals(north: Client, south: Client, body: dict[str, Any]) -> None:
    ext_id = created(north, body)
    here, there = (client("GET", f"{POLICIES}/{ext_id}") for client in (north, south))
    assert there.json()["data"]["categoryIds"] == [category(south, "AppTier", "Web")]
    assert all(each["schedule"]["scheduleExtId"] for each in here.json()["data"]["replicationConfigurations"])
    changed = {**here.json()["data"], "description": "changed"}
    assert north("PUT", f"{POLICIES}/{ext_id}", json=changed).status_code == 428
    assert north.task(north("PUT", f"{POLICIES}/{ext_id}", json=changed, headers={"If-Match": here.headers["ETag"]}))["status"] == "SUCCEEDED"
    after = south("GET", f"{POLICIES}/{ext_id}").json()["data"]
    assert after["description"] == "changed"
    schedules = [each["schedule"]["scheduleExtId"] for each in after["replicationConfigurations"]]
    assert schedules == [each["schedule"]["scheduleExtId"] for each in here.json()["data"]["replicationConfigurations"]]
    assert south.task(south("DELETE", f"{POLICIES}/{ext_id}"))["status"] == "SUCCEEDED"
    assert north("GET", f"{POLICIES}/{ext_id}").status_code == 404


def test_what_was_written_while_the_other_side_was_down_arrives_later(north: Client, south: Client, body: dict[str, Any]) -> None:
    north.simulator.down("south")
    ext_id = created(north, {**body, "name": "late"})
    gone = created(north, {**body, "name": "gone"})
    assert north.task(north("DELETE", f"{POLICIES}/{gone}"))["status"] == "SUCCEEDED"
    north.simulator.up("south")
    assert south("GET", f"{POLICIES}/{ext_id}").json()["data"]["name"] == "late"
    assert south("GET", f"{POLICIES}/{gone}").status_code == 404


def test_each_prism_central_may_have_its_own() -> None:
    with running(estate(plans_are_synced=False)) as simulator:
        assert Client(simulator, "north")("GET", POLICIES).json()["metadata"]["totalAvailableResults"] == 1
        assert Client(simulator, "south")("GET", POLICIES).json()["metadata"]["totalAvailableResults"] == 0


def rollup(frequency: int = 2) -> dict[str, Any]:
    details = {"snapshotIntervalType": "DAILY", "frequency": frequency}
    return {"$objectType": "datapolicies.v4.config.AutoRollupRetention", "local": details}


def _one_direction(body: dict[str, Any]) -> None:
    del body["replicationConfigurations"][1]


def _no_primary(body: dict[str, Any]) -> None:
    body["replicationLocations"][0]["isPrimary"] = False


def _unknown_label(body: dict[str, Any]) -> None:
    body["replicationConfigurations"][0]["remoteLocationLabel"] = "west"


def _odd_objective(body: dict[str, Any]) -> None:
    body["replicationConfigurations"][0]["schedule"] = schedule(90)


def _odd_rollup(body: dict[str, Any]) -> None:
    body["replicationConfigurations"][0]["schedule"] = {"recoveryPointObjectiveTimeSeconds": 420, "retention": rollup()}


def _unknown_manager(body: dict[str, Any]) -> None:
    body["replicationLocations"][1]["domainManagerExtId"] = "11111111-1111-4111-8111-111111111111"


def _unknown_category(body: dict[str, Any]) -> None:
    body["categoryIds"] = ["11111111-1111-4111-8111-111111111111"]


def _two_clusters_on_the_other_side(body: dict[str, Any]) -> None:
    ids = ["11111111-1111-4111-8111-111111111111", "11111111-1111-4111-8111-111111111112"]
    body["replicationLocations"][1]["replicationSubLocation"] = {"$objectType": "datapolicies.v4.config.NutanixCluster", "clusterExtIds": ids}


def _store_as_a_source(body: dict[str, Any]) -> None:
    body["replicationLocations"][1]["replicationSubLocation"] = {"$objectType": "datapolicies.v4.config.Mst"}


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_one_direction, "from south to north is not configured"),
        (_no_primary, "Exactly one location must be primary"),
        (_unknown_label, "no location with the label west"),
        (_odd_objective, "multiple of 60"),
        (_odd_rollup, "does not go with"),
        (_unknown_manager, "is not registered"),
        (_unknown_category, "categories were not found"),
        (_two_clusters_on_the_other_side, "Only the primary location"),
        (_store_as_a_source, "cannot be a source"),
    ],
)
def test_what_makes_no_sense_is_refused_in_the_task(north: Client, body: dict[str, Any], spoil: Any, words: str) -> None:
    spoil(body)
    task = north.task(north("POST", POLICIES, json=body))
    assert task["status"] == "FAILED"
    assert any(words in message["message"] for message in task["errorMessages"]), task["errorMessages"]


def test_only_what_the_minor_knows(north: Client, body: dict[str, Any]) -> None:
    body["replicationConfigurations"][0]["schedule"]["latestRecoveryPointRetentionSeconds"] = 60
    assert north("POST", POLICIES.replace("v4.3", "v4.2"), json=body).status_code == 400
    del body["replicationConfigurations"][0]["schedule"]["recoveryPointObjectiveTimeSeconds"]
    assert north("POST", POLICIES, json=body).status_code == 400
    assert north("GET", "datapolicies/v4.1/config/recovery-plans").status_code == 404


def test_consistency_rules_hang_below_their_policy(north: Client, south: Client, body: dict[str, Any]) -> None:
    ext_id, other = created(north, {**body, "name": "ruled"}), created(north, {**body, "name": "unruled"})
    rules = f"{POLICIES}/{ext_id}/consistency-rules"
    rule = north.done(north("POST", rules, json={"name": "together", "categoryIds": [category(north, "AppTier", "App")]}))
    assert "already exists" in north.refused(north("POST", rules, json={"name": "together", "categoryIds": []}))
    assert [entry["extId"] for entry in south("GET", rules).json()["data"]] == [rule]
    elsewhere = f"{POLICIES}/{other}/consistency-rules"
    assert "data" not in north("GET", elsewhere).json()
    assert north("GET", f"{elsewhere}/{rule}").status_code == 404
    assert "Could not find" in north.refused(north("DELETE", f"{elsewhere}/{rule}"))
    assert north.task(north("DELETE", f"{POLICIES}/{ext_id}"))["status"] == "SUCCEEDED"
    assert south("GET", rules).status_code == 404
    assert "consistency_rule" not in south.simulator.state("south")
