"""A task ends, or the wait for it does; nothing else is waited for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Conflict, DeadlineExceeded, NotFound, ServerError, TaskFailed
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.tasks import pause_after
from tests.unit.net.stub import Asked, Say, Stub
from tests.unit.prism.fake import TASK, FakeCentral, Time, error, state

ID = TASK.format(1)


def looks(stub: Stub) -> int:
    return sum("/tasks/" in asked.path for asked in stub.asked)


def test_a_finished_task_needs_one_look_and_no_wait(client: CentralV4, fake: FakeCentral, stub: Stub, time: Time) -> None:
    fake.tasks[ID] = [state("SUCCEEDED")]
    assert client.writes.wait(ID)["status"] == "SUCCEEDED"
    assert (looks(stub), time.now) == (1, 1000.0)
    assert stub.asked[-1].path == "/api/prism/v4.3/config/tasks/ZXJnb24%3D%3A00000001-0000-4000-8000-000000000000"


def test_waits_grow_while_the_task_runs(client: CentralV4, fake: FakeCentral, stub: Stub, time: Time) -> None:
    fake.tasks[ID] = [state("QUEUED"), *[state("RUNNING")] * 60, state("SUCCEEDED")]
    client.writes.wait(ID)
    assert looks(stub) == 62
    assert 50 < time.now - 1000 < 90


@pytest.mark.parametrize(
    ("taken", "percentage", "pause"),
    [
        (0.0, 0, 0.1),  # never less
        (10.0, None, 1.2),  # a share of what it took
        (10.0, 0, 1.2),
        (10.0, 50, 1.2),  # far from its end by its own words
        (10.0, 95, 10 * 5 / 95),  # close to it
        (10.0, 99, 0.3),  # and no more often than this, however long it stays there
        (1000.0, 99, 2.0),  # never more
        (10.0, "95", 1.2),  # what is no number says nothing
    ],
)
def test_a_task_is_looked_at_when_its_progress_says_that_it_should_be_over(taken: float, percentage: object, pause: float) -> None:
    assert pause_after(taken, percentage) == pytest.approx(pause)


@pytest.mark.parametrize("status", ["FAILED", "CANCELED"])
def test_a_bad_end_tells_the_reasons_of_the_server(client: CentralV4, fake: FakeCentral, status: str) -> None:
    reasons = [{"message": "The name is taken.", "code": "MIC-1", "errorGroup": "DUPLICATE"}, {"message": "Second reason."}]
    fake.tasks[ID] = [state("RUNNING"), state(status, errorMessages=reasons, legacyErrorMessage="old words")]
    with pytest.raises(TaskFailed, match=rf"task {ID} ended {status}: The name is taken. \[MIC-1\]; Second reason") as caught:
        client.writes.wait(ID)
    assert caught.value.codes == ("MIC-1", "DUPLICATE")
    assert "old words" not in str(caught.value)


def test_the_legacy_message_serves_where_there_is_no_other(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[ID] = [state("FAILED", legacyErrorMessage="old words")]
    with pytest.raises(TaskFailed, match="old words"):
        client.writes.wait(ID)


def test_a_task_may_fail_without_a_reason(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[ID] = [state("FAILED", errorMessages=None)]
    with pytest.raises(TaskFailed, match="gave no reason"):
        client.writes.wait(ID)


def test_a_stale_etag_found_by_the_task_is_a_conflict(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[ID] = [state("FAILED", errorMessages=[{"message": "mismatch", "code": "VMM-30303", "errorGroup": "VM_ETAG_MISMATCH"}])]
    with pytest.raises(Conflict):
        client.writes.wait(ID)


@pytest.mark.parametrize("status", ["QUEUED", "RUNNING", "SUSPENDED", "CANCELING"])
def test_a_task_that_never_ends_is_given_up_with_its_last_state(client_of: Callable[..., CentralV4], fake: FakeCentral, time: Time, status: str) -> None:
    fake.tasks[ID] = [state(status)]
    with pytest.raises(DeadlineExceeded, match=f"last state: {status} 0 %") as caught:
        client_of(task_timeout=60.0).writes.wait(ID)
    assert caught.value.outcome_unknown
    assert time.now <= 1060.0


def test_a_wait_may_have_a_deadline_of_its_own(client: CentralV4, fake: FakeCentral, time: Time) -> None:
    fake.tasks[ID] = [state("RUNNING")]
    with pytest.raises(DeadlineExceeded):
        client.writes.wait(ID, deadline=time.now + 5)
    assert time.now <= 1005.0


def test_progress_is_told_when_it_changes(client: CentralV4, fake: FakeCentral) -> None:
    half = {**state("RUNNING"), "progressPercentage": 50}
    fake.tasks[ID] = [state("QUEUED"), state("QUEUED"), half, half, state("SUCCEEDED")]
    told: list[tuple[str, int]] = []
    client.writes.wait(ID, progress=lambda task: told.append((task["status"], task["progressPercentage"])))
    assert told == [("QUEUED", 0), ("RUNNING", 50), ("SUCCEEDED", 100)]


def test_a_task_may_be_unreadable_for_a_moment(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[ID] = [state("SUCCEEDED")]
    misses = [Say(404, error("x", "not yet")), Say(404, error("x", "not yet"))]
    fake.before = lambda asked: misses.pop() if "/tasks/" in asked.path and misses else None
    assert client.writes.wait(ID)["status"] == "SUCCEEDED"


def test_a_task_that_stays_unknown_is_not_found(client: CentralV4, fake: FakeCentral, time: Time) -> None:
    def unknown(asked: Asked) -> Say | None:
        return Say(404, error("x", "no such task")) if "/tasks/" in asked.path else None

    fake.before = unknown
    with pytest.raises(NotFound, match="no such task"):
        client.writes.wait(ID)
    assert time.now < 1010


def test_a_task_without_data_is_an_error_of_the_server(client: CentralV4, fake: FakeCentral) -> None:
    fake.before = lambda asked: Say(200, {"metadata": {}}) if "/tasks/" in asked.path else None
    with pytest.raises(ServerError, match="came without data"):
        client.writes.wait(ID)
