"""What is tried again, how often, and how long the waits are; time is a number that only waits move."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ConnectionFailed, DeadlineExceeded
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.retry import Retry, RetryPolicy
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.retry_waits import retry_after
from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.session import Endpoint, HttpSession, Response


class Rig:
    """A retry over scripted outcomes, with a clock that moves by its waits."""

    def __init__(self, *outcomes: int | str | tuple[int, str], answered: bool = True, policy: RetryPolicy | None = None) -> None:
        self.outcomes = list(outcomes)
        self.now = 0.0
        self.waits: list[float] = []
        self.tries = 0
        session = HttpSession(Endpoint("127.0.0.1"))
        session.answered = answered
        self.retry = Retry(session, policy or RetryPolicy(), sleep=self.sleep, clock=lambda: self.now, random=lambda: 1.0)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def attempt(self, limit: float) -> Response:
        self.tries += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if outcome == "late":
            raise DeadlineExceeded("no time")
        if isinstance(outcome, str):
            raise ConnectionFailed("broken", reason=outcome, sent=outcome != "refused")
        status, wanted = outcome if isinstance(outcome, tuple) else (outcome, "")
        return Response(status, {"Retry-After": wanted} if wanted else {}, b"{}", call="GET /x", site="north")


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    rig = Rig(status, status, 200)
    assert rig.retry.run(rig.attempt).status == 200
    assert rig.waits == [0.25, 0.5]
    assert rig.tries == 3


@pytest.mark.parametrize("status", [200, 202, 400, 401, 403, 404, 409, 412, 422, 428, 501])
def test_a_final_answer_is_final(status: int) -> None:
    rig = Rig(status)
    assert rig.retry.run(rig.attempt).status == status
    assert rig.tries == 1


def test_a_500_is_given_one_more_chance() -> None:
    rig = Rig(500)
    assert rig.retry.run(rig.attempt).status == 500
    assert rig.tries == 2


def test_tries_end() -> None:
    rig = Rig(503)
    assert rig.retry.run(rig.attempt).status == 503
    assert rig.tries == 8
    assert max(rig.waits) == 8.0


def test_the_server_says_how_long_to_wait() -> None:
    rig = Rig((429, "3"), 200)
    rig.retry.run(rig.attempt)
    assert rig.waits == [pytest.approx(3.02)]


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    rig = Rig((429, "50"))
    assert rig.retry.run(rig.attempt, deadline=10.0).status == 429
    assert rig.waits == []


def test_all_tries_together_have_a_deadline() -> None:
    rig = Rig((429, "50"), policy=RetryPolicy(total=120.0))
    rig.retry.run(rig.attempt)
    assert rig.now <= 120.0
    assert rig.tries == 3


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("", 0.5), ("2", 2.02), ("0", 0.5), ("-4", 0.5), ("100000", 60.0), ("soon", 0.5), ("Sat, 01 Jan 2000 00:00:00 GMT", 0.5)],
)
def test_retry_after_is_read_and_clamped(value: str, seconds: float) -> None:
    response = Response(429, {"Retry-After": value} if value else {}, b"", call="", site="")
    assert retry_after(response, 60.0, 0.5) == pytest.approx(seconds)


def test_retry_after_may_be_a_date() -> None:
    import time

    response = Response(429, {"Retry-After": formatdate(time.time() + 20, usegmt=True)}, b"", call="", site="")
    assert 15 < retry_after(response, 60.0, 0.5) <= 21


@pytest.mark.parametrize("reason", ["refused", "timeout", "reset", "truncated", "empty"])
def test_a_broken_exchange_is_repeated(reason: str) -> None:
    rig = Rig(reason, reason, 200)
    answer = rig.retry.run(rig.attempt)
    assert answer.status == 200
    assert answer.lost is (reason != "refused")


@pytest.mark.parametrize("reason", ["tls", "dns", "html", "redirect", "proxy"])
def test_a_wrong_set_up_is_not_repeated(reason: str) -> None:
    rig = Rig(reason)
    with pytest.raises(ConnectionFailed):
        rig.retry.run(rig.attempt)
    assert rig.tries == 1


def failing(rig: Rig) -> Callable[[], None]:
    def run() -> None:
        with pytest.raises(ConnectionFailed):
            rig.retry.run(rig.attempt)

    return run


def test_a_dead_host_is_told_quickly() -> None:
    rig = Rig("refused", answered=False)
    failing(rig)()
    assert rig.tries == 2
    assert rig.now < 1.0


def test_a_host_that_swallows_packets_costs_one_timeout() -> None:
    rig = Rig("timeout", answered=False)
    failing(rig)()
    assert rig.tries == 1


def test_a_lost_try_is_remembered_when_the_last_one_was_refused() -> None:
    rig = Rig("reset", "refused", policy=RetryPolicy(tries=3))
    with pytest.raises(ConnectionFailed) as caught:
        rig.retry.run(rig.attempt)
    assert caught.value.reason == "refused"
    assert caught.value.sent


def test_a_lost_try_is_remembered_when_time_runs_out() -> None:
    rig = Rig("reset", "late")
    with pytest.raises(DeadlineExceeded) as caught:
        rig.retry.run(rig.attempt)
    assert caught.value.outcome_unknown
