# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches (contract/v4 section 8): many writes in one call, a subtask each, per-item results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ESTATE, Client, category, inbound, intra, policy

from prismsim.testing import Running, running

AG = "/api/microseg/v4.2/config/address-groups"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(ESTATE) as started:
        yield started


def batch(client: Client, action: str, uri: str, payload: list[dict[str, Any]], **meta: Any) -> Any:
    metadata = {"action": action, "name": "many", "uri": uri, "chunkSize": 10, **meta}
    return client("POST", "prism/v4.3/operations/$actions/batch", json={"metadata": metadata, "payload": payload})


def group(name: str) -> dict[str, Any]:
    return {"data": {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}}


def at(ext_id: str, data: Any = None, etag: str | None = None) -> dict[str, Any]:
    headers = [{"name": "If-Match", "value": etag}] if etag else []
    item: dict[str, Any] = {"metadata": {"path": [{"name": "extId", "value": ext_id}], "headers": headers}}
    return {**item, "data": data} if data is not None else item


def jobs(client: Client, task: Any) -> list[Any]:
    found: list[Any] = client("GET", f"prism/v4.2/config/tasks/{task['extId']}/jobs", params={"$limit": 100}).json()["data"]
    return found


def newest_record(client: Client) -> tuple[str, str, int, int]:
    record = client("GET", "prism/v4.3/operations/batches", params={"$limit": 100}).json()["data"][-1]
    return record["executionStatus"], record["completionStatus"], record["successCount"], record["failedCount"]


def test_create_modify_delete_many(north: Client) -> None:
    task = north.task(batch(north, "CREATE", AG, [group(f"many-{n}") for n in range(60)]))
    assert task["status"] == "SUCCEEDED"
    assert task["operation"] == "BATCH-CREATE"
    assert task["numberOfSubtasks"] == 60
    summary = north("GET", f"prism/v4.2/config/tasks/{task['extId']}").json()["data"]["batchSummary"]
    assert summary["numberOfJobsSuccessful"] == 60
    assert summary["numberOfJobsFailed"] == 0
    made = [job["entitiesAffected"][0]["extId"] for job in jobs(north, task)]
    assert len(set(made)) == 60
    changes = []
    for ext_id in made[:3]:
        read = north("GET", f"microseg/v4.2/config/address-groups/{ext_id}")
        changes.append(at(ext_id, {**read.json()["data"], "description": "changed"}, read.headers["ETag"]))
    assert north.task(batch(north, "MODIFY", AG + "/{extId}", changes))["status"] == "SUCCEEDED"
    assert north("GET", f"microseg/v4.2/config/address-groups/{made[0]}").json()["data"]["description"] == "changed"
    assert north.task(batch(north, "DELETE", AG + "/{extId}", [at(ext_id) for ext_id in made]))["status"] == "SUCCEEDED"
    assert north("GET", f"microseg/v4.2/config/address-groups/{made[0]}").status_code == 404


def test_each_failure_is_told_by_its_job_and_the_others_finish(north: Client) -> None:
    payload = [group("good-1"), group("bad,name"), group("good-1"), group("good-2")]
    answer = batch(north, "CREATE", AG, payload)
    task = north.task(answer)
    assert task["status"] == "FAILED"
    assert task["errorMessages"][0]["code"] == "TSKS-20801"
    assert "2 subtask" in task["errorMessages"][0]["message"]
    assert [job["status"] for job in jobs(north, task)] == ["SUCCEEDED", "FAILED", "FAILED", "SUCCEEDED"]
    records = north("GET", "prism/v4.3/operations/batches", params={"$filter": "name eq 'many'"}).json()["data"]
    assert records[-1]["completionStatus"] == "PARTIALLY_SUCCEEDED"
    assert records[-1]["failedCount"] == 2
    children = north("GET", "prism/v4.3/config/tasks", params={"$filter": f"parentTask eq '{task['extId']}'"}).json()
    assert children["metadata"]["totalAvailableResults"] == 4


def test_stop_on_error_leaves_later_chunks_undone(north: Client) -> None:
    payload = [group("stop-1"), group("bad,name"), group("stop-2"), group("stop-3")]
    task = north.task(batch(north, "CREATE", AG, payload, chunkSize=2, shouldStopOnError=True))
    assert [job["status"] for job in jobs(north, task)] == ["SUCCEEDED", "FAILED", "FAILED", "FAILED"]
    assert "data" not in north("GET", "microseg/v4.2/config/address-groups", params={"$filter": "name eq 'stop-2'"}).json()


