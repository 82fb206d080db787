# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sample of the contract: each answer is produced key for key, each documented request is taken.

Recorded answers were cut, or come from releases of 2015 to 2021: of those each member must be there, others may be too.
Reconstructed ones follow the newest field list: the members must be exactly theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from element_client import DR, PRIMARY, SAMPLES, Element, covers, estate, sample, shape

from prismsim.testing import Running, running

Json = Any
PD = "v2.0/protection_domains/frame-pd"
V1_PD = "v1/protection_domains/PD1"


def _world() -> dict[str, Any]:
    document = estate(paired=True)
    north = document["sites"]["north"]["clusters"][0]
    start = 1_700_000_000_000_000
    retention = {"local_max_snapshots": 2, "remote_max_snapshots": {"ahv-dr": 2}}
    schedule = {"type": "HOURLY", "every_nth": 1, "user_start_time_in_usecs": start, "retention_policy": retention}
    metro = {"remote_site": "CLUNTX01", "container": "CLUNTX02-PROD", "role": "Standby", "status": "Disabled"}
    north["protection_domains"] = [
        {"name": "frame-pd", "vms": ["frame-sandbox-1"], "volume_groups": ["frame-profile-1"], "schedules": [schedule]},
        {"name": "NTX02-to-NTX01", "metro": metro},
    ]
    north["alerts"] = [
        {"title": "License", "message": "{pre_expiry_msg}", "context": {"pre_expiry_msg": "soon"}, "entity_name": "ahv-primary"},
    ]  # fmt: skip
    return document


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(_world()) as started:
        # Slow enough that the first snapshot has arrived and the second is on its way when its turn comes.
        started.link(PRIMARY, DR, megabytes_per_second=12 * 1024**3 / 1e6 / 30)
        Element(started, PRIMARY)("POST", f"{PD}/oob_schedules", {"remote_site_names": ["ahv-dr"], "snapshot_retention_time_secs": 172800})
        started.advance(31)
        started.link(PRIMARY, DR, megabytes_per_second=0.001)
        for _turn in range(2):
            Element(started, PRIMARY)("POST", f"{PD}/oob_schedules", {"remote_site_names": ["ahv-dr"], "snapshot_retention_time_secs": 172800})
        yield started


@pytest.fixture
def north(simulator: Running) -> Element:
    return Element(simulator, PRIMARY)


def _container(north: Element) -> str:
    containers = north("GET", "v2.0/storage_containers")["entities"]
    uuid: str = next(c["storage_container_uuid"] for c in containers if c["name"] == "default-container-77107")
    return uuid


def _task(north: Element) -> Json:
    vm = next(vm["uuid"] for vm in north("GET", "v2.0/vms")["entities"] if vm["name"] == "frame-utility-1")
    task = north("POST", f"v2.0/vms/{vm}/set_power_state", {"transition": "ON"})["task_uuid"]
    assert north("POST", "v2.0/tasks/poll", {"completed_tasks": [task]})["completed_tasks_info"][0]["uuid"] == task
    return north("GET", f"v2.0/tasks/{task}")


def _later_out_of_band(north: Element) -> Json:
    north("POST", f"{PD}/oob_schedules", {"remote_site_names": ["ahv-dr"], "schedule_start_time_usecs": 4_000_000_000_000_000})
    return north("GET", f"{PD}/oob_schedules")


def _only(found: Json) -> Json:
    """A listing without the entities whose turn it is not: the metro domain, all but the first."""
    entities = [entity for entity in found["entities"] if not entity.get("metro_avail")]
    return {**found, "entities": entities[:1]}


#: Reconstructed answers: what must come out, member for member.
EXACT: dict[str, Callable[[Element], Json]] = {
    "rcn_v2_remote_site_get": lambda north: north.site("ahv-dr"),
    "rcn_v2_remote_sites_list": lambda north: north("GET", "v2.0/remote_sites"),
    "rcn_v2_remote_sites_list_empty": lambda north: north("GET", "v2.0/remote_sites", names="nobody"),
    "rcn_v1_remote_site_get": lambda north: north("GET", "v1/remote_sites/ahv-dr"),
    "rcn_v1_remote_sites_list": lambda north: north("GET", "v1/remote_sites"),
    "rcn_v2_vstores_list": lambda north: north("GET", "v2.0/vstores"),
    "rcn_v1_vstores_list": lambda north: north("GET", "v1/vstores"),
    "rcn_v2_storage_container_get": lambda north: north("GET", f"v2.0/storage_containers/{_container(north)}"),
    "rcn_v2_pd_list": lambda north: _only(north("GET", "v2.0/protection_domains")),
    "rcn_v2_pd_dr_snapshots": lambda north: north("GET", f"{PD}/dr_snapshots"),
    "rcn_v2_remote_site_dr_snapshots": lambda north: north("GET", "v2.0/remote_sites/ahv-dr/dr_snapshots"),
    "rcn_v2_pd_replications": lambda north: north("GET", f"{PD}/replications"),
    "rcn_v2_pd_pending_replications": lambda north: north("GET", f"{PD}/pending_replications"),
    "rcn_v2_pd_oob_schedules": _later_out_of_band,
    "rcn_v2_task_get": _task,
    "rcn_v2_error_remote_site": lambda north: north.call("GET", "v2.0/remote_sites/nobody").json(),
}


