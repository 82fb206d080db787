# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote sites: two halves make a pair, and what the physical truth does to their state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from element_client import DR, PRIMARY, Element, estate

from prismsim.testing import Running, running

SITES = "v2.0/remote_sites"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate()) as started:
        yield started


@pytest.fixture
def north(simulator: Running) -> Iterator[Element]:
    """The primary cluster; whatever a test paired is removed at its end."""
    element = Element(simulator, PRIMARY)
    yield element
    for one in (element, Element(simulator, DR)):
        for site in one("GET", SITES)["entities"]:
            one("DELETE", f"{SITES}/{site['name']}")


@pytest.fixture
def south(simulator: Running) -> Element:
    return Element(simulator, DR)


def test_a_pair_needs_both_halves(north: Element, south: Element) -> None:
    made = north.pair("ahv-dr", "198.51.100.50", capabilities=["BACKUP", "DISASTER_RECOVERY"])
    assert made["status"] == "RELATIONSHIP_NOT_ESTABLISHED"
    assert south("GET", SITES)["entities"] == []
    assert south.pair("ahv-primary", "192.0.2.52")["status"] == "RELATIONSHIP_ESTABLISHED"
    site = north.site("ahv-dr")
    assert (site["status"], site["latency_in_usecs"]) == ("RELATIONSHIP_ESTABLISHED", 1000)
    peer = south("GET", "v2.0/cluster")
    assert peer["id"] == f"{peer['uuid']}::{site['cluster_id']}"
    assert peer["cluster_incarnation_id"] == site["cluster_incarnation_id"]
    assert [host["service_vmexternal_ip"] for host in south("GET", "v2.0/hosts")["entities"]] == ["198.51.100.51"]


def test_a_wrong_address_is_unreachable(north: Element) -> None:
    site = north.pair("nowhere", "203.0.113.9")
    assert (site["status"], site["latency_in_usecs"], site["cluster_id"]) == ("UNREACHABLE", None, None)


@pytest.mark.parametrize(
    ("source", "target", "ports", "here", "there"),
    [
        (PRIMARY, DR, [2009], "UNREACHABLE", "RELATIONSHIP_NOT_ESTABLISHED"),
        (DR, PRIMARY, [2009], "RELATIONSHIP_NOT_ESTABLISHED", "UNREACHABLE"),
        (PRIMARY, DR, [2020], "RELATIONSHIP_NOT_ESTABLISHED", "RELATIONSHIP_NOT_ESTABLISHED"),
    ],
)
def test_a_port_closed_one_way(north: Element, south: Element, source: str, target: str, ports: list[int], here: str, there: str) -> None:
    north.pair("ahv-dr", "198.51.100.50")
    south.pair("ahv-primary", "192.0.2.50")
    north.simulator.link(source, target, ports=ports)
    try:
        assert (north.site("ahv-dr")["status"], south.site("ahv-primary")["status"]) == (here, there)
    finally:
        north.simulator.link(source, target, ports=[2009, 2020])
    assert north.site("ahv-dr")["status"] == "RELATIONSHIP_ESTABLISHED"


def test_a_port_other_than_2020_is_none(north: Element) -> None:
    assert north("POST", SITES, {"name": "ahv-dr", "remote_ip_ports": {"198.51.100.50": 2009}})["status"] == "UNREACHABLE"


def test_a_peer_that_is_down_and_one_that_was_built_anew(north: Element, south: Element) -> None:
    north.pair("ahv-dr", "198.51.100.50")
    south.pair("ahv-primary", "192.0.2.50")
    north.simulator.down("south")
    assert north.site("ahv-dr")["status"] == "UNREACHABLE"
    north.simulator.up("south")
    before = north.site("ahv-dr")
    north.simulator.rebuild(DR)
    after = north.site("ahv-dr")
    assert (before["status"], after["status"]) == ("RELATIONSHIP_ESTABLISHED", "RELATIONSHIP_NOT_ESTABLISHED")
    assert after["cluster_incarnation_id"] == before["cluster_incarnation_id"]
    north("DELETE", f"{SITES}/ahv-dr")
    assert north.pair("ahv-dr", "198.51.100.50")["status"] == "RELATIONSHIP_ESTABLISHED"


