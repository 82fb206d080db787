# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which verb is legal when: the whole table, what interrupts what, and what two sites say together."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.dr_state import (
    AT_REST,
    FAILING_BACK,
    FAILING_OVER,
    READY,
    RECONCILE_REQUIRED,
    RECOVERY_ACTIVE,
    TESTING,
    VERBS,
    IllegalVerb,
    PairState,
    Record,
    begun,
    ended,
    legal_verbs,
    pair_state,
    permit,
)

SINCE = "2026-11-21T12:00:00Z"


def record(state: str, active: str = "north", epoch: int = 3, verb: str = "planned_failover", run: str = "run-1", primary: str = "north") -> Record:
    return Record(state, active, epoch, primary, SINCE, run, verb)


def seen(north: Record | None, south: Record | None) -> PairState:
    return pair_state({"north": north, "south": south}, "north", "south")


def both(state: str, active: str = "north", verb: str = "planned_failover") -> PairState:
    one = record(state, active, verb=verb)
    return seen(one, one)


LEGAL = [
    (both(READY), ["pre_dr", "test_failover", "planned_failover", "unplanned_failover"]),
    (both(TESTING, verb="test_failover"), ["test_failover", "unplanned_failover"]),
    (both(FAILING_OVER, verb="planned_failover"), ["planned_failover", "unplanned_failover"]),
    (both(FAILING_OVER, verb="unplanned_failover"), ["unplanned_failover"]),
    (both(RECOVERY_ACTIVE, "south"), ["failback"]),
    (seen(record(READY, epoch=2), record(RECOVERY_ACTIVE, "south")), ["failback"]),
    (both(FAILING_BACK, "south", verb="failback"), ["unplanned_failover", "failback"]),
    (seen(record(READY, epoch=3, run="a"), record(RECOVERY_ACTIVE, "south", epoch=3, run="b")), []),
]


@pytest.mark.parametrize(("pair", "legal"), LEGAL, ids=[pair.state + pair.verb for pair, _legal in LEGAL])
def test_a_state_allows_these_verbs_and_refuses_the_others_with_a_reason(pair: PairState, legal: list[str]) -> None:
    assert legal_verbs(pair, "north") == legal
    for verb in VERBS.values():
        if verb.name in legal:
            assert not permit(pair, verb, "north").done
        elif pair.state == verb.end and verb.end not in verb.legal:
            assert permit(pair, verb, "north").done, "the pair is where the verb leads"
        else:
            with pytest.raises(IllegalVerb) as refused:
                permit(pair, verb, "north")
            assert pair.state in str(refused.value)
            assert list(refused.value.legal) == legal
            assert all(name.replace("_", " ") in refused.value.fix for name in legal)


@pytest.mark.parametrize(
    ("state", "verb", "begun_by", "resumes"),
    [
        (TESTING, "test_failover", "test_failover", "run-1"),
        (FAILING_OVER, "planned_failover", "planned_failover", "run-1"),
        (FAILING_OVER, "unplanned_failover", "unplanned_failover", "run-1"),
        (FAILING_OVER, "unplanned_failover", "planned_failover", ""),
        (FAILING_BACK, "failback", "failback", "run-1"),
        (FAILING_BACK, "unplanned_failover", "failback", ""),
        (TESTING, "unplanned_failover", "test_failover", ""),
    ],
)
def test_the_same_verb_resumes_its_run_and_another_begins_one_of_its_own(state: str, verb: str, begun_by: str, resumes: str) -> None:
    pair = both(state, verb=begun_by)
    assert permit(pair, VERBS[verb], "north").resumes == resumes
    after = begun(pair, VERBS[verb], resumes or "run-2", "north", SINCE)
    assert (after is None) == bool(resumes)
    assert after is None or (after.epoch, after.run) == (4, "run-2")


def test_without_any_record_the_primary_is_active_and_a_failback_is_for_the_gate_to_judge() -> None:
    pair = seen(None, None)
    assert (pair.state, pair.active, pair.epoch) == (READY, "north", 0)
    assert legal_verbs(pair, "north") == list(VERBS)
    assert not permit(pair, VERBS["failback"], "north").done


@pytest.mark.parametrize(
    ("north", "south", "state", "active"),
    [
        (None, record(RECOVERY_ACTIVE, "south"), RECONCILE_REQUIRED, "south"),
        (record(READY, epoch=2), record(RECOVERY_ACTIVE, "south"), RECONCILE_REQUIRED, "south"),
        (record(FAILING_OVER, epoch=2, run="run-0"), record(RECOVERY_ACTIVE, "south"), RECONCILE_REQUIRED, "south"),
        # The end of a failover was cut off after the old primary had been told: nothing to reconcile.
        (record(RECOVERY_ACTIVE, "south", epoch=4), record(FAILING_OVER), RECOVERY_ACTIVE, "south"),
        # So was the end of a failback.
        (record(FAILING_BACK, "south", verb="failback"), record(READY, "north", epoch=4, verb="failback"), READY, "north"),
        # A begin that was cut off.
        (record(FAILING_OVER), record(READY, epoch=2), FAILING_OVER, "north"),
        (record(READY, epoch=2), record(FAILING_BACK, "south"), FAILING_BACK, "south"),
        (record(READY, run="a"), record(READY, run="b"), RECONCILE_REQUIRED, ""),
        (record(READY, "east"), record(READY, "east"), RECONCILE_REQUIRED, ""),
    ],
)
def test_what_two_sites_say_together(north: Record | None, south: Record | None, state: str, active: str) -> None:
    pair = seen(north, south)
    assert (pair.state, pair.active) == (state, active)
    assert pair.state in AT_REST or pair.why


def test_a_primary_that_came_back_is_named_in_the_refusal() -> None:
    pair = seen(record(READY, epoch=2), record(RECOVERY_ACTIVE, "south"))
    with pytest.raises(IllegalVerb, match="north came back and still says that it is") as refused:
        permit(pair, VERBS["pre_dr"], "north")
    assert refused.value.fix == "Legal now: failback"


def test_a_pair_whose_roles_were_exchanged_for_good_is_ready_again() -> None:
    after = record(RECOVERY_ACTIVE, "south")
    assert pair_state({"north": after, "south": after}, "south", "north").state == READY


def test_a_run_goes_on_only_in_the_roles_in_which_it_was_begun() -> None:
    pair = both(FAILING_OVER)
    with pytest.raises(IllegalVerb, match="begun with north as the primary"):
        permit(pair, VERBS["unplanned_failover"], "south")
    assert legal_verbs(pair, "south") == []


@pytest.mark.parametrize(
    ("verb", "state", "active"),
    [
        ("planned_failover", RECOVERY_ACTIVE, "south"),
        ("unplanned_failover", RECOVERY_ACTIVE, "south"),
        ("failback", READY, "north"),
        ("test_failover", READY, "north"),
    ],
)
def test_where_a_verb_leads(verb: str, state: str, active: str) -> None:
    here = both(VERBS[verb].running, "north" if verb != "failback" else "south", verb=verb)
    after = ended(here, VERBS[verb], "run-1", {"primary": "north", "recovery": "south"}, SINCE)
    assert (after.state, after.active, after.epoch) == (state, active, 4)


def test_a_site_that_was_not_told_gets_the_record_as_it_is() -> None:
    pair = seen(record(FAILING_OVER), record(READY, epoch=2))
    assert begun(pair, VERBS["planned_failover"], "run-1", "north", "later") == record(FAILING_OVER)
