"""The decision table of the failover gate, row by row."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drill_leftovers import Leftover
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.gate import Answers, Facts, Waiver, decide

TODAY = datetime.date(2026, 11, 21)
UP = ("ok", "ok", "ok")
REFUSED = ("refused", "refused", "refused")
TIMEOUT = ("timeout", "timeout", "timeout")
LEFT = (Leftover("shop", "drill-1", ("db-1", "web-1")),)


def facts(mode: str, *, primary: tuple[str, ...] = UP, recovery: tuple[str, ...] = UP, seen: str = "", **more: object) -> Facts:
    good = Facts(mode, Answers("north", primary, seen), Answers("south", recovery), baseline_given=True, drift_primary="equal", drift_recovery="equal")
    return good._replace(**more)


@pytest.mark.parametrize(
    ("tries", "seen", "state"),
    [
        (UP, "", "up"),
        (("refused", "timeout", "ok"), "", "up"),
        (REFUSED, "", "down"),
        (TIMEOUT, "", "cannot_tell"),
        (TIMEOUT, "DISCONNECTED", "down"),
        (TIMEOUT, "CONNECTED", "cannot_tell"),
        (("ok", "refused", "refused"), "", "cannot_tell"),
        (("Unauthorized",) * 3, "DISCONNECTED", "cannot_tell"),
        (("ServerError",) * 3, "DISCONNECTED", "cannot_tell"),
        (("tls",) * 3, "DISCONNECTED", "cannot_tell"),
        ((), "", "cannot_tell"),
    ],
)
def test_only_silence_on_every_try_is_down(tries: tuple[str, ...], seen: str, state: str) -> None:
    assert Answers("north", tries, seen).state == state


@pytest.mark.parametrize(
    ("claim", "given", "verdict", "codes"),
    [
        ("planned with everything well", facts("planned"), "go", set()),
        ("planned without the primary", facts("planned", primary=REFUSED), "no_go", {"PRIMARY_DOWN"}),
        ("planned when the primary refuses the password", facts("planned", primary=("Unauthorized",) * 3), "no_go", {"PRIMARY_CANNOT_TELL"}),
        (
            "planned with drift on the recovery site",
            facts("planned", drift_recovery="drift", differing_recovery=("security rule 'x'",)),
            "no_go",
            {"DRIFT_RECOVERY"},
        ),
        ("planned when the comparison failed", facts("planned", drift_primary="cannot_tell"), "no_go", {"SYNC_CANNOT_TELL_PRIMARY"}),
        ("planned without a comparison", facts("planned", drift_primary=""), "no_go", {"SYNC_CANNOT_TELL_PRIMARY"}),
        ("a test with everything well", facts("test"), "go", set()),
        ("a test without the primary", facts("test", primary=REFUSED), "no_go", {"PRIMARY_DOWN"}),
        ("a test with drift on the recovery site", facts("test", drift_recovery="drift", differing_recovery=("x",)), "no_go", {"DRIFT_RECOVERY"}),
        ("unplanned with a dead primary", facts("unplanned", primary=REFUSED, drift_primary=""), "go", set()),
        ("unplanned with a living primary", facts("unplanned"), "no_go", {"PRIMARY_ANSWERS"}),
        ("unplanned with a living, fenced primary", facts("unplanned", fenced="powered off by hand"), "go_with_waivers", set()),
        ("unplanned when nobody can tell", facts("unplanned", primary=TIMEOUT), "no_go", {"PRIMARY_CANNOT_TELL"}),
        ("unplanned when the other site still sees it", facts("unplanned", primary=REFUSED, seen="CONNECTED"), "no_go", {"PRIMARY_VIEWS_DIFFER"}),
        ("unplanned without the recovery site", facts("unplanned", primary=REFUSED, recovery=REFUSED), "no_go", {"RECOVERY_DOWN"}),
        ("unplanned with a broken baseline", facts("unplanned", primary=REFUSED, baseline_findings=("x",)), "no_go", {"BASELINE_BROKEN"}),
        ("unplanned without a baseline", facts("unplanned", primary=REFUSED, baseline_given=False), "no_go", {"BASELINE_MISSING"}),
        ("unplanned with a broken site map", facts("unplanned", primary=REFUSED, map_findings=("x",)), "no_go", {"SITE_MAP_BROKEN"}),
        ("an old baseline", facts("planned", baseline_age=7200.0, freshness_limit=3600.0), "no_go", {"BASELINE_OLD"}),
        ("a fresh baseline", facts("planned", baseline_age=600.0, freshness_limit=3600.0), "go", set()),
        ("a baseline of unknown age", facts("planned", freshness_limit=3600.0), "no_go", {"BASELINE_AGE_UNKNOWN"}),
        ("an unfinished run", facts("planned", unfinished=("run-1",)), "no_go", {"UNFINISHED_RUN"}),
        ("copies that a drill left", facts("unplanned", primary=REFUSED, leftovers=LEFT), "no_go", {"TEST_VMS_LEFT"}),
        ("failback to where a drill left copies", facts("failback", leftovers=LEFT), "no_go", {"TEST_VMS_LEFT"}),
        ("copies that a drill may have left", facts("planned", leftovers_unknown="403"), "go", set()),
        ("failback with both sites", facts("failback", drift_recovery="drift"), "go", set()),
        ("failback without the primary", facts("failback", primary=REFUSED), "no_go", {"PRIMARY_DOWN"}),
        ("pre_dr with both sites", facts("pre_dr", baseline_given=False), "go", set()),
        ("a drill after one that was killed", facts("test", unfinished=("run-1",)), "go", set()),
        ("pre_dr after one that was killed", facts("pre_dr", baseline_given=False, unfinished=("run-1",)), "go", set()),
        ("pre_dr without the primary", facts("pre_dr", primary=TIMEOUT), "no_go", {"PRIMARY_CANNOT_TELL"}),
    ],
)
def test_decision_table(claim: str, given: Facts, verdict: str, codes: set[str]) -> None:
    found, reasons = decide(given, (), TODAY)
    assert (found, {reason.code for reason in reasons if reason.status == "problem"}) == (verdict, codes), claim


def test_a_problem_always_names_the_next_step() -> None:
    broken = facts("planned", primary=TIMEOUT, recovery=REFUSED, baseline_findings=("x",), map_findings=("y",))
    worst = broken._replace(drift_primary="drift", drift_recovery="", unfinished=("r",))
    _verdict, reasons = decide(worst, (), TODAY)
    problems = [reason for reason in reasons if reason.status == "problem"]
    assert len(problems) == 7
    assert [reason for reason in problems if not reason.fix] == []


def waiver(code: str, expires: datetime.date = TODAY) -> Waiver:
    return Waiver(code, "j.doe", "nothing changed", expires)


def test_a_waiver_passes_over_what_may_be_waived() -> None:
    old = facts("planned", baseline_age=7200.0, freshness_limit=3600.0)
    verdict, reasons = decide(old, (waiver("BASELINE_OLD"),), TODAY)
    assert verdict == "go_with_waivers"
    assert [reason.text for reason in reasons if reason.status == "waived"] == [
        "the baseline was last equal to the primary 2.0 hours ago, 1.0 hours are allowed; waived by j.doe until 2026-11-21: nothing changed"
    ]


@pytest.mark.parametrize(("mode", "site"), [("planned", "south"), ("failback", "north")])
def test_copies_that_a_drill_left_are_named_with_what_removes_them_and_can_be_waived(mode: str, site: str) -> None:
    left = facts(mode, leftovers=LEFT)
    (reason,) = [reason for reason in decide(left, (), TODAY)[1] if reason.code == "TEST_VMS_LEFT"]
    assert reason.text == f"db-1, web-1 on {site} are copies that test failover drill-1 left, and would be taken for workloads that have arrived"
    assert "plan: shop and action: clean_up" in reason.fix
    assert decide(left, (waiver("TEST_VMS_LEFT"),), TODAY)[0] == "go_with_waivers"


def test_an_ended_waiver_is_none() -> None:
    old = facts("planned", baseline_age=7200.0, freshness_limit=3600.0)
    verdict, reasons = decide(old, (waiver("BASELINE_OLD", TODAY - datetime.timedelta(days=1)),), TODAY)
    assert verdict == "no_go"
    assert "WAIVER_EXPIRED" in {reason.code for reason in reasons}


def test_a_broken_baseline_can_not_be_waived() -> None:
    verdict, reasons = decide(facts("planned", baseline_findings=("x",)), (waiver("BASELINE_BROKEN"),), TODAY)
    assert verdict == "no_go"
    assert {"BASELINE_BROKEN", "WAIVER_UNKNOWN"} <= {reason.code for reason in reasons if reason.status == "problem"}