@pytest.mark.parametrize("name", EXACT)
def test_reconstructed_answers(north: Element, name: str) -> None:
    assert shape(EXACT[name](north)) == shape(sample(name))


def test_states_that_take_a_world_of_their_own() -> None:
    """The remaining reconstructed samples: halves that do not stand, a migration under way, the Frame pair."""
    document = estate()
    document["sites"]["north"]["clusters"][0]["protection_domains"] = [{"name": "frame-pd", "vms": ["frame-utility-1"]}]
    with running(document) as simulator:
        north, south = Element(simulator, PRIMARY), Element(simulator, DR)
        both = ["BACKUP", "DISASTER_RECOVERY"]
        alone, wanted = north.pair("ahv-dr", "198.51.100.50", capabilities=both), sample("rcn_v2_remote_site_not_paired")
        assert shape(alone) == shape(wanted)
        assert alone["status"] == wanted["status"]
        simulator.down(DR)
        lost, wanted = north.site("ahv-dr"), sample("rcn_v2_remote_site_unreachable")
        assert shape(lost) == shape(wanted)
        assert (lost["status"], lost["latency_in_usecs"]) == (wanted["status"], None)
        simulator.up(DR)
        south.pair("ahv-primary", "192.0.2.50", capabilities=both)
        pair = sample("rcn_frame_pair")
        for element, key in ((north, "ahv-primary"), (south, "ahv-dr")):
            half = pair[key]["remote_sites"][0]
            whole = {**element.site(half["name"]), "vstore_name_map": half["vstore_name_map"], "network_mapping": half["network_mapping"]}
            put = element("PUT", "v2.0/remote_sites", whole)
            assert shape(put) == shape(half)
            same = ("name", "remote_ip_ports", "capabilities", "vstore_name_map", "network_mapping", "status")
            assert {key: put[key] for key in same} == {key: half[key] for key in same}
        many = sample("rcn_frame_pair_many_to_one")["ahv-primary"]["vstore_name_map"]
        assert north("PUT", "v2.0/remote_sites", {**north.site("ahv-dr"), "vstore_name_map": many})["vstore_name_map"] == many
        simulator.link(PRIMARY, DR, megabytes_per_second=1)
        assert north("POST", f"{PD}/migrate", {"value": "ahv-dr"}) == sample("rcn_v2_pd_migrate_ok")
        assert shape(north("GET", f"{PD}/pending_actions")) == shape(sample("rcn_v2_pd_pending_actions"))
        assert shape(north("GET", "v1/progress_monitors")) == shape(sample("rcn_v1_progress_monitors"))


def _domain(north: Element, version: str, name: str) -> Json:
    made = north("POST", f"{version}/protection_domains", {"value": name})
    north("DELETE", f"{version}/protection_domains/{name}")
    return made


def _protected(north: Element, version: str) -> Json:
    north("POST", f"{version}/protection_domains", {"value": "short"})
    found = north("POST", f"{version}/protection_domains/short/protect_vms", {"names": ["frame-utility-1"]})
    north("DELETE", f"{version}/protection_domains/short")
    return found


def _named(found: Json, name: str) -> Json:
    return next(entity for entity in found["entities"] if entity["name"] == name)


#: Recorded answers: what must be there.
RECORDED: dict[str, Callable[[Element], Json]] = {
    "rec_v2_cluster_get": lambda north: north("GET", "v2.0/cluster"),
    "rec_v2_cluster_5.20": lambda north: north("GET", "v2.0/clusters")["entities"][0],
    "rec_v1_cluster_get_5.5.2": lambda north: north("GET", "v1/cluster"),
    "rec_v2_pd_create": lambda north: _domain(north, "v2.0", "fresh"),
    "rec_v1_pd_create": lambda north: _domain(north, "v1", "fresh"),
    "rec_v2_pd_protect_vms": lambda north: _protected(north, "v2.0"),
    "rec_v1_pd_protect_vms": lambda north: _protected(north, "v1"),
    "rec_v2_pd_metro_standby": lambda north: north("GET", "v2.0/protection_domains/NTX02-to-NTX01"),
    "rec_v2_unprotected_vms": lambda north: north("GET", "v2.0/protection_domains/unprotected_vms"),
    "rec_v1_container_selfservice": lambda north: _named(north("GET", "v1/containers"), "SelfServiceContainer"),
    "rec_v1_container_managementshare": lambda north: _named(north("GET", "v1/containers"), "NutanixManagementShare"),
    "rec_v2_alerts_list": lambda north: north("GET", "v2.0/alerts"),
    "rec_v2_error_validation": lambda north: north.call("POST", "v2.0/protection_domains", {"value": "frame-pd"}).json(),
}
#: Recorded whole and of the age that the field list is of: nothing else may be there.
WHOLE = {"rec_v2_pd_create", "rec_v2_pd_protect_vms", "rec_v2_unprotected_vms", "rec_v2_alerts_list", "rec_v2_error_validation"}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers(north: Element, name: str) -> None:
    found, wanted = RECORDED[name](north), sample(name)
    assert covers(found, wanted) == []
    if name in WHOLE:
        assert shape(found) == shape(wanted)


