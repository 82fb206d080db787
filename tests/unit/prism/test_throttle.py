"""However the server draws its windows, it never sees more calls in a period than it allows."""

from __future__ import annotations

import random

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import DeadlineExceeded
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.throttle import Throttle, operation
from tests.unit.prism.fake import Time

LIST = "GET microseg/config/policies"


@pytest.fixture
def throttle(time: Time) -> Throttle:
    return Throttle(sleep=time.sleep, clock=time.clock)


def send(throttle: Throttle, time: Time, count: int, name: str = LIST, headers: dict[str, str] | None = None, latency: float = 0.02) -> list[float]:
    """Times at which the server counts the calls: somewhere between sending and answer."""
    counted = []
    chance = random.Random(7)
    for _ignored in range(count):
        throttle.acquire(name)
        counted.append(time.now + latency * chance.random())
        time.now += latency
        throttle.release(name, headers or {})
    return counted


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= other < start + 1.0 for other in times) for start in times)


@pytest.mark.parametrize("latency", [0.0, 0.02, 0.5, 3.0])
@pytest.mark.parametrize(
    ("name", "limit"), [(LIST, 5), ("POST microseg/config/policies", 2), ("GET vmm/ahv/config/vms", 2), ("GET datapolicies/config/entity-sync-policies", 20)]
)
def test_no_second_holds_more_than_the_published_limit(throttle: Throttle, time: Time, name: str, limit: int, latency: float) -> None:
    counted = send(throttle, time, 60, name, latency=latency)
    assert most_in_a_second(counted) <= limit


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("GET microseg/config/policies/{id}", 5),
        ("DELETE microseg/config/policies/{id}", 2),
        ("GET datapolicies/config/protection-policies", 2),
        ("PUT datapolicies/config/protection-policies/{id}", 1),
        ("POST datapolicies/config/protection-policies", 2),
        ("GET datapolicies/config/recovery-plans/{id}/recovery-settings", 10),
        ("POST datapolicies/config/recovery-plans", 2),
        ("GET datapolicies/config/entity-sync-policies", 20),
        ("DELETE datapolicies/config/entity-sync-policies/{id}", 10),
        ("GET datapolicies/config/storage-policies", 5),
        ("GET dataprotection/config/recovery-points", 2),
        ("GET dataprotection/config/protected-resources/{id}", 5),
        ("POST dataprotection/config/protected-resources/{id}/$actions/promote", 2),
        ("GET vmm/ahv/config/vms", 2),
        ("GET vmm/ahv/config/vms/{id}", 5),
        ("POST vmm/ahv/config/vms/{id}/$actions/associate-categories", 5),
        # Nobody published these.
        ("PUT datapolicies/config/storage-policies/{id}", 5),
        ("GET prism/config/categories", 5),
    ],
)
def test_a_second_before_any_answer_holds_as_many_calls_as_published(throttle: Throttle, time: Time, name: str, limit: int) -> None:
    for _call in range(limit):
        throttle.acquire(name, deadline=time.now - 1)
    with pytest.raises(DeadlineExceeded):
        throttle.acquire(name, deadline=time.now - 1)


def test_the_limit_is_used(throttle: Throttle, time: Time) -> None:
    counted = send(throttle, time, 100)
    assert counted[-1] - counted[0] < 1.1 * 100 / 5


def test_the_first_calls_do_not_wait(throttle: Throttle, time: Time) -> None:
    assert send(throttle, time, 5)[-1] - 1000 < 0.2


def test_the_server_corrects_the_limit(throttle: Throttle, time: Time) -> None:
    told = {"x-api-ratelimit-limit": "10", "x-api-ratelimit-refresh-period-seconds": "2", "x-api-ratelimit-remaining": "9"}
    send(throttle, time, 1, headers=told)
    counted = send(throttle, time, 60, headers=told)
    assert max(sum(start <= other < start + 2.0 for other in counted) for start in counted) == 10


def test_operations_have_their_own_budget(throttle: Throttle, time: Time) -> None:
    send(throttle, time, 5)
    before = time.now
    send(throttle, time, 5, "GET microseg/config/address-groups")
    assert time.now - before < 0.2


def test_all_operations_share_the_budget_of_the_host(throttle: Throttle, time: Time) -> None:
    told = {"x-ratelimit-limit": "8", "x-ratelimit-remaining": "7"}
    send(throttle, time, 1, headers=told)
    counted = [moment for number in range(30) for moment in send(throttle, time, 1, f"GET microseg/config/kind-{number}", told)]
    assert most_in_a_second(counted) <= 8


def test_when_someone_else_used_the_budget_we_wait(throttle: Throttle, time: Time) -> None:
    send(throttle, time, 1, headers={"x-api-ratelimit-limit": "5", "x-api-ratelimit-remaining": "0"})
    before = time.now
    throttle.acquire(LIST)
    assert time.now - before >= 1.0


def test_after_a_429_the_operation_pauses_as_long_as_the_server_asks(throttle: Throttle, time: Time) -> None:
    throttle.acquire(LIST)
    throttle.release(LIST, {}, pause=7.0)
    before = time.now
    throttle.acquire("GET microseg/config/address-groups")
    assert time.now == before
    throttle.acquire(LIST)
    assert time.now - before >= 7.0


def test_a_deadline_ends_the_wait(throttle: Throttle, time: Time) -> None:
    throttle.acquire(LIST)
    throttle.release(LIST, None, pause=60.0)
    with pytest.raises(DeadlineExceeded, match="rate limit"):
        throttle.acquire(LIST, deadline=time.now + 10)


@pytest.mark.parametrize("value", ["", "many", "-1"])
def test_strange_headers_change_nothing(throttle: Throttle, time: Time, value: str) -> None:
    counted = send(throttle, time, 30, headers={"x-api-ratelimit-limit": value, "x-api-ratelimit-refresh-period-seconds": value})
    assert most_in_a_second(counted) == 5


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("config/policies", "GET ns/config/policies"),
        ("config/policies/569a018e-18ac-4813-b00f-2aa0d0005042", "GET ns/config/policies/{id}"),
        ("config/tasks/ZXJnb24%3D%3A569a018e-18ac-4813-b00f-2aa0d0005042/jobs", "GET ns/config/tasks/{id}/jobs"),
        ("vms/569a018e-18ac-4813-b00f-2aa0d0005042/$actions/power-on", "GET ns/vms/{id}/$actions/power-on"),
    ],
)
def test_calls_on_objects_are_one_operation(path: str, name: str) -> None:
    assert operation("GET", "ns", path) == name


def test_an_operation_that_nobody_limits_is_held_by_the_limit_of_all_calls(throttle: Throttle, time: Time) -> None:
    name = "GET prism/config/categories"
    assert most_in_a_second(send(throttle, time, 5, name, latency=0.001)) == 5
    time.now += 1
    assert most_in_a_second(send(throttle, time, 200, name, latency=0.001)) == 80


def test_an_operation_that_tells_its_limit_late_is_held_by_it(throttle: Throttle, time: Time) -> None:
    name = "GET prism/config/categories"
    send(throttle, time, 1, name)
    assert most_in_a_second(send(throttle, time, 30, name, {"x-api-ratelimit-limit": "3"})[4:]) == 3
