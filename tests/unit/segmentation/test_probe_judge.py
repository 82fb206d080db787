"""What each outcome of a probe means, as a table; above all: silence passes nothing by itself."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.probe_judge import (
    FAIL_CLOSED,
    FAIL_OPEN,
    INCONCLUSIVE,
    PASS,
    PORT,
    Expected,
    Judged,
    Seen,
    judge,
)

OUTCOMES = ("open", "refused", "timeout", "unreachable", "local_error", "not_run")
#: Answered by the same destination: at the same port, for another sender; or at another port.
SAME_PORT = Expected("port", "10.0.0.8", "10.0.0.2", "tcp/443", "allow")
OTHER_PORT = Expected("host", "10.0.0.1", "10.0.0.2", "tcp/22", "allow")
#: Shows that the sender's network works.
SENDER = Expected("sender", "10.0.0.1", "10.0.0.3", "tcp/22", "allow")


def one(expect: str, outcome: str, *controls: Expected, service: str = "tcp/443", answer: str = "open", **how: object) -> Judged:
    """The verdict on one probe from .1 to .2 beside others that were all answered."""
    rejects = bool(how.pop("rejects", False))
    probe = Expected("it", "10.0.0.1", "10.0.0.2", service, expect, rejects)
    seen = {"it": Seen(outcome, "detail"), **{control.id: Seen(answer) for control in controls}}
    return judge([probe, *controls], seen, **how)[0]


@pytest.mark.parametrize(("expect", "outcome", "controls", "result", "shows"), [
    ("allow", "open", (), PASS, ""),
    ("allow", "refused", (), PASS, ""),
    ("allow", "timeout", (), INCONCLUSIVE, ""),
    ("allow", "timeout", (SAME_PORT,), INCONCLUSIVE, ""),  # nobody answered the sender: its own network may be down
    ("allow", "timeout", (SAME_PORT, SENDER), FAIL_CLOSED, "port"),
    ("allow", "timeout", (OTHER_PORT,), FAIL_CLOSED, "host"),
    ("allow", "unreachable", (OTHER_PORT,), FAIL_CLOSED, "host"),
    ("allow", "unreachable", (), INCONCLUSIVE, ""),
    ("deny", "open", (), FAIL_OPEN, ""),
    ("deny", "refused", (), FAIL_OPEN, ""),
    ("deny", "timeout", (), INCONCLUSIVE, ""),
    ("deny", "timeout", (SENDER,), INCONCLUSIVE, ""),
    ("deny", "timeout", (SAME_PORT,), INCONCLUSIVE, ""),
    ("deny", "timeout", (SAME_PORT, SENDER), PASS, "port"),
    ("deny", "timeout", (OTHER_PORT,), PASS, "host"),
    ("deny", "unreachable", (SAME_PORT, SENDER), INCONCLUSIVE, ""),
    *((expect, outcome, (SAME_PORT, SENDER), INCONCLUSIVE, "") for expect in ("allow", "deny") for outcome in ("local_error", "not_run")),
])
def test_tcp(expect: str, outcome: str, controls: tuple[Expected, ...], result: str, shows: str) -> None:
    judged = one(expect, outcome, *controls)
    assert (judged.result, judged.shows) == (result, shows)
    assert judged.reason
    assert bool(judged.control) == bool(shows)


@pytest.mark.parametrize(("expect", "outcome", "answer", "result"), [
    ("allow", "open", "", PASS),
    ("allow", "timeout", "", INCONCLUSIVE),
    ("allow", "timeout", "refused", INCONCLUSIVE),  # hosts limit how often they refuse
    ("allow", "timeout", "open", FAIL_CLOSED),
    ("deny", "open", "", FAIL_OPEN),
    ("deny", "timeout", "", INCONCLUSIVE),
    ("deny", "timeout", "refused", INCONCLUSIVE),
    ("deny", "timeout", "open", PASS),
])
def test_udp_needs_an_answer_at_the_same_port(expect: str, outcome: str, answer: str, result: str) -> None:
    same = SAME_PORT._replace(service="udp/53")
    controls = (same, OTHER_PORT) if answer else (OTHER_PORT,)
    assert one(expect, outcome, *controls, service="udp/53", answer=answer or "open").result == result


@pytest.mark.parametrize(("expect", "outcome", "rejects", "controls", "answer", "result"), [
    ("allow", "refused", False, (), "open", INCONCLUSIVE),
    ("deny", "refused", True, (), "open", INCONCLUSIVE),
    ("deny", "refused", True, (SAME_PORT, SENDER), "refused", INCONCLUSIVE),
    ("deny", "refused", True, (SAME_PORT, SENDER), "open", PASS),
    ("deny", "unreachable", True, (SAME_PORT, SENDER), "open", PASS),
    ("deny", "refused", False, (SAME_PORT, SENDER), "open", INCONCLUSIVE),
    ("deny", "timeout", False, (OTHER_PORT,), "refused", INCONCLUSIVE),  # that may have been a rule, too
])
def test_where_rules_reject_a_refusal_proves_little(
    expect: str, outcome: str, rejects: bool, controls: tuple[Expected, ...], answer: str, result: str
) -> None:
    assert one(expect, outcome, *controls, answer=answer, rejects=rejects, site_rejects=True).result == result


def test_a_stricter_control_can_be_asked_for() -> None:
    assert one("deny", "timeout", OTHER_PORT, control=PORT).result == INCONCLUSIVE
    assert one("deny", "timeout", SAME_PORT, SENDER, control=PORT).result == PASS


def test_what_nobody_reported_was_not_sent() -> None:
    assert judge([SAME_PORT], {}) == [Judged("port", INCONCLUSIVE, "it was not sent: nothing was reported")]


def test_no_silence_ever_passes_without_an_answer_of_the_destination() -> None:
    """All outcomes of four probes, in every combination."""
    probes = [Expected("it", "10.0.0.1", "10.0.0.2", "tcp/443", "deny"), SAME_PORT, OTHER_PORT, SENDER]
    for outcomes in itertools.product(OUTCOMES, repeat=len(probes)):
        seen = {probe.id: Seen(outcome) for probe, outcome in zip(probes, outcomes, strict=True)}
        judged = judge(probes, seen)[0]
        answered = {probe.id for probe, outcome in zip(probes, outcomes, strict=True) if outcome in ("open", "refused")}
        if judged.result == PASS:
            assert outcomes[0] == "timeout"
            assert judged.control in answered
            assert answered & {"host", "sender"}
        assert (judged.result == FAIL_OPEN) == ("it" in answered)
