"""A batch tells the outcome of each of its items, whatever the server tells of it."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    Conflict,
    ConnectionFailed,
    DeadlineExceeded,
    NotFound,
    RateLimited,
    Refused,
    TaskFailed,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism import batch
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.batch import BatchItem, ItemOutcome, target_of
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.request_ids import request_id
from tests.unit.net.stub import Asked, Say, Stub
from tests.unit.prism.fake import TASK, UUID, FakeCentral, affects, error, reference, state

PATH = "config/policies"
TYPE = "microseg.v4.config.NetworkSecurityPolicy"


def new(count: int) -> list[BatchItem]:
    return [BatchItem(f"n{number}", {"name": f"n{number}"}, request_id=request_id("run", str(number))) for number in range(count)]


def held(count: int) -> list[BatchItem]:
    return [item._replace(ext_id=UUID.format(number), etag=f"e{number}") for number, item in enumerate(new(count))]


def job(number: int, status: str = "SUCCEEDED", *, named: bool = True, message: str = "") -> dict[str, t.Any]:
    entities = [affects(UUID.format(number), name=f"n{number}" if named else None)] if status == "SUCCEEDED" else []
    return {"status": status, "entitiesAffected": entities or None, "errorMessages": [{"message": message, "code": "C-1"}] if message else None}


def create(client: CentralV4, items: Sequence[BatchItem]) -> Sequence[ItemOutcome]:
    return client.writes.batch("CREATE", client.uri("microseg", PATH), TYPE, items, name="policies", request_id=request_id("run"))


def modify(client: CentralV4, items: Sequence[BatchItem]) -> Sequence[ItemOutcome]:
    return client.writes.batch("MODIFY", client.uri("microseg", PATH) + "/{extId}", TYPE, items, name="policies", request_id=request_id("run"))


def posts(stub: Stub, end: str = "") -> list[Asked]:
    return [asked for asked in stub.asked if asked.method not in ("GET", "OPTIONS") and asked.path.endswith(end)]


def test_a_batch_is_one_call_with_all_items(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.jobs = [job(0), job(1), job(2)]
    assert [(outcome.key, outcome.ext_id, outcome.error) for outcome in create(client, new(3))] == [(f"n{n}", UUID.format(n), None) for n in range(3)]
    (asked,) = posts(stub)
    assert asked.path == "/api/prism/v4.3/operations/$actions/batch"
    assert asked.body == {
        "metadata": {"action": "CREATE", "name": "policies", "uri": "/api/microseg/v4.2/config/policies", "shouldStopOnError": False, "chunkSize": 3},
        "payload": [{"data": {"$objectType": TYPE, "name": f"n{number}"}} for number in range(3)],
    }


def test_updates_carry_id_and_etag(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.jobs = [job(1), job(0)]
    assert all(outcome.error is None for outcome in modify(client, held(2)))
    body = posts(stub)[0].body
    assert body["metadata"]["uri"] == "/api/microseg/v4.2/config/policies/{extId}"
    assert body["payload"][1]["metadata"] == {"headers": [{"name": "If-Match", "value": "e1"}], "path": [{"name": "extId", "value": UUID.format(1)}]}


def test_a_delete_has_no_data(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.jobs = [job(0), job(1)]
    items = [item._replace(body=None, etag=None) for item in held(2)]
    client.writes.batch("DELETE", client.uri("microseg", PATH) + "/{extId}", "", items, name="x", request_id=request_id("run"))
    assert posts(stub)[0].body["payload"][0] == {"metadata": {"path": [{"name": "extId", "value": UUID.format(0)}]}}


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2]])
def test_jobs_in_any_order_are_matched_by_name(client: CentralV4, fake: FakeCentral, order: list[int]) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.jobs = [job(number) for number in order]
    assert [outcome.ext_id for outcome in create(client, new(4))] == [UUID.format(number) for number in range(4)]


def test_a_failed_item_has_its_own_error_and_the_others_are_done(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("FAILED", errorMessages=[{"message": "1 subtask has failed."}])]
    fake.jobs = [job(0), job(1, "FAILED", message="name taken"), job(2)]
    first, second, third = create(client, new(3))
    assert (first.error, third.error, third.ext_id) == (None, None, UUID.format(2))
    assert isinstance(second.error, TaskFailed)
    assert "create on north: " in str(second.error)
    assert "name taken [C-1]" in str(second.error)
    assert not second.error.outcome_unknown


def test_a_place_says_nothing_about_the_id(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.jobs = [job(number, named=False) for number in range(3)]
    assert [(outcome.ext_id, outcome.error) for outcome in create(client, new(3))] == [(None, None)] * 3


def test_the_failed_one_is_known_by_being_the_only_one_left(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("FAILED")]
    fake.jobs = [job(2), job(1, "FAILED", message="no"), job(0)]
    outcomes = create(client, new(3))
    assert [outcome.ext_id for outcome in outcomes] == [UUID.format(0), None, UUID.format(2)]
    error = outcomes[1].error
    assert error is not None
    assert not error.outcome_unknown
    assert "no [C-1]" in str(error)


def test_a_failure_that_may_be_that_of_a_written_item_leaves_both_in_doubt(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    """One job is missing: the two items without one have failed or not."""
    fake.tasks[TASK.format(1)] = [state("FAILED")]
    fake.jobs = [job(2), job(1, "FAILED", message="no")]
    outcomes = create(client, new(3))
    assert [outcome.error is None for outcome in outcomes] == [False, False, True]
    for doubt in (outcomes[0].error, outcomes[1].error):
        assert doubt is not None
        assert doubt.outcome_unknown
        assert "not told which" in str(doubt)
        assert "no [C-1]" in str(doubt)
    assert len(posts(stub)) == 1


def test_a_stale_item_is_a_conflict(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("FAILED")]
    stale = {"status": "FAILED", "errorMessages": [{"message": "Invalid eTag header", "code": "PLAT-10005"}]}
    fake.jobs = [job(0), stale]
    assert isinstance(modify(client, held(2))[1].error, Conflict)


def test_jobs_that_tell_late_are_read_again(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    stages = [[job(0, "PENDING"), job(1)], [{"status": "SUCCEEDED"}, job(1)], [job(0), job(1)]]

    def advance(asked: Asked) -> None:
        if "/jobs" in asked.path and stages:
            fake.jobs = stages.pop(0)

    fake.before = advance
    assert [outcome.ext_id for outcome in create(client, new(2))] == [UUID.format(0), UUID.format(1)]


def test_a_canceled_batch_leaves_its_pending_items_in_doubt(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("CANCELED")]
    fake.jobs = [job(0), job(1, "PENDING")]
    first, second = create(client, new(2))
    assert first.error is None
    assert second.error is not None
    assert second.error.outcome_unknown


@pytest.mark.parametrize("broken", ["/tasks/", "/jobs"])
def test_an_outcome_that_cannot_be_read_is_unknown_for_each_item(client: CentralV4, fake: FakeCentral, broken: str) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    fake.before = lambda asked: Say(401) if broken in asked.path else None
    outcomes = create(client, new(2))
    assert all(isinstance(outcome.error, DeadlineExceeded) and outcome.error.outcome_unknown for outcome in outcomes)
    assert outcomes[0].error is not outcomes[1].error


def test_a_batch_that_never_ends_is_given_up(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("RUNNING")]
    assert all("RUNNING" in str(outcome.error) for outcome in create(client, new(2)))


def test_more_than_the_largest_batch_is_split_and_runs_side_by_side(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    counter = iter(range(1, 10))
    jobs = {}

    def submit(asked: Asked, path: str) -> Say:
        number = next(counter)
        start = (number - 1) * 500
        jobs[TASK.format(number)] = [job(start + offset) for offset in range(len(asked.body["payload"]))]
        fake.tasks[TASK.format(number)] = [state("SUCCEEDED", number)]
        return Say(202, reference(number))

    def choose(asked: Asked) -> None:
        for task, its_jobs in jobs.items():
            if task.partition(":")[2] in asked.path and "/jobs" in asked.path:
                fake.jobs = its_jobs

    fake.on_write, fake.before = submit, choose
    outcomes = create(client, new(1100))
    assert [outcome.ext_id for outcome in outcomes] == [UUID.format(number) for number in range(1100)]
    assert [len(asked.body["payload"]) for asked in posts(stub)] == [500, 500, 100]
    assert len({asked.headers["NTNX-Request-Id"] for asked in posts(stub)}) == 3
    last_post = max(index for index, asked in enumerate(stub.asked) if asked.method == "POST")
    assert not any("/tasks/" in asked.path for asked in stub.asked[:last_post])


def single(fake: FakeCentral, refuse_batch: Say | None) -> None:
    """Batches are answered with ``refuse_batch``; single writes make the object of their name."""

    def write(asked: Asked, path: str) -> Say:
        if path.endswith("batch"):
            assert refuse_batch is not None
            return refuse_batch
        if asked.body["name"] == "n1":
            return Say(400, error("C-1", "bad name"))
        number = int(asked.body["name"][1:])
        fake.tasks[TASK.format(number)] = [state("SUCCEEDED", number, entitiesAffected=[affects(UUID.format(number))])]
        return Say(202, reference(number))

    fake.on_write = write


@pytest.mark.parametrize("say", [Say(404), Say(404, b"<html></html>"), Say(501), Say(503), Say(403), Say(400)], ids=repr)
def test_where_no_batch_is_served_each_item_is_written_singly(client: CentralV4, fake: FakeCentral, stub: Stub, say: Say) -> None:
    single(fake, say)
    outcomes = create(client, new(10))
    assert [outcome.ext_id for outcome in outcomes] == [UUID.format(n) if n != 1 else None for n in range(10)]
    assert isinstance(outcomes[1].error, Refused)
    assert {asked.headers["NTNX-Request-Id"] for asked in posts(stub, "policies")} == {item.request_id for item in new(10)}


@pytest.mark.parametrize(("status", "asked_again"), [(404, False), (501, False), (503, False), (403, True), (400, True)])
def test_a_site_without_batches_is_asked_once(client: CentralV4, fake: FakeCentral, stub: Stub, status: int, asked_again: bool) -> None:
    single(fake, Say(status))
    create(client, new(3))
    before = len(posts(stub, "batch"))
    create(client, new(3))
    assert (len(posts(stub, "batch")) > before) is asked_again


def test_one_item_needs_no_batch(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    single(fake, None)
    assert create(client, new(1))[0].ext_id == UUID.format(0)
    assert not posts(stub, "batch")


def test_a_batch_that_the_rate_limit_keeps_out_is_not_tried_singly(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    single(fake, Say(429))
    assert all(isinstance(outcome.error, RateLimited) for outcome in create(client, new(3)))
    assert not posts(stub, "policies")


def test_parts_are_not_read_where_they_could_call_nothing_by_its_name(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    categories = [BatchItem(f"AppType/v{number}", {"key": "AppType", "value": f"v{number}"}, request_id=request_id("run", str(number))) for number in range(3)]
    outcomes = client.writes.batch("CREATE", client.uri("prism", "config/categories"), "", categories, name="categories", request_id=request_id("run"))
    assert [(outcome.key, outcome.ext_id, outcome.error) for outcome in outcomes] == [(f"AppType/v{number}", None, None) for number in range(3)]
    assert not [asked for asked in stub.asked if asked.path.endswith("/jobs")]


def test_a_batch_that_found_no_listener_fails_each_item_with_an_error_of_its_own(client: CentralV4, fake: FakeCentral, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = client.uri("microseg", PATH)

    def refused(*args: object, **options: object) -> object:
        raise ConnectionFailed("nobody listens", reason="refused")

    monkeypatch.setattr(batch, "write", refused)
    outcomes = client.writes.batch("CREATE", uri, TYPE, new(3), name="policies", request_id=request_id("run"))
    assert [outcome.error.reason for outcome in outcomes if isinstance(outcome.error, ConnectionFailed)] == ["refused"] * 3
    assert len({id(outcome.error) for outcome in outcomes}) == 3


def test_a_batch_that_may_have_been_accepted_is_not_tried_singly(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    answers = [Say(do="reset"), Say(400, error("C-1", "no"))]
    fake.on_write = lambda asked, path: answers.pop(0)
    assert all(outcome.error is not None and outcome.error.outcome_unknown for outcome in create(client, new(3)))
    assert len(posts(stub)) == 2


def test_a_batch_that_is_too_large_is_halved_until_it_is_not(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    counter = iter(range(1, 100))
    sent: list[list[str]] = []

    def submit(asked: Asked, path: str) -> Say:
        if len(asked.body["payload"]) > 30:
            return Say(413, b"Maximum request body size exceeded")
        number = next(counter)
        sent.append([entry["data"]["name"] for entry in asked.body["payload"]])
        fake.tasks[TASK.format(number)] = [state("SUCCEEDED", number)]
        return Say(202, reference(number))

    def choose(asked: Asked) -> None:
        for number, its_names in enumerate(sent, 1):
            if TASK.format(number).partition(":")[2] in asked.path:
                fake.jobs = [job(int(name[1:])) for name in its_names]

    fake.on_write, fake.before = submit, choose
    assert [outcome.ext_id for outcome in create(client, new(100))] == [UUID.format(number) for number in range(100)]
    assert [len(its_names) for its_names in sent] == [25, 25, 25, 25]
    refused = len(posts(stub)) - len(sent)
    create(client, new(100))
    assert len(posts(stub)) == refused + 8
    assert len({asked.headers["NTNX-Request-Id"] for asked in posts(stub)}) == 6


def test_an_empty_batch_is_no_call(client: CentralV4, stub: Stub) -> None:
    assert create(client, []) == []
    assert not posts(stub)


@pytest.mark.parametrize(
    ("action", "run", "error"),
    [("MODIFY", "PUT", None), ("DELETE", "DELETE", None), ("ACTION", "POST", None), ("MODIFY", "PUT", 412), ("DELETE", "DELETE", 404)],
)
def test_each_action_has_its_single_form(
    client_of: Callable[..., CentralV4], fake: FakeCentral, stub: Stub, action: t.Any, run: str, error: int | None
) -> None:
    client = client_of(known={"prism": (4, 1), "vmm": (4, 2)})
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]

    def write(asked: Asked, path: str) -> Say:
        return Say(501) if path.endswith("batch") else Say(error) if error else Say(202, reference(1))

    fake.on_write = write
    template = client.uri("vmm", "ahv/config/vms") + "/{extId}" + ("/$actions/associate-categories" if action == "ACTION" else "")
    outcomes = client.writes.batch(action, template, "", held(2), name="x", request_id=request_id("run"))
    expected = {412: Conflict, 404: NotFound, None: type(None)}[error]
    assert all(outcome.error.__class__ is expected and outcome.ext_id == UUID.format(n) for n, outcome in enumerate(outcomes))
    assert sorted((asked.method, asked.path, asked.headers.get("If-Match")) for asked in posts(stub) if "batch" not in asked.path) == [
        (run, template.replace("{extId}", UUID.format(n)), f"e{n}") for n in range(2)
    ]


@pytest.mark.parametrize(
    ("template", "target"),
    [
        ("/api/microseg/v4.2/config/policies", ("microseg", "config/policies", "")),
        ("/api/microseg/v4.2/config/policies/{extId}", ("microseg", "config/policies", "")),
        ("/api/vmm/v4.2/ahv/config/vms/{extId}/$actions/associate-categories", ("vmm", "ahv/config/vms", "associate-categories")),
    ],
)
def test_a_template_tells_its_target(template: str, target: tuple[str, str, str]) -> None:
    assert target_of(template) == target


def test_what_is_no_template_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="not a batch URI"):
        target_of("/config/policies")
