# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protecting a whole vStore, statistics of a remote site, reads of all clusters at once, and what is not simulated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from element_client import PRIMARY, Element, estate

from prismsim.testing import running

CONTAINER = "default-container-77107"
DOMAINS = "v2.0/protection_domains"
LINK = {"from": "north/ahv-primary", "to": "south/ahv-dr", "megabytes_per_second": 100}


@pytest.fixture
def north() -> Iterator[Element]:
    with running(estate(paired=True, links=[LINK])) as simulator:
        yield Element(simulator, PRIMARY)


def vstore(north: Element, name: str = CONTAINER) -> Any:
    (found,) = [store for store in north("GET", "v2.0/vstores")["entities"] if store["name"] == name]
    return found


def members(north: Element) -> set[str]:
    return {entry["vm_name"] for entry in north("GET", f"{DOMAINS}/{CONTAINER}")["vms"]}


def test_a_protected_vstore_protects_what_lies_there(north: Element) -> None:
    store = vstore(north)
    shown = north("POST", f"v2.0/vstores/{store['uuid']}/protect", vm_level_consistency="true")
    assert (shown["protection_domain"], shown["vm_level_consistent"]) == (CONTAINER, True)
    domain = north("GET", f"{DOMAINS}/{CONTAINER}")
    assert domain["vstore_id"] == store["id"]
    before = members(north)
    assert before
    assert "already protected" in north.refused(500, "POST", f"v2.0/vstores/{store['uuid']}/protect")
    north("POST", DOMAINS, {"value": "other"})
    assert "already protected" in north.refused(500, "POST", f"{DOMAINS}/other/protect_vms", {"names": sorted(before)[:1]})
    gone = sorted(before)[0]
    north.simulator.delete("north", "vm", gone)
    north("POST", f"{DOMAINS}/{CONTAINER}/oob_schedules", {})
    assert members(north) == before - {gone}, "whatever lies there when a snapshot is taken"
    assert north("POST", f"v1/vstores/{store['id']}/unprotect")["protectionDomain"] is None
    assert north.call("GET", f"{DOMAINS}/{CONTAINER}").status_code == 404
    assert "is not protected" in north.refused(500, "POST", f"v2.0/vstores/{store['uuid']}/unprotect")


def test_statistics_of_a_remote_site(north: Element) -> None:
    rate, sent = "replication_transmitted_bandwidth_kBps", "replication_num_transmitted_bytes"
    idle = north("GET", "v2.0/remote_sites/ahv-dr/stats", metrics=f"{rate},nonsense")["stats_specific_responses"]
    assert [(entry["metric"], entry["successful"], entry["values"]) for entry in idle] == [("nonsense", False, []), (rate, True, [0])]
    assert "metrics is required" in north.refused(400, "GET", "v2.0/remote_sites/ahv-dr/stats")
    north.refused(404, "GET", "v2.0/remote_sites/nobody/stats", metrics=rate)
    north("POST", f"v2.0/vstores/{vstore(north)['uuid']}/protect")
    north("POST", f"{DOMAINS}/{CONTAINER}/oob_schedules", {"remote_site_names": ["ahv-dr"]})
    assert north.site("ahv-dr")["stats"][rate] == "100000"
    there = Element(north.simulator, "south/ahv-dr")
    assert there.site("ahv-primary")["stats"]["replication_received_bandwidth_kBps"] == "100000"
    north.simulator.advance(10)
    ((during,),) = [entry["values"] for entry in north("GET", "v1/remote_sites/ahv-dr/stats", metrics=sent)["statsSpecificResponses"]]
    assert during >= 10**9
    north.simulator.advance(3600)
    stats = north.site("ahv-dr")["stats"]
    assert (stats[rate], int(stats[sent]) > during) == ("0", True)
    assert there.site("ahv-primary")["stats"]["replication_num_received_bytes"] == stats[sent]


def test_all_clusters_answer_in_one_list() -> None:
    document = estate(paired=True)
    document["sites"]["north"]["clusters"].append({"name": "second", "virtual_ip": "192.0.2.150"})
    with running(document) as simulator:
        central = Element(simulator, PRIMARY, through=True)
        everything = {"proxyClusterUuid": "all_clusters"}
        names = {entry["cluster_uuid"] for entry in central("GET", "v2.0/storage_containers", **everything)["entities"]}
        assert names == {simulator.cluster(path)["uuid"] for path in ("north/ahv-primary", "north/second")}
        assert [half["name"] for half in central("GET", "v1/remote_sites", **everything)] == ["ahv-dr"]
        assert "reads only" in central.refused(501, "POST", "v2.0/protection_domains", {"value": "x"}, **everything)
        assert "a list" in central.refused(501, "GET", "v2.0/cluster", **everything)
        simulator.down("north/second")
        left = {entry["cluster_uuid"] for entry in central("GET", "v2.0/storage_containers", **everything)["entities"]}
        assert left == {simulator.cluster(PRIMARY)["uuid"]}


@pytest.mark.parametrize("path", ["snapshots/1/clone", "metro_avail_enable", "metro_avail_disable", "promote"])
def test_what_the_contract_does_not_tell_enough_of_is_said_so(north: Element, path: str) -> None:
    north("POST", DOMAINS, {"value": "domain"})
    assert "does not simulate" in north.refused(501, "POST", f"{DOMAINS}/domain/{path}", {})
