"""Where batches have no jobs, subtasks tell the outcome of each item: in no order, and less of it."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Conflict, TaskFailed
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.batch import BatchItem, ItemOutcome
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.request_ids import request_id
from tests.unit.net.stub import Asked, Say, Stub
from tests.unit.prism.fake import TASK, UUID, FakeCentral, affects, error, named, reference, state
from tests.unit.prism.test_batch import TYPE, new, posts

PATH = "config/policies"
SUBTASKS = "config/tasks"
SINGLE = 900


@pytest.fixture
def old(client_of: Callable[..., CentralV4], fake: FakeCentral) -> CentralV4:
    fake.versions["prism"] = "v4.1"
    return client_of()


def subtask(number: int, status: str = "SUCCEEDED", *, name: bool = True, message: str = "", code: str = "C-1") -> dict[str, t.Any]:
    made = [affects(UUID.format(number), name=f"n{number}" if name else None)] if status == "SUCCEEDED" else None
    return {"extId": TASK.format(100 + number), "status": status, "entitiesAffected": made, "errorMessages": [{"message": message, "code": code}]}


def ended(fake: FakeCentral, status: str, *subtasks: dict[str, t.Any]) -> None:
    fake.tasks[TASK.format(1)] = [state(status)]
    fake.lists[SUBTASKS] = list(subtasks)


def create(client: CentralV4, items: Sequence[BatchItem]) -> Sequence[ItemOutcome]:
    return client.writes.batch("CREATE", client.uri("microseg", PATH), TYPE, items, name="policies", request_id=request_id("run"))


def single_writes(fake: FakeCentral, refuse: str) -> None:
    """The batch is accepted; written singly, the item called ``refuse`` gets a 400 and others their object."""

    def write(asked: Asked, path: str) -> Say:
        if path.endswith("batch"):
            return Say(202, reference(1))
        if asked.body["name"] == refuse:
            return Say(400, error("C-1", "a bad one"))
        fake.tasks[TASK.format(SINGLE)] = [state("SUCCEEDED", SINGLE, entitiesAffected=[affects(UUID.format(SINGLE))])]
        return Say(202, reference(SINGLE))

    fake.on_write = write


def test_subtasks_are_listed_by_their_parent_and_matched_by_name(old: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    ended(fake, "SUCCEEDED", *(subtask(number) for number in (149, *range(149))))
    assert [outcome.ext_id for outcome in create(old, new(150))] == [UUID.format(number) for number in range(150)]
    assert len(posts(stub)) == 1
    lists = [asked.path for asked in stub.asked if asked.path.startswith("/api/prism/v4.1/config/tasks?")]
    assert len(lists) == 2
    assert all("parentTask" in path and UUID.format(1) in path for path in lists)


def test_the_only_failure_is_that_of_the_only_item_left(old: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    ended(fake, "FAILED", subtask(2), subtask(0, "FAILED", message="name taken"), subtask(1))
    first, *others = create(old, new(3))
    assert [outcome.ext_id for outcome in others] == [UUID.format(1), UUID.format(2)]
    assert isinstance(first.error, TaskFailed)
    assert "name taken [C-1]" in str(first.error)
    assert not first.error.outcome_unknown
    assert len(posts(stub)) == 1


def test_failures_for_one_reason_need_no_order(old: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    failures = [subtask(number, "FAILED", message="Invalid eTag header", code="PLAT-10005") for number in range(2)]
    ended(fake, "FAILED", subtask(2), *failures)
    outcomes = create(old, new(3))
    assert [type(outcome.error) for outcome in outcomes] == [Conflict, Conflict, type(None)]
    assert outcomes[0].error is not outcomes[1].error
    assert len(posts(stub)) == 1


def test_what_failed_for_reasons_that_cannot_be_told_apart_is_written_singly(old: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    ended(fake, "FAILED", subtask(1, "FAILED", message="one"), subtask(3), subtask(0, "FAILED", message="other"), subtask(2))
    single_writes(fake, refuse="n1")
    outcomes = create(old, new(4))
    assert [outcome.ext_id for outcome in outcomes] == [UUID.format(SINGLE), None, UUID.format(2), UUID.format(3)]
    assert "a bad one" in str(outcomes[1].error)
    assert {asked.headers["NTNX-Request-Id"] for asked in posts(stub, "policies")} == {item.request_id for item in new(2)}


def test_subtasks_that_name_ids_alone_are_settled_by_a_list(old: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    ended(fake, "FAILED", subtask(2, name=False), subtask(1, "FAILED", message="no"), subtask(0, name=False))
    fake.lists[PATH] = [item for item in named(3) if item["name"] != "n1"]
    outcomes = create(old, new(3))
    assert [outcome.ext_id for outcome in outcomes] == [UUID.format(0), None, UUID.format(2)]
    assert "no [C-1]" in str(outcomes[1].error)
    assert len(posts(stub)) == 1


def test_all_made_without_names_leaves_the_ids_to_the_caller(old: CentralV4, fake: FakeCentral) -> None:
    ended(fake, "SUCCEEDED", *(subtask(number, name=False) for number in range(3)))
    assert [(outcome.ext_id, outcome.error) for outcome in create(old, new(3))] == [(None, None)] * 3


def test_categories_are_told_by_key_and_value(old: CentralV4, fake: FakeCentral) -> None:
    made = [{**subtask(number), "entitiesAffected": [affects(UUID.format(number), "prism:config:category")]} for number in range(2)]
    ended(fake, "FAILED", *made, subtask(2, "FAILED", message="no"))
    fake.lists["config/categories"] = [{"extId": UUID.format(number), "key": "Tier", "value": f"v{number}"} for number in range(2)]
    items = [BatchItem(f"Tier/v{number}", {"key": "Tier", "value": f"v{number}"}) for number in (2, 1, 0)]
    outcomes = old.writes.batch("CREATE", old.uri("prism", "config/categories"), "", items, name="x", request_id=request_id("run"))
    assert [outcome.ext_id for outcome in outcomes] == [None, UUID.format(1), UUID.format(0)]


@pytest.mark.parametrize("status", ["FAILED", "CANCELED"])
def test_what_is_canceled_is_not_written_again(old: CentralV4, fake: FakeCentral, stub: Stub, status: str) -> None:
    ended(fake, "CANCELED", subtask(0), subtask(1, "CANCELED"), subtask(2, status, message="no"))
    first, *others = create(old, new(3))
    assert first.ext_id == UUID.format(0)
    assert all(outcome.error is not None and outcome.error.outcome_unknown for outcome in others)
    assert len(posts(stub)) == 1


def test_a_subtask_that_tells_late_is_read_again(old: CentralV4, fake: FakeCentral) -> None:
    ended(fake, "SUCCEEDED")
    stages = [[subtask(0, "RUNNING"), subtask(1)], [{**subtask(0), "entitiesAffected": None}, subtask(1)], [subtask(0), subtask(1)]]

    def advance(asked: Asked) -> None:
        if "config/tasks?" in asked.path and stages:
            fake.lists[SUBTASKS] = stages.pop(0)

    fake.before = advance
    assert [outcome.ext_id for outcome in create(old, new(2))] == [UUID.format(0), UUID.format(1)]
    assert not stages
