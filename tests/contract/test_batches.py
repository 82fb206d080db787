# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Batches: create, modify with ETags, act and delete many objects in one call; the outcome of each item."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.kinds import KINDS, category
from tests.contract.sdk import Site, data_of

GROUPS = KINDS["address_group"]
COUNT = 7


def uri(site: Site, namespace: str, rest: str) -> str:
    return f"/api/{namespace}/v4.{site.minor(namespace)}/{rest}"


def submit(site: Site, action: str, target: str, items: list[dict[str, Any]], **options: Any) -> Any:
    """Submit a batch; the ended parent task is the answer's. Items are payload entries."""
    metadata = {"action": action, "name": f"contract-{action.lower()}", "uri": target, **options}
    model = site.model("prism", "operations.BatchSpec", {"metadata": metadata, "payload": items}, known=False)
    return site.api("prism", "BatchesApi").submit_batch(model)


def addresses(number: int) -> dict[str, Any]:
    return {"name": f"batch-{number}", "ipv4Addresses": [{"value": f"10.70.{number}.0", "prefixLength": 24}]}


def item(data: dict[str, Any] | None, ext_id: str | None = None, etag: str | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {"path": [{"name": "extId", "value": ext_id}]} if ext_id else {}
    if etag:
        metadata["headers"] = [{"name": "If-Match", "value": etag}]
    return {**({"data": data} if data is not None else {}), **({"metadata": metadata} if metadata else {})}


def batch_groups(site: Site) -> dict[str, str]:
    return {entry.name: entry.ext_id for entry in data_of(GROUPS.list(site, filter="startswith(name,'batch-')", limit=100))}


@pytest.fixture(autouse=True)
def no_groups_left(site: Site) -> Any:
    yield
    for ext_id in batch_groups(site).values():
        site.wait(GROUPS.delete(site, ext_id))


def create(site: Site, numbers: range, status: str = "SUCCEEDED", **options: Any) -> Any:
    items = [item({"$objectType": "microseg.v4.config.AddressGroup", **addresses(number)}) for number in numbers]
    return site.wait(submit(site, "CREATE", uri(site, "microseg", "config/address-groups"), items, **options), status)


def test_create_many(site: Site) -> None:
    task = create(site, range(COUNT), chunkSize=3)
    assert task.number_of_subtasks == COUNT
    assert sorted(batch_groups(site)) == [f"batch-{number}" for number in range(COUNT)]


def test_modify_many_and_one_stale(site: Site) -> None:
    create(site, range(COUNT))
    items = []
    for number, ext_id in enumerate(batch_groups(site).values()):
        model = GROUPS.get(site, ext_id)
        etag = site.client("microseg").get_etag(model) if number else "W/stale"
        body = {**site.plain("microseg", model), "description": "changed in a batch"}
        items.append(item(body, ext_id, etag))
    answer = submit(site, "MODIFY", uri(site, "microseg", "config/address-groups/{extId}"), items)
    task = site.wait(answer, "FAILED")
    assert task.error_messages
    changed = [GROUPS.get(site, ext_id).description for ext_id in batch_groups(site).values()]
    assert changed.count("changed in a batch") == COUNT - 1


def test_delete_many(site: Site) -> None:
    create(site, range(COUNT))
    items = [item(None, ext_id) for ext_id in batch_groups(site).values()]
    site.wait(submit(site, "DELETE", uri(site, "microseg", "config/address-groups/{extId}"), items))
    assert not batch_groups(site)


def test_act_on_a_vm(site: Site) -> None:
    vms = site.api("vmm", "VmApi")
    (vm,) = data_of(vms.list_vms(_filter="name eq 'app-1'"))
    wanted = category(site, "Zone", "DMZ")
    for action, there in (("associate-categories", True), ("disassociate-categories", False)):
        read = data_of(vms.get_vm_by_id(vm.ext_id))
        etag = site.client("vmm").get_etag(read)
        items = [item({"$objectType": "vmm.v4.ahv.config.AssociateVmCategoriesParams", "categories": [{"extId": wanted}]}, vm.ext_id, etag)]
        if not there:
            items[0]["data"]["$objectType"] = "vmm.v4.ahv.config.DisassociateVmCategoriesParams"
        target = uri(site, "vmm", f"ahv/config/vms/{{extId}}/$actions/{action}")
        site.wait(submit(site, "ACTION", target, items))
        carried = [entry.ext_id for entry in data_of(vms.get_vm_by_id(vm.ext_id)).categories or []]
        assert (wanted in carried) is there


def test_outcome_of_each_item(site: Site) -> None:
    create(site, range(2))
    task = create(site, range(COUNT), status="FAILED")
    tasks = site.api("prism", "TasksApi")
    subtasks = [data_of(tasks.get_task_by_id(reference.ext_id)) for reference in task.sub_tasks]
    assert sorted(entry.status for entry in subtasks) == ["FAILED"] * 2 + ["SUCCEEDED"] * (COUNT - 2)
    made = {entity.ext_id for entry in subtasks for entity in entry.entities_affected or []}
    assert len(made & set(batch_groups(site).values())) == COUNT - 2
    if site.minor("prism") >= 2:
        assert (task.batch_summary.number_of_jobs_successful, task.batch_summary.number_of_jobs_failed) == (COUNT - 2, 2)
        jobs = data_of(tasks.list_task_jobs(task.ext_id, _limit=100))
        assert sorted(job.status for job in jobs) == ["FAILED"] * 2 + ["SUCCEEDED"] * (COUNT - 2)
        assert all(job.error_messages for job in jobs if job.status == "FAILED")
        job = data_of(tasks.get_task_job_by_id(task.ext_id, jobs[0].ext_id))
        assert job.name == jobs[0].name


def test_stop_on_error_leaves_later_chunks_alone(site: Site) -> None:
    create(site, range(1))
    create(site, range(COUNT), status="FAILED", shouldStopOnError=True, chunkSize=1)
    assert list(batch_groups(site)) == ["batch-0"]


def test_batches_are_listed(site: Site) -> None:
    create(site, range(COUNT))
    batches = site.api("prism", "BatchesApi")
    listed = data_of(batches.list_batches(_filter="name eq 'contract-create'", _orderby="startTime desc"))
    newest = data_of(batches.get_batch_by_id(listed[0].ext_id))
    assert (newest.size, newest.success_count, newest.failed_count) == (COUNT, COUNT, 0)
    assert (newest.completion_status, newest.execution_status) == ("SUCCEEDED", "COMPLETED")
