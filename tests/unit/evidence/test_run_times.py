# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of a run went: steps, attempts, people, and the objectives that the site map sets."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import Event
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report import make_report
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_html import timeline
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report_markdown import duration, objective, took
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.run_times import run_times


def at(minute: float) -> str:
    return f"2026-11-21T12:{int(minute):02}:{int(minute * 60 % 60):02}Z"


def event(minute: float, step: str, kind: str, **data: object) -> Event:
    return Event(0, at(minute), step, kind, data, "", "")


# Checked, applied, and killed; taken up ten minutes later, the workloads took eight minutes to come, and all was verified.
RUN = [
    event(0, "check", "start", user="anna"),
    event(1, "check", "time", began=at(0), module="failover_gate"),
    event(3, "apply", "time", began=at(1), module="replicate"),
    event(13, "check", "start", user="bert"),
    event(14, "check", "time", began=at(13), module="failover_gate"),
    event(14, "lock", "state", targets={"rto_minutes": 20, "step_minutes": {"apply": 5, "workloads": 5}}, what="begun", verb="planned_failover"),
    event(24, "workloads", "time", began=at(15), waited=480, module="coverage_info"),
    event(26, "verify", "time", began=at(25), module="coverage_info"),
    event(27, "report", "end"),
]
TARGETS = {"rto_minutes": 20, "step_minutes": {"apply": 5, "workloads": 5}}


def test_tools_and_people_are_told_apart() -> None:
    clock = run_times(RUN, TARGETS, "")["clock"]
    assert (clock["seconds"], clock["people_seconds"], clock["tool_seconds"]) == (27 * 60, (10 + 8) * 60, 9 * 60)
    assert (clock["attempts"], clock["rto_met"]) == (2, False)
    assert took(clock) == "27 min: 9 min of tools, 18 min waiting for people, in 2 attempts"
    assert objective(clock) == "20 min, not met"


def test_the_clock_starts_when_people_declared_the_disaster() -> None:
    clock = run_times(RUN[:3], {"rto_minutes": 60}, "2026-11-21T11:50:00Z")["clock"]
    assert (clock["start"], clock["seconds"], clock["people_seconds"]) == ("2026-11-21T11:50:00Z", 13 * 60, 10 * 60)
    assert clock["rto_met"] is None, "the run has not ended"


def test_each_step_is_measured_against_its_own_target() -> None:
    steps = {step["step"]: step for step in run_times(RUN, TARGETS, "")["steps"]}
    assert list(steps) == ["check", "apply", "lock", "workloads", "verify"]
    assert steps["check"]["seconds"] == 120, "both attempts"
    assert (steps["apply"]["seconds"], steps["apply"]["met"]) == (120, True)
    assert (steps["workloads"]["seconds"], steps["workloads"]["people_seconds"], steps["workloads"]["met"]) == (540, 480, False)
    assert steps["verify"]["met"] is None


def test_the_drawing_has_a_bar_for_each_piece_and_stays_within_its_frame() -> None:
    drawn = timeline(make_report(RUN, "run-1"))
    assert [(row["name"], len(row["bars"])) for row in drawn["rows"]] == [("check", 2), ("apply", 1), ("lock", 1), ("workloads", 2), ("verify", 1)]
    pieces = [piece for row in drawn["rows"] for piece in row["bars"]]
    assert all(piece["x"] >= 130 and piece["x"] + piece["width"] <= 1002 for piece in pieces)
    assert drawn["limit"] == pytest.approx(130 + 870 * 20 / 27, abs=0.1)
    assert [mark["text"] for mark in drawn["marks"]] == ["0 s", "10 min", "20 min"]


def test_a_run_without_events_has_no_times() -> None:
    assert run_times([], {}, "")["clock"]["seconds"] == 0
    assert timeline(make_report([], "run-1")) == {}


@pytest.mark.parametrize(("seconds", "text"), [(0, "0 s"), (8.4, "8.4 s"), (60, "1 min"), (250, "4 min 10 s"), (3600, "1 h"), (7510, "2 h 5 min")])
def test_durations_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text
