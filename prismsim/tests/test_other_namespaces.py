# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs, networks, clusters, registrations, native entity sync, export and import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import ESTATE, Client, category, inbound, intra, policy

from prismsim.testing import Running, running

VMS = "vmm/v4.2/ahv/config/vms"
POLICIES = "microseg/v4.2/config/policies"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(ESTATE) as started:
        yield started


def test_vm_categories_are_associated_in_order_and_disassociated(north: Client) -> None:
    vm = north.find(VMS, name="web-1")["extId"]
    web, tier = category(north), category(north, "AppTier", "DB")

    def act(action: str, *ids: str) -> list[str]:
        etag = north("GET", f"{VMS}/{vm}").headers["ETag"]
        body = {"categories": [{"extId": ext_id} for ext_id in ids]}
        north.done(north("POST", f"{VMS}/{vm}/$actions/{action}", json=body, headers={"If-Match": etag}))
        return [entry["extId"] for entry in north("GET", f"{VMS}/{vm}").json()["data"].get("categories", [])]

    assert act("associate-categories", tier) == [web, tier]
    assert act("associate-categories", web) == [web, tier]
    assert act("disassociate-categories", web, tier) == []
    missing = north("POST", f"{VMS}/{vm}/$actions/associate-categories", json={"categories": [{"extId": web}]})
    assert missing.status_code == 428


def test_power_takes_no_body_and_an_etag(north: Client) -> None:
    vm = north.find(VMS, name="web-1")["extId"]
    fresh = {"If-Match": north("GET", f"{VMS}/{vm}").headers["ETag"]}
    assert north("POST", f"{VMS}/{vm}/$actions/power-off", json={}, headers=fresh).status_code == 400
    north.done(north("POST", f"{VMS}/{vm}/$actions/power-off", headers=fresh))
    assert north("GET", f"{VMS}/{vm}").json()["data"]["powerState"] == "OFF"


def test_a_stale_vm_etag_may_fail_in_the_task() -> None:
    with running({**ESTATE, "switches": {"vm_etag_mismatch_fails_task": True}}) as simulator:
        client = Client(simulator, "north")
        vm = client.find(VMS, name="web-1")["extId"]
        task = client.task(client("POST", f"{VMS}/{vm}/$actions/power-off", headers={"If-Match": "0" * 32}))
        assert task["errorMessages"][0]["code"] == "VMM-30303"


def test_nics_have_the_legacy_form_and_from_4_1_the_new_one(north: Client) -> None:
    new = north.find(VMS, name="web-1")["nics"][0]
    assert new["networkInfo"]["subnet"] == {**new["nicNetworkInfo"]["subnet"]}
    assert "nicNetworkInfo" not in north.find("vmm/v4.0/ahv/config/vms", name="web-1")["nics"][0]


def test_networks_are_read_and_created(north: Client) -> None:
    vpc = north.done(north("POST", "networking/v4.3/config/vpcs", json={"name": "new"}))
    subnet = {"name": "tier", "subnetType": "OVERLAY", "vpcReference": vpc}
    ext_id = north.done(north("POST", "networking/v4.3/config/subnets", json=subnet))
    read = north("GET", f"networking/v4.3/config/subnets/{ext_id}").json()["data"]
    assert read["vpcReference"] == vpc
    assert read["networkId"] > 0
    assert "already exists" in north.refused(north("POST", "networking/v4.3/config/subnets", json=subnet))
    lost = {"name": "lost", "subnetType": "VLAN", "networkId": 5}
    assert "needs clusterReference" in north.refused(north("POST", "networking/v4.3/config/subnets", json=lost))
    assert "in use" in north.refused(north("DELETE", f"networking/v4.3/config/vpcs/{vpc}"))


def test_clusters_and_containers(north: Client) -> None:
    clusters = {item["name"]: item for item in north("GET", "clustermgmt/v4.2/config/clusters").json()["data"]}
    assert set(clusters) == {"pc-north", "north-ahv"}
    assert clusters["north-ahv"]["vmCount"] == 2
    container = north.find("clustermgmt/v4.2/config/storage-containers", name="default")
    assert container["clusterExtId"] == clusters["north-ahv"]["extId"]


