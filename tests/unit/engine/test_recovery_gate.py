# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks for and against running recovery plans, and what is typed to have old copies fenced."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_gate import Way, approval, fence_phrase, plan_text, reasons, running_copies
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_job import Decision
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_picture import Member, Picture, Stale

WAY = Way("planned", "north", "south")
DB = Member("db-1", "1", 1, 600, None)
JOB = {"name": "run-1", "actionType": "PLANNED_FAILOVER", "status": "RUNNING", "startTime": "2026-11-21T10:00:00Z"}
ON, OFF = Stale("db-1", "9", True), Stale("web-1", "8", False)


def picture(*members: Member, verb: str = "start", stale: tuple[Stale, ...] = (), unknown: int = 0) -> Picture:
    return Picture("shop", True, Decision(verb, JOB if verb != "start" else None), 2, members, stale, unknown)


@pytest.mark.parametrize(
    ("claim", "seen", "rpo", "expected"),
    [
        ("all is well", picture(DB), 3600, {"PLAN_READY": "ok", "PLAN_COPIES": "ok"}),
        ("there is no such plan", Picture("shop", False, Decision("")), None, {"PLAN_MISSING": "problem"}),
        ("nothing to recover", picture(), None, {"PLAN_EMPTY": "problem"}),
        ("who is recovered can't be told", picture(unknown=1), None, {"PLAN_CANNOT_TELL": "problem"}),
        ("some who are recovered can't be told", picture(DB, unknown=1), None, {"PLAN_READY": "ok", "PLAN_CATEGORY": "warning", "PLAN_COPIES": "ok"}),
        ("somebody else runs it", picture(DB, verb="refuse"), None, {"PLAN_BUSY": "problem"}),
        ("it failed", picture(DB, verb="stop"), None, {"PLAN_FAILED": "problem"}),
        ("it runs", picture(verb="attach"), None, {"PLAN_RUNS": "ok"}),
        ("it was run, whatever is left there", picture(verb="report", stale=(ON,)), None, {"PLAN_DONE": "ok"}),
        ("no copy", picture(DB._replace(age=None)), 3600, {"PLAN_READY": "ok", "PLAN_COPY_MISSING": "problem"}),
        ("an old copy", picture(DB._replace(age=3601)), 3600, {"PLAN_READY": "ok", "PLAN_COPY_OLD": "problem"}),
        ("no target for its age", picture(DB._replace(age=3601)), None, {"PLAN_READY": "ok", "PLAN_COPIES": "ok"}),
        ("its policy says it is late", picture(DB._replace(within=False)), None, {"PLAN_READY": "ok", "PLAN_COPY_OLD": "problem"}),
        ("no network", picture(DB._replace(homeless=("web",))), None, {"PLAN_READY": "ok", "PLAN_COPIES": "ok", "PLAN_NETWORK": "problem"}),
        ("old copies", picture(DB, stale=(ON, OFF)), None, {"PLAN_READY": "ok", "PLAN_COPIES": "ok", "PLAN_STALE": "problem", "PLAN_STALE_OFF": "warning"}),
    ],
)
def test_every_reason_is_told(claim: str, seen: Picture, rpo: int | None, expected: dict[str, str]) -> None:
    assert {reason.code: reason.status for reason in reasons([seen], [], WAY, rpo)} == expected, claim


def test_workloads_in_no_plan_are_named() -> None:
    found = {reason.code: reason for reason in reasons([picture(DB)], ["tenant-1"], WAY, None)}
    assert (found["PLAN_UNCOVERED"].status, "tenant-1" in found["PLAN_UNCOVERED"].text) == ("warning", True)


def test_every_old_copy_that_runs_is_named_however_many() -> None:
    many = tuple(Stale(f"vm-{number:03}", str(number), True) for number in range(200))
    (found,) = (reason for reason in reasons([picture(DB, stale=many)], [], WAY, None) if reason.code == "PLAN_STALE")
    assert all(one.name in found.text for one in many)


def test_words_take_the_place_of_fencing() -> None:
    found = {reason.code: reason.status for reason in reasons([picture(DB, stale=(ON,))], [], WAY, None, "the hosts are off")}
    assert found["PLAN_STALE"] == "warning"


def test_only_running_copies_of_what_is_yet_to_move_are_fenced_and_each_set_has_a_phrase_of_its_own() -> None:
    assert running_copies([picture(DB, stale=(ON, OFF)), picture(DB, verb="report", stale=(ON,))]) == [ON]
    phrase = fence_phrase("north", [ON])
    assert phrase.startswith("north:fence:")
    assert phrase != fence_phrase("north", [ON._replace(ext_id="10")])
    assert fence_phrase("north", []) == ""


def test_the_approval_knows_plans_their_order_and_the_way() -> None:
    known: dict[str, Any] = {
        approval(WAY, ["shop", "rest"]): "as meant",
        approval(WAY, ["rest", "shop"]): "another order",
        approval(WAY, ["shop"]): "one plan less",
        approval(WAY._replace(mode="unplanned"), ["shop", "rest"]): "another mode",
        approval(WAY._replace(source="south", target="north"), ["shop", "rest"]): "the other way",
    }
    assert len(known) == 5
    assert approval(WAY, ["shop", "rest"]) == approval(WAY, ("shop", "rest"))


def test_the_text_of_a_plan_has_stages_and_vms() -> None:
    text = plan_text(picture(DB, Member("web-1", "2", 2, None, None)), "south")
    assert text == "runs_on: south\nstages:\n  1:\n  - db-1\n  2:\n  - web-1\n"