def test_documented_requests_are_taken() -> None:
    document = estate()
    document["sites"]["south"]["clusters"][0]["name"] = "PE-B"
    document["sites"]["south"]["subnets"][0]["cluster"] = "PE-B"
    document["sites"]["north"]["clusters"][0]["storage_containers"].append("ctr")
    with running(document) as simulator:
        north, through = Element(simulator, PRIMARY), Element(simulator, PRIMARY, through=True)
        Element(simulator, "south/PE-B").pair("ahv-primary", "192.0.2.50")
        made = through("POST", "v1/remote_sites", sample("doc_v1_remote_site_create_request"))
        assert (made["name"], made["status"]) == ("PE-B", "RELATIONSHIP_ESTABLISHED")
        whole = through("GET", "v1/remote_sites/PE-B")
        del whole["stats"]
        both = ["BACKUP", "DISASTER_RECOVERY"]
        put = through("PUT", "v1/remote_sites", {**whole, **sample("doc_v1_remote_site_update_request_parts"), "capabilities": both})
        assert (put["vstoreNameMap"], put["bandwidthPolicyEnabled"]) == ({"SelfServiceContainer": "SelfServiceContainer"}, True)
        north("POST", "v1/protection_domains", sample("doc_v1_pd_create_request"))
        vm = next(vm["uuid"] for vm in north("GET", "v2.0/vms")["entities"] if vm["name"] == "frame-utility-1")
        entities = {**sample("doc_v1_pd_add_entities_request"), "vmIds": [vm]}
        assert [entry["vmId"] for entry in north("POST", f"{V1_PD}/add_entities", entities)["vms"]] == [vm]
        assert north("POST", f"{V1_PD}/schedules", sample("doc_v1_schedule_create_request"))["timezoneOffset"] == 7200
        assert north("POST", f"{V1_PD}/oob_schedules", sample("doc_v1_oob_schedule_request"))["scheduleId"]
        witness = north("POST", "v2.0/cluster/metro_witness", sample("doc_v2_metro_witness_request"), test_only="true")
        assert "<secret>" not in str(witness)
        assert north("GET", "v2.0/cluster/metro_witness") == []
        assert north("POST", "v2.0/protection_domains/PD1/protect_vms", sample("doc_v2_pd_protect_vms_request"))["vms"]
        refused = north.refused(500, "POST", "v2.0/protection_domains/PD1/unprotect_vms", sample("doc_v2_pd_unprotect_vms_request"))
        assert "vm1 is not in" in refused
        containers = {c["name"]: c for c in north("GET", "v2.0/storage_containers")["entities"]}
        ids = {key: containers["ctr"][key] for key in ("id", "storage_container_uuid")}
        rename = {**sample("doc_v2_container_rename_vstore_request"), **ids}
        assert north("PATCH", "v2.0/storage_containers", rename) == sample("doc_v2_primitive_true")
        assert north("POST", "v2.0/protection_domains/PD1/migrate", sample("doc_v2_pd_migrate_request"))["entities"] == []
        body = sample("doc_v2_pd_activate_request")
        assert "already active" in Element(simulator, "south/PE-B").refused(500, "POST", "v2.0/protection_domains/PD1/activate", body)


def test_no_sample_is_forgotten() -> None:
    elsewhere = {
        "rcn_v2_remote_site_not_paired", "rcn_v2_remote_site_unreachable", "rcn_frame_pair", "rcn_frame_pair_many_to_one",
        "rcn_v2_pd_migrate_ok", "rcn_v2_pd_pending_actions", "rcn_v1_progress_monitors",
    }  # fmt: skip
    every = {path.stem for path in SAMPLES.glob("*.json")}
    assert {name for name in every if not name.startswith("doc_")} == {*EXACT, *RECORDED, *elsewhere}
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in every if name.startswith("doc_") and f'"{name}"' not in source] == []
