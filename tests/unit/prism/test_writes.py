"""A write is done, or its error says whether it may have been."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import (
    Conflict,
    ConnectionFailed,
    DeadlineExceeded,
    DrError,
    Forbidden,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    TaskFailed,
    Unauthorized,
)
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.request_ids import request_id
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.writes import Created
from tests.unit.net.stub import Asked, Say, Stub
from tests.unit.prism.fake import TASK, UUID, FakeCentral, Time, affects, error, reference, state

PATH = "config/policies"
ID = UUID.format(5)
RID = request_id("run", "step", "object")


def writes(stub: Stub) -> list[Asked]:
    return [asked for asked in stub.asked if asked.method not in ("GET", "OPTIONS")]


def create(client: CentralV4) -> Created:
    return client.writes.create("microseg", PATH, {"name": "shop"}, request_id=RID)


def update(client: CentralV4) -> None:
    client.writes.update("microseg", PATH, ID, {"name": "shop"}, etag="e1", request_id=RID)


def delete(client: CentralV4) -> None:
    client.writes.delete("microseg", PATH, ID, request_id=RID)


def faults(fake: FakeCentral, *says: Say) -> None:
    """These answers to the first writes, before the tables speak."""
    waiting = list(says)
    fake.before = lambda asked: waiting.pop(0) if waiting and asked.method not in ("GET", "OPTIONS") else None


def test_a_created_object_is_named_by_its_task(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("RUNNING"), state("SUCCEEDED", entitiesAffected=[affects("other", "prism:config:category"), affects(ID)])]
    assert create(client) == Created(ID, TASK.format(1))
    assert (writes(stub)[0].path, writes(stub)[0].body) == ("/api/microseg/v4.2/config/policies", {"name": "shop"})
    assert writes(stub)[0].headers["NTNX-Request-Id"] == RID


def test_the_affected_object_may_come_late_and_in_other_case(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED"), state("SUCCEEDED"), state("SUCCEEDED", entitiesAffected=[affects(ID, "Microseg:config:Policy")])]
    assert create(client).ext_id == ID


def test_a_task_that_never_names_the_object_leaves_it_to_be_looked_up(client: CentralV4, fake: FakeCentral, time: Time) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    assert create(client) == Created(None, TASK.format(1))
    assert time.now < 1020


def test_a_protection_policy_is_named_by_the_completion_details(client: CentralV4, fake: FakeCentral) -> None:
    fake.versions["datapolicies"] = "v4.2"
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED", completionDetails=[{"name": "protectionPolicyExtId", "value": ID}])]
    assert client.writes.create("datapolicies", "config/protection-policies", {}, request_id=RID).ext_id == ID


def test_a_synchronous_create_needs_no_task(client: CentralV4, fake: FakeCentral) -> None:
    fake.on_write = lambda asked, path: Say(201, {"data": {"extId": ID, "key": "a", "value": "b"}})
    assert client.writes.create("prism", "config/categories", {"key": "a", "value": "b"}, request_id=RID) == Created(ID, None)


def test_an_update_names_what_it_replaces(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    update(client)
    asked = writes(stub)[0]
    assert (asked.method, asked.path, asked.headers["If-Match"]) == ("PUT", f"/api/microseg/v4.2/config/policies/{ID}", "e1")


def test_a_synchronous_delete_needs_no_task(client: CentralV4, fake: FakeCentral) -> None:
    fake.on_write = lambda asked, path: Say(204)
    client.writes.delete("prism", "config/categories", ID, request_id=RID)


def test_an_action_has_a_body_only_if_it_is_given_one(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED")]
    client.writes.act("vmm", f"ahv/config/vms/{ID}", "power-on", etag="e1", request_id=RID)
    task = client.writes.act("vmm", f"ahv/config/vms/{ID}", "associate-categories", {"categories": []}, etag="e1", request_id=RID)
    assert task is not None
    assert task["status"] == "SUCCEEDED"
    assert [(asked.path.rpartition("/")[2], asked.body) for asked in writes(stub)] == [("power-on", None), ("associate-categories", {"categories": []})]


def test_an_object_comes_with_its_etag(client: CentralV4, fake: FakeCentral) -> None:
    fake.lists[PATH] = [{"extId": ID, "name": "shop"}]
    fake.etags[ID] = "e7"
    assert client.get("microseg", PATH, ID) == ({"extId": ID, "name": "shop"}, "e7")


@pytest.mark.parametrize("body", [{"extId": ID}, {"extId": ID, "$reserved": {"ETag": "e8"}}])
def test_the_etag_may_be_elsewhere(client: CentralV4, fake: FakeCentral, body: dict[str, object]) -> None:
    headers = {} if "$reserved" in body else {"X-Ntnx-Etag": "e8"}
    fake.before = lambda asked: Say(200, {"data": body}, headers) if asked.method == "GET" else None
    assert client.get("microseg", PATH, ID).etag == "e8"


def test_many_objects_are_read_at_once_and_each_has_its_own_answer(client: CentralV4, fake: FakeCentral) -> None:
    ids = [UUID.format(number) for number in range(20)]
    fake.lists[PATH] = [{"extId": ext_id} for ext_id in ids[1:]]
    found = client.get_many("microseg", PATH, ids)
    assert list(found) == ids
    assert isinstance(found[ids[0]], NotFound)
    assert all(not isinstance(found[ext_id], DrError) for ext_id in ids[1:])


def test_a_lost_answer_is_asked_for_with_the_same_request_id(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED", entitiesAffected=[affects(ID)])]
    faults(fake, Say(do="reset"), Say(503), Say(202, reference(1), do="truncate"))
    assert create(client).ext_id == ID
    assert [asked.headers["NTNX-Request-Id"] for asked in writes(stub)] == [RID] * 4


def test_a_write_whose_answer_never_comes_may_have_been_made(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    faults(fake, *[Say(do="reset")] * 20)
    with pytest.raises(ConnectionFailed, match=r"create on north: .*not known whether the change was made") as caught:
        create(client)
    assert caught.value.outcome_unknown
    assert len(writes(stub)) == 8


def test_a_delete_that_was_repeated_and_finds_nothing_is_done(client: CentralV4, fake: FakeCentral) -> None:
    faults(fake, Say(do="reset"), Say(404, error("x", "gone")))
    delete(client)


def test_a_delete_that_is_answered_by_a_gateway_is_not_done(client: CentralV4, fake: FakeCentral) -> None:
    faults(fake, Say(404, b"<html>no such page</html>"))
    with pytest.raises(ServerError, match="no answer of the API"):
        delete(client)


def test_a_write_that_could_not_even_ask_for_the_version_was_not_made(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.before = lambda asked: Say(do="reset")
    with pytest.raises(ConnectionFailed) as caught:
        create(client)
    assert not caught.value.outcome_unknown
    assert not writes(stub)


def test_a_delete_that_finds_nothing_at_once_says_so(client: CentralV4, fake: FakeCentral) -> None:
    faults(fake, Say(404, error("x", "gone")))
    with pytest.raises(NotFound, match="delete on north: .*gone"):
        delete(client)


@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [
        (400, Refused, False),
        (401, Unauthorized, False),
        (403, Forbidden, False),
        (404, NotFound, False),
        (409, Refused, False),
        (412, Conflict, False),
        (428, Refused, False),
        (429, RateLimited, False),
        (500, ServerError, True),
        (501, ServerError, False),
        (503, ServerError, True),
    ],
)
def test_only_errors_of_the_server_leave_a_write_in_doubt(client: CentralV4, fake: FakeCentral, status: int, kind: type[DrError], unknown: bool) -> None:
    faults(fake, *[Say(status, error("CODE-1", "the server's words"))] * 20)
    with pytest.raises(kind, match="update on north: PUT .*the server's words") as caught:
        update(client)
    assert caught.value.outcome_unknown is unknown
    assert "s3cret" not in str(caught.value)


def test_a_conflict_after_a_lost_try_may_be_our_own_write(client: CentralV4, fake: FakeCentral) -> None:
    faults(fake, Say(do="reset"), Say(412, error("PLAT-10005", "Invalid eTag header")))
    with pytest.raises(Conflict) as caught:
        update(client)
    assert caught.value.outcome_unknown


def test_a_429_storm_ends(client: CentralV4, fake: FakeCentral, stub: Stub, time: Time) -> None:
    fake.before = lambda asked: Say(429, None, {"Retry-After": "1"}) if asked.method == "POST" else None
    with pytest.raises(RateLimited):
        create(client)
    assert time.now <= 1000 + 120
    assert len(writes(stub)) == 8


def test_a_task_that_failed_was_not_done(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("FAILED", errorMessages=[{"message": "name taken"}])]
    with pytest.raises(TaskFailed, match="create on north: .*name taken") as caught:
        create(client)
    assert not caught.value.outcome_unknown


def test_a_task_that_cannot_be_read_leaves_the_write_in_doubt(client: CentralV4, fake: FakeCentral) -> None:
    fake.before = lambda asked: Say(401) if "/tasks/" in asked.path else None
    with pytest.raises(Unauthorized) as caught:
        create(client)
    assert caught.value.outcome_unknown


def test_a_task_that_never_ends_leaves_the_write_in_doubt(client: CentralV4, fake: FakeCentral) -> None:
    fake.tasks[TASK.format(1)] = [state("RUNNING")]
    with pytest.raises(DeadlineExceeded) as caught:
        update(client)
    assert caught.value.outcome_unknown


def test_a_write_accepted_without_a_task_is_in_doubt(client: CentralV4, fake: FakeCentral) -> None:
    fake.on_write = lambda asked, path: Say(202)
    with pytest.raises(ServerError, match="without naming a task") as caught:
        create(client)
    assert caught.value.outcome_unknown


def test_the_session_may_expire_midway(client: CentralV4, fake: FakeCentral, stub: Stub) -> None:
    fake.tasks[TASK.format(1)] = [state("SUCCEEDED", entitiesAffected=[affects(ID)])]
    expired = [True]

    def cookies(asked: Asked) -> Say | None:
        if asked.method == "OPTIONS":
            return Say(200, {"data": "v4.2"}, {"Set-Cookie": "S=1"})
        if asked.headers.get("Cookie") == "S=1" and expired.pop() if expired else False:
            return Say(401)
        return None

    fake.before = cookies
    assert create(client).ext_id == ID
    assert [("Authorization" in asked.headers) for asked in writes(stub)] == [False, True]


def test_a_request_id_is_a_uuid_of_its_parts() -> None:
    import uuid

    assert uuid.UUID(RID).version == 5
    assert uuid.UUID(RID).variant == uuid.RFC_4122
    assert request_id("run", "step", "object") == RID
    assert len({RID, request_id("run", "stepobject"), request_id("run", "step", "object", ""), request_id("run", "object", "step")}) == 4