def test_the_domain_manager_and_those_it_is_registered_with(north: Client, south: Client, old: Client) -> None:
    manager = north("GET", "prism/v4.3/config/domain-managers").json()["data"][0]
    assert manager["config"]["name"] == "pc-north"
    assert manager["extId"] == north.find("clustermgmt/v4.2/config/clusters", name="pc-north")["extId"]
    other = south("GET", "prism/v4.3/config/domain-managers").json()["data"][0]["extId"]
    path = f"prism/v4.3/management/domain-managers/{manager['extId']}"
    assert [item["remoteClusterExtId"] for item in north("GET", f"{path}/registrations").json()["data"]] == [other]
    names = {item["name"] for item in north("GET", f"{path}/products").json()["data"]}
    assert "FLOW_NETWORK_SECURITY" in names
    assert old("GET", f"prism/v4.0/management/domain-managers/{manager['extId']}/registrations").status_code == 404


@pytest.mark.parametrize("keeps", [False, True])
def test_entity_sync_pushes_and_overrides(keeps: bool) -> None:
    with running({**ESTATE, "switches": {"entity_sync_keeps_ids": keeps}}) as simulator:
        north, south = Client(simulator, "north"), Client(simulator, "south")
        path = "datapolicies/v4.2/config/entity-sync-policies"
        synced = north("GET", path).json()["data"][0]
        assert (synced["entityName"], synced["status"]) == ("branches", "OUT_OF_SYNC")
        north.done(north("POST", f"{path}/{synced['extId']}/$actions/sync-entity"))
        assert north("GET", f"{path}/{synced['extId']}").json()["data"]["status"] == "IN_SYNC"
        there = south.find("microseg/v4.2/config/address-groups", name="branches")
        assert (there["extId"] == synced["entityExtId"]) is keeps
        assert there["ipv4Addresses"][0]["value"] == "10.9.0.0"


def test_policies_are_exported_and_imported_elsewhere(north: Client, south: Client) -> None:
    web = category(north)
    north.done(north("POST", POLICIES, json=policy("travels", intra(web), inbound(web))))
    assert north.task(north("POST", f"{POLICIES}/$actions/prepare-export"))["status"] == "SUCCEEDED"
    exported = north("GET", POLICIES, headers={"Accept": "application/octet-stream"})
    assert exported.headers["Content-Type"] == "application/octet-stream"
    headers = {"Content-Type": "application/octet-stream"}

    def bring(data: bytes, dry_run: str) -> str:
        params = {"$dryrun": dry_run}
        status: str = south.task(south("POST", f"{POLICIES}/$actions/import", data=data, params=params, headers=headers))["status"]
        return status

    assert bring(exported.content, "true") == "SUCCEEDED"
    assert "data" not in south("GET", POLICIES, params={"$filter": "name eq 'travels'"}).json()
    assert bring(exported.content, "false") == "SUCCEEDED"
    assert south.find(POLICIES, name="travels")["securedGroups"] == [category(south)]
    damaged = south("POST", f"{POLICIES}/$actions/import", data=b"damaged", headers=headers)
    assert damaged.status_code == 400
    assert north("GET", POLICIES, headers={"Accept": "application/json, application/octet-stream"}).json()["data"]


def test_associated_types_are_dropped_on_a_side_without_categories(north: Client) -> None:
    rule = inbound(category(north), srcAllowSpec="ALL", srcCategoryAssociatedEntityType="VM", securedGroupCategoryAssociatedEntityType="VM")
    ext_id = north.done(north("POST", POLICIES, json=policy("types", rule)))
    spec = north("GET", f"{POLICIES}/{ext_id}").json()["data"]["rules"][0]["spec"]
    assert "srcCategoryAssociatedEntityType" not in spec
    assert spec["securedGroupCategoryAssociatedEntityType"] == "VM"