def test_put_replaces_everything(north: Element, south: Element) -> None:
    north.pair("ahv-dr", "198.51.100.50", compression_enabled=True, capabilities=["BACKUP", "DISASTER_RECOVERY"])
    south.pair("ahv-primary", "192.0.2.50")
    whole = {**north.site("ahv-dr"), "vstore_name_map": {"SelfServiceContainer": "storage-container-112133"}}
    assert north("PUT", SITES, whole)["vstore_name_map"] == {"SelfServiceContainer": "storage-container-112133"}
    container = next(c for c in north("GET", "v2.0/storage_containers")["entities"] if c["name"] == "SelfServiceContainer")
    assert container["mapped_remote_containers"] == {"ahv-dr": "storage-container-112133"}
    partial = north("PUT", SITES, {"name": "ahv-dr", "remote_ip_ports": {"198.51.100.50": 2020}})
    assert (partial["vstore_name_map"], partial["compression_enabled"], partial["capabilities"]) == ({}, False, ["BACKUP"])
    assert partial["uuid"] == whole["uuid"]


def test_bandwidth_policies_get_their_ids(north: Element) -> None:
    north.pair("ahv-dr", "198.51.100.50")
    window = {"start_time": 0, "end_time": 1000, "days_selected": 127, "bandwidth_limit": 5}
    policy = {"policy_name": "nights", "bandwidth_configurations": [window], "default_bandwidth_limit": 9}
    kept = north("PUT", SITES, {**north.site("ahv-dr"), "bandwidth_policy_enabled": True, "bandwidth_policy": policy})["bandwidth_policy"]
    assert kept["policy_uuid"]
    assert kept["bandwidth_configurations"][0]["schedule_uuid"]
    assert north("PUT", SITES, north.site("ahv-dr"))["bandwidth_policy"] == kept


def test_what_cannot_be_is_refused(north: Element, south: Element) -> None:
    north.pair("ahv-dr", "198.51.100.50")
    assert "already exists" in north.refused(500, "POST", SITES, {"name": "ahv-dr", "remote_ip_ports": {"198.51.100.50": 2020}})
    assert "Invalid remote address" in north.refused(500, "POST", SITES, {"name": "x", "remote_ip_ports": {"not-an-ip": 2020}})
    assert "this cluster" in north.refused(500, "POST", SITES, {"name": "x", "remote_ip_ports": {"192.0.2.51": 2020}})
    assert "Unrecognized" in north.refused(400, "POST", SITES, {"name": "x", "remoteIpPorts": {"198.51.100.50": 2020}})
    assert "required" in north.refused(400, "POST", SITES, {"remote_ip_ports": {"198.51.100.50": 2020}})
    assert "does not exist" in north.refused(404, "GET", f"{SITES}/nobody")
    assert "does not exist" in north.refused(404, "PUT", SITES, {"name": "nobody", "remote_ip_ports": {"198.51.100.50": 2020}})
    wanted = {**north.site("ahv-dr"), "vstore_name_map": {"SelfServiceContainer": "SelfServiceContainer"}}
    assert "cannot be read" in north.refused(500, "PUT", SITES, wanted)
    south.pair("ahv-primary", "192.0.2.50")
    assert "vStore gone" in north.refused(500, "PUT", SITES, {**wanted, "vstore_name_map": {"gone": "SelfServiceContainer"}})
    assert "vStore lost" in north.refused(500, "PUT", SITES, {**wanted, "vstore_name_map": {"SelfServiceContainer": "lost"}})
    assert north.refused(405, "PUT", f"{SITES}/ahv-dr", {})
    assert north.refused(501, "GET", "v2.0/data_at_rest_encryption")


