"""Whole hit logs: every line counted once, repetitions and damage told apart, contradictions in groups, memory bounded."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_check import HitLogCheck
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_told import Words, depends_on, findings
from tests.unit.engine.test_hit_log_judge import A1, IN, OUT, OUTSIDE, POLICY_ID, W1, judge
from tests.unit.segmentation import truth_fixture as site


class Log:
    """Lines without a file."""

    path = "hits.log"

    def __init__(self, *lines: str) -> None:
        self._lines = lines

    def read(self) -> Iterator[str]:
        yield from self._lines


def text(source: str, destination: str, port: int, action: str, direction: str, **more: str) -> str:
    said = {"policy": "P3", "event": "Create", "time": "10:00:00", "sport": "51000", "reply": "1", **more}
    return (
        f"h ahv: INFO:2026/01/05 {said['time']}  [{POLICY_ID}] {said['policy']} [{said['event']}] SRC={source} DST={destination} PROTO=TCP "
        f"SPORT={said['sport']} DPORT={port} ACTION={action} DIRECTION={direction} ORIG: PKTS=1 BYTES=80 REPLY: PKTS={said['reply']} BYTES=1"
    )


GOOD = text(OUTSIDE, W1, 443, "ALLOW", IN)
HOLE = text(OUTSIDE, W1, 80, "ALLOW", IN, time="10:00:07")


def checked(*lines: str, limit: int = 1000, since: str = "", until: str = "") -> HitLogCheck:
    check = HitLogCheck(judge(site.p3()), limit=limit, since=since, until=until)
    check.read(Log(*lines))
    assert sum(check.lines.values()) == len(lines)
    assert sum(check.counts.values()) == check.lines["judged"]
    return check


def test_every_line_is_counted_once() -> None:
    repeated = f"x message repeated 3 times: [{GOOD[GOOD.index('INFO') :]}]", "last message repeated 2 times"
    check = checked(GOOD, GOOD, *repeated, HOLE, HOLE[:90], "sshd[1]: x", "")
    assert check.lines == {"judged": 2, "repeated": 3, "outside_time": 0, "damaged": 1, "other": 2}
    assert [(one.line, one.what) for one in check.unread] == [(6, "damaged"), (7, "other"), (8, "other")]
    assert (check.first, check.last) == ("2026/01/05 10:00:00", "2026/01/05 10:00:07")


def test_contradictions_are_grouped_with_their_first_line() -> None:
    others = [text(OUTSIDE, W1, port, "ALLOW", IN) for port in (81, 82)]
    check = checked(GOOD, HOLE, *others, text(OUTSIDE, W1, 443, "DROP", IN))
    assert [(group.judgement.kind, group.lines, group.line) for group in check.groups] == [
        ("allowed_though_denied", 3, 2),
        ("denied_though_allowed", 1, 5),
    ]
    told = Words(check.judge).group(check.groups[0])
    assert told["example"]["service"] == "tcp/80"
    assert told["explanation"].startswith(f"{OUTSIDE} -> W1 tcp/80: logged ALLOW INBOUND by P3; denied at the destination by P3 groups[0]")
    assert [one["severity"] for one in findings(check, [Words(check.judge).group(one) for one in check.groups], [])] == ["problem", "warning"]


def test_groups_beyond_the_limit_are_counted() -> None:
    check = checked(HOLE, text(OUTSIDE, W1, 443, "DROP", IN), text(W1, A1, 22, "ALLOW", OUT), limit=2)
    assert (len(check.groups), check.lines_without_group) == (2, 1)
    assert check.counts["allowed_though_denied"] == 2


def test_times_leave_out_what_is_older_or_later() -> None:
    check = checked(GOOD, HOLE, since="2026/01/05 10:00:01")
    assert (check.lines["outside_time"], check.counts["allowed_though_denied"]) == (1, 1)
    assert checked(GOOD, HOLE, until="2026/01/05 10:00:06").counts["allowed_though_denied"] == 0


def test_a_turned_sample_is_no_contradiction_and_a_new_session_is() -> None:
    turned = {"sport": "8443", "reply": "0"}
    check = checked(text(A1, W1, 51000, "ALLOW", IN, event="Update", **turned), text(A1, W1, 51001, "ALLOW", IN, event="Create", **turned))
    assert (check.counts["turned"], check.counts["allowed_though_denied"]) == (1, 1)
    assert [group.line for group in check.groups] == [2]


def test_entries_are_seen_at_work_never_or_not_logged() -> None:
    check = HitLogCheck(judge(site.p3(hit_log=True), site.isolation("ISO", site.PROD, site.DEV)))
    check.read(Log(GOOD, text(OUTSIDE, W1, 80, "DROP", IN), text(OUTSIDE, W1, 22, "ALLOW", IN)))
    seen = {(one.policy, one.entry): one.seen for one in check.rules.all()}
    assert seen["P3", "groups[0].inbound[0]"] == "allowed"
    assert seen["P3", "groups[0]"] == "denied"
    assert seen["P3", "groups[0].outbound[0]"] == seen["P3", "groups[1]"] == "never"
    assert seen["ISO", "isolations[0]"] == "not_logged"


def test_policies_that_the_site_does_not_have_or_calls_otherwise_are_named() -> None:
    check = checked(text(OUTSIDE, W1, 443, "ALLOW", IN, policy="older name"), GOOD.replace(POLICY_ID, "").replace("P3", "P9"))
    assert (check.renamed, check.unknown_policies) == ({"older name": "P3"}, {"P9": 1})


def test_a_log_is_evidence_against_a_reading() -> None:
    """Row 29 of the truth table: what the shared service allows, isolation at the other end would deny under another reading."""
    rules = site.isolation("ISO", site.PROD, site.DEV), site.application(
        "DNS", site.group({"categories": {"SharedService": "dns"}}, None, [site.inbound("any", "tcp/53")]), kind="shared_service"
    )
    check = HitLogCheck(judge(*rules))
    check.read(Log(text("10.1.2.11", "10.1.1.53", 53, "DROP", OUT, policy="ISO").replace(POLICY_ID, "")))
    assert list(depends_on(check.groups, check.judge).values()) == [["shared_service_covers_peer"]]
    assert depends_on([], check.judge) == {}


def test_nothing_to_judge_is_no_agreement() -> None:
    check = checked("sshd[1]: x")
    assert [one["code"] for one in findings(check, [], [])] == ["HITLOG_NO_EVIDENCE"]


def test_memory_does_not_grow_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every line another flow, and most of them contradictions."""
    module = "ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_"
    for name, value in ((f"{module}check._KEPT", 500), (f"{module}check._WINDOW", 500), (f"{module}judge._KEPT", 500)):
        monkeypatch.setattr(name, value)

    class Long(Log):
        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

        def read(self) -> Iterator[str]:
            for number in range(self.count):
                yield text(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", W1, number % 500, "ALLOW", IN, sport=str(number))

    def peak(count: int) -> int:
        check = HitLogCheck(judge(site.p3()), limit=10)
        tracemalloc.start()
        try:
            check.read(Long(count))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1000)
    assert peak(6000) < peak(2000) * 1.3
