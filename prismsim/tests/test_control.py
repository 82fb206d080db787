# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: the request log, sites going down, state, out-of-band edits, moving VMs, the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from conftest import ESTATE, Client

from prismsim.testing import ControlError, Running, running

AG = "microseg/v4.2/config/address-groups"


@pytest.fixture
def fresh() -> Iterator[Running]:
    """A world of its own for a test that moves VMs, or takes away what others need."""
    with running(ESTATE) as started:
        yield started


def test_every_call_is_logged(north: Client) -> None:
    mark = north.simulator.mark()
    answer = north("GET", AG, params={"$limit": 1}, request_id="9691dc1f-1417-48ed-ac49-7bdd1525f1d2")
    lines = north.simulator.requests(mark)
    assert len(lines) == 1
    expected = {"site": "north", "method": "GET", "path": f"/api/{AG}", "query": "$limit=1", "status": 200,
                "bytes": len(answer.content), "request_id": "9691dc1f-1417-48ed-ac49-7bdd1525f1d2", "seq": mark + 1}  # fmt: skip
    assert expected.items() <= lines[0].items()
    assert north.simulator.writes(mark) == []


def test_the_others_lose_sight_of_a_site_that_is_down(north: Client) -> None:
    [manager] = north("GET", "prism/v4.2/config/domain-managers").json()["data"]

    def seen() -> list[str]:
        found = north("GET", f"prism/v4.2/management/domain-managers/{manager['extId']}/registrations").json()["data"]
        return [item["connectivityStatus"] for item in found]

    assert seen() == ["CONNECTED"]
    north.simulator.down("south")
    assert seen() == ["DISCONNECTED"]
    north.simulator.up("south")
    assert seen() == ["CONNECTED"]


def test_a_site_goes_down_and_comes_back(north: Client, south: Client) -> None:
    north("GET", AG)
    north.simulator.down("north")
    with pytest.raises(requests.ConnectionError):
        north("GET", AG)
    assert south("GET", "microseg/v4.2/config/policies").status_code == 200
    north.simulator.up("north")
    assert north("GET", AG).status_code == 200


def test_a_site_becomes_a_black_hole_and_comes_back(north: Client) -> None:
    north("GET", AG)
    north.simulator.down("north", mode="blackhole")
    mark = north.simulator.mark()
    with pytest.raises((requests.Timeout, requests.ConnectionError)):
        north("GET", AG, timeout=0.5)
    assert [(line["site"], line["status"]) for line in north.simulator.swallowed(mark)] == [("north", None)]
    assert north.simulator.writes(mark) == []
    north.simulator.up("north")
    assert north("GET", AG).status_code == 200


def test_state_reads_by_kind_and_name_with_names_for_ids(north: Client) -> None:
    state = north.simulator.state("north")
    assert state["vm"]["web-1"]["categories"] == [{"extId": "@category:AppType/Web"}]
    assert state["vm"]["db-1"]["nics"][0]["networkInfo"]["subnet"] == {"extId": "@subnet:prod/app"}
    assert "ssh" in state["service_group"]


def test_a_person_edits_behind_our_back(fresh: Running) -> None:
    north = Client(fresh, "north")
    before = north.find(AG, name="branches")
    etag = north("GET", f"{AG}/{before['extId']}").headers["ETag"]
    north.simulator.edit("north", "address_group", "branches", {"description": "by hand"})
    after = north("GET", f"{AG}/{before['extId']}")
    assert after.json()["data"]["description"] == "by hand"
    assert after.headers["ETag"] != etag
    north.simulator.create("north", "category", {"key": "Hand", "value": "Made"})
    north.simulator.edit("north", "vm", "db-1", {"categories": [{"extId": "@category:Hand/Made"}]})
    assert north.simulator.state("north")["vm"]["db-1"]["categories"] == [{"extId": "@category:Hand/Made"}]
    north.simulator.delete("north", "address_group", "branches")
    assert north("GET", f"{AG}/{before['extId']}").status_code == 404
    with pytest.raises(ControlError, match="no address_group named"):
        north.simulator.edit("north", "address_group", "branches", {})
    with pytest.raises(ControlError, match="colour"):
        north.simulator.create("north", "address_group", {"name": "x", "colour": "red"})


def test_vms_move_with_their_categories_and_their_place_in_the_subnet(fresh: Running) -> None:
    north, south = Client(fresh, "north"), Client(fresh, "south")
    moved = north.simulator.move("north", "south", ["web-1"], power="off")
    assert [vm["name"] for vm in moved] == ["web-1"]
    assert [vm["name"] for vm in north("GET", "vmm/v4.0/ahv/config/vms").json()["data"]] == ["db-1"]
    vm = south.find("vmm/v4.0/ahv/config/vms", name="web-1")
    assert vm["powerState"] == "OFF"
    assert len(vm["categories"]) == 1
    assert vm["nics"][0]["networkInfo"]["ipv4Config"]["ipAddress"]["value"] == "10.3.1.11"
    assert vm["extId"] == moved[0]["extId"]


def test_vms_may_arrive_with_new_ids_and_without_categories(fresh: Running) -> None:
    north, south = Client(fresh, "north"), Client(fresh, "south")
    before = {vm["extId"] for vm in north("GET", "vmm/v4.0/ahv/config/vms").json()["data"]}
    moved = north.simulator.move("north", "south", new_uuid=True, keep_categories=False)
    assert not before & {vm["extId"] for vm in moved}
    assert "categories" not in south.find("vmm/v4.0/ahv/config/vms", name="web-1")
    with pytest.raises(ControlError, match="no VM named"):
        north.simulator.move("north", "south", ["web-1"])


def test_a_primary_that_comes_back_may_have_stale_copies(fresh: Running) -> None:
    north, south = Client(fresh, "north"), Client(fresh, "south")
    vms = "vmm/v4.0/ahv/config/vms"
    before = north.find(vms, name="web-1")
    fresh.down("north")
    (moved,) = fresh.move("north", "south", ["web-1"], leave_stale=True)
    fresh.up("north")
    assert moved["extId"] == before["extId"] == south.find(vms, name="web-1")["extId"]
    assert north.find(vms, name="web-1") == before
    assert (north.find(vms, name="web-1")["powerState"], south.find(vms, name="web-1")["powerState"]) == ("ON", "ON")
    fresh.move("north", "south", ["db-1"], new_uuid=True, leave_stale=True, stale_power="off")
    assert (north.find(vms, name="db-1")["powerState"], south.find(vms, name="db-1")["powerState"]) == ("OFF", "ON")
    assert north.find(vms, name="db-1")["extId"] != south.find(vms, name="db-1")["extId"]
    with pytest.raises(ControlError, match="power is on or off"):
        fresh.move("north", "south", leave_stale=True, stale_power="maybe")


def test_sessions_expire(simulator: Running) -> None:
    client = Client(simulator, "north")
    assert client("GET", AG).status_code == 200
    assert client("GET", AG, auth=lambda request: request).status_code == 200
    simulator.advance(901)
    assert client("GET", AG, auth=lambda request: request).status_code == 401


def test_the_port_of_a_cluster_asks_who_is_there(simulator: Running) -> None:
    element = simulator.cluster("north/north-ahv")
    session = requests.Session()
    session.trust_env = False
    answer = session.get(f"{element['url']}/PrismGateway/services/rest/v2.0/cluster", verify=simulator.ready["ca"], timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error_code"]["help_url"] == "http://my.nutanix.com"