def test_actions_on_vms(north: Client) -> None:
    vm = north.find("vmm/v4.2/ahv/config/vms", name="db-1")["extId"]
    etag = north("GET", f"vmm/v4.2/ahv/config/vms/{vm}").headers["ETag"]
    data = {"categories": [{"extId": category(north)}]}
    uri = "/api/vmm/v4.2/ahv/config/vms/{extId}/$actions/associate-categories"
    assert north.task(batch(north, "ACTION", uri, [at(vm, data)]))["status"] == "FAILED"
    assert north.task(batch(north, "ACTION", uri, [at(vm, data, etag)]))["status"] == "SUCCEEDED"


@pytest.mark.parametrize(("do", "status"), [("task_failed", "FAILED"), ("task_canceled", "FAILED"), ("status", "FAILED")])
def test_a_fault_can_hit_one_item(north: Client, do: str, status: str) -> None:
    north.simulator.fault(do=do, match={"method": "POST", "path": "address-groups", "nth": 2})
    task = north.task(batch(north, "CREATE", AG, [group(f"{do}-{n}") for n in range(3)]))
    assert [job["status"] for job in jobs(north, task)] == ["SUCCEEDED", status, "SUCCEEDED"]


def test_an_item_that_never_ends_keeps_the_batch_running(north: Client) -> None:
    north.simulator.fault(do="task_never_ends", match={"method": "POST", "path": "address-groups", "nth": 1})
    answer = batch(north, "CREATE", AG, [group("endless-0"), group("endless-1")])
    task = north.task(answer)
    assert task["status"] == "RUNNING"
    assert [job["status"] for job in jobs(north, task)] == ["PENDING", "SUCCEEDED"]
    assert north("POST", f"prism/v4.3/config/tasks/{task['extId']}/$actions/cancel").status_code == 200
    assert north.task(answer)["status"] == "CANCELED"
    assert newest_record(north) == ("COMPLETED", "CANCELLED", 1, 1)


@pytest.mark.parametrize(("do", "ended"), [("task_failed", ("COMPLETED", "FAILED", 0, 2)), ("task_canceled", ("COMPLETED", "CANCELLED", 0, 2))])
def test_a_batch_that_ends_as_a_whole_is_over_in_its_record_too(north: Client, do: str, ended: tuple[str, str, int, int]) -> None:
    north.simulator.fault(do=do, match={"method": "POST", "path": "batch", "times": 1})
    task = north.task(batch(north, "CREATE", AG, [group(f"whole-{n}") for n in range(2)]))
    assert task["status"] == {"task_failed": "FAILED", "task_canceled": "CANCELED"}[do]
    assert newest_record(north) == ended
    assert "data" not in north("GET", "microseg/v4.2/config/address-groups", params={"$filter": "startswith(name,'whole-')"}).json()


def test_bounds_of_a_batch(north: Client) -> None:
    assert batch(north, "CREATE", AG, []).status_code == 400
    assert batch(north, "CREATE", AG, [group("x")] * 501).status_code == 400
    assert batch(north, "REPLACE", AG, [group("x")]).status_code == 400
    assert batch(north, "CREATE", "/elsewhere", [group("x")]).status_code == 400
    assert north.task(batch(north, "CREATE", AG, [group(f"b{n}") for n in range(500)]))["status"] == "SUCCEEDED"


def test_a_batch_may_be_large(north: Client) -> None:
    rules = [inbound(category(north), srcSubnet={"value": f"10.0.{n}.0", "prefixLength": 24}) for n in range(10)]
    payload = [{"data": policy(f"large-{n}", *rules)} for n in range(500)]
    assert len(json.dumps(payload)) > 1024 * 1024
    answer = batch(north, "CREATE", "/api/microseg/v4.2/config/policies", payload, chunkSize=500)
    assert north.task(answer)["status"] == "SUCCEEDED"


def test_items_may_build_on_each_other(north: Client) -> None:
    web = category(north)
    body = {"data": policy("built", intra(web))}
    assert north.task(batch(north, "CREATE", "/api/microseg/v4.2/config/policies", [body]))["status"] == "SUCCEEDED"