def test_both_versions_and_the_way_through_prism_central_show_one_thing(north: Element, south: Element) -> None:
    through = Element(north.simulator, PRIMARY, through=True)
    through("POST", "v1/remote_sites", {"name": "ahv-dr", "remoteIpPorts": {"198.51.100.50": 2020}, "sshEnabled": True})
    assert north.site("ahv-dr")["ssh_enabled"] is True
    bare = through("GET", "v1/remote_sites/")
    assert isinstance(bare, list)
    assert bare[0]["remoteIpPorts"] == {"198.51.100.50": 2020}
    listed = through("GET", SITES)
    assert listed["metadata"] == {"count": 1, "grand_total_entities": 1, "total_entities": 0}
    assert listed == north("GET", SITES)
    answer = through.call("GET", SITES)
    assert answer.headers["x-ntnx-env"] == "PC"
    assert north.call("GET", SITES).headers["x-ntnx-env"] == "PE"


def test_prism_central_passes_on_only_to_its_own_clusters(simulator: Running) -> None:
    through = Element(simulator, PRIMARY, through=True)
    other = simulator.cluster(DR)["uuid"]
    pc = simulator.site("north")
    answer = through._session.get(
        f"{pc['url']}/api/nutanix/v2.0/remote_sites", params={"proxyClusterUuid": other},
        auth=(pc["username"], pc["password"]), verify=simulator.ready["ca"], timeout=10,
    )  # fmt: skip
    assert answer.status_code == 500
    simulator.down(PRIMARY)
    try:
        assert "does not answer" in through.refused(503, "GET", SITES)
    finally:
        simulator.up(PRIMARY)


def test_credentials_are_those_of_the_cluster(simulator: Running) -> None:
    element = Element(simulator, DR)
    cluster = simulator.cluster(DR)
    assert cluster["password"] != simulator.site("south")["password"]
    answer = element._session.get(
        f"{cluster['url']}/api/nutanix/v2.0/cluster", auth=("admin", simulator.site("south")["password"]),
        verify=simulator.ready["ca"], timeout=10,
    )  # fmt: skip
    assert answer.status_code == 401
    assert element("GET", "v2.0/cluster/")["name"] == "ahv-dr"


def test_removal_and_pairing_take_their_time() -> None:
    with running(estate(), profile="realistic") as simulator:
        north, south = Element(simulator, PRIMARY), Element(simulator, DR)
        south.pair("ahv-primary", "192.0.2.50")
        assert north.pair("ahv-dr", "198.51.100.50")["status"] == "HANDSHAKING"
        simulator.advance(3)
        assert north.site("ahv-dr")["status"] == "RELATIONSHIP_ESTABLISHED"
        assert north("DELETE", f"{SITES}/ahv-dr") == {"value": True}
        assert north.site("ahv-dr")["marked_for_removal"] is True
        assert north("GET", SITES)["entities"] == []
        assert len(north("GET", SITES, include_deleted="true")["entities"]) == 1
        assert "already exists" in north.refused(500, "POST", SITES, {"name": "ahv-dr", "remote_ip_ports": {"198.51.100.50": 2020}})
        assert "marked for removal" in north.refused(500, "PUT", SITES, north.site("ahv-dr"))
        simulator.kill()
        simulator.start()
        simulator.advance(3)
        assert north.refused(404, "GET", f"{SITES}/ahv-dr")
        assert south.site("ahv-primary")["status"] == "RELATIONSHIP_NOT_ESTABLISHED"


@pytest.mark.parametrize(("action", "made"), [("kill_before", False), ("kill_after", True), ("reset_after", True)])
def test_a_write_that_is_cut_off(north: Element, action: str, made: bool) -> None:
    simulator = north.simulator
    simulator.fault(do=action, site=PRIMARY, match={"method": "POST", "path": "remote_sites", "times": 1})
    with pytest.raises(requests.ConnectionError):
        north.pair("ahv-dr", "198.51.100.50")
    if action.startswith("kill"):
        simulator.restart()
    simulator.clear_faults()
    assert list(simulator.cluster_state(PRIMARY)["remote_site"]) == (["ahv-dr"] if made else [])


def test_faults_hit_a_cluster_by_its_path(north: Element) -> None:
    north.simulator.fault(do="status", status=503, site=PRIMARY, match={"path": "remote_sites", "times": 1})
    north.simulator.fault(do="html", site=PRIMARY, match={"path": "vstores", "times": 1})
    assert north.refused(503, "GET", SITES)
    assert "<html>" in north.call("GET", "v2.0/vstores").text
    assert north("GET", SITES)["entities"] == []
    north.simulator.clear_faults()
