# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runs are unfinished: those that wrote, were not closed, and that no later run of the same verb has done to its end."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.history import left_open, runs, unfinished
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import append

START = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


def write(reports: Path, run_id: str, hour: int, verb: str, *kinds: str) -> None:
    """A run that began ``verb`` at ``hour``, with events of these kinds; ``ok`` and ``failed`` are its end."""
    told = {"planned_failover": "failover", "unplanned_failover": "failover", "test_failover": "drill"}
    ends = {"ok": ("end", {"verb": told.get(verb, verb)}), "failed": ("end", {"verb": verb, "failed": True})}
    events = [("state", {"what": "begun", "verb": verb}), *(ends.get(kind, (kind, {})) for kind in kinds)]
    append(str(reports / run_id), "step", events, now=lambda: START + datetime.timedelta(hours=hour))


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ([], ["killed"]),
        ([("failover", 2, "planned_failover", "intent", "ok")], []),
        ([("disaster", 2, "unplanned_failover", "intent", "ok")], []),
        ([("failed", 2, "planned_failover", "intent", "failed")], ["killed"]),
        ([("test", 2, "test_failover", "intent", "ok")], ["killed"]),
        ([("other", 2, "pre_dr", "intent", "ok")], ["killed"]),
        ([("earlier", 0, "planned_failover", "intent", "ok")], ["killed"]),
        ([("again", 2, "planned_failover", "intent")], ["again", "killed"]),
    ],
)
def test_a_killed_failover_is_unfinished_until_a_failover_ends_well(tmp_path: Path, later: list[tuple[str, int, str, str]], left: list[str]) -> None:
    write(tmp_path, "killed", 1, "planned_failover", "intent")
    for run_id, hour, verb, *kinds in later:
        write(tmp_path, run_id, hour, verb, *kinds)
    assert unfinished(runs(str(tmp_path))) == left


def test_a_killed_drill_is_unfinished_until_a_drill_ends_well(tmp_path: Path) -> None:
    write(tmp_path, "killed", 1, "test_failover", "intent")
    assert unfinished(runs(str(tmp_path))) == ["killed"]
    write(tmp_path, "again", 2, "test_failover", "intent", "ok")
    assert unfinished(runs(str(tmp_path))) == []


def test_a_run_that_meant_to_write_nothing_is_not_unfinished_but_open(tmp_path: Path) -> None:
    write(tmp_path, "looked", 1, "pre_dr", "check")
    write(tmp_path, "closed", 2, "pre_dr", "check", "ok")
    assert unfinished(runs(str(tmp_path))) == []
    assert [left_open(str(tmp_path), run_id) for run_id in ("looked", "closed", "never")] == [True, False, False]


def test_a_damaged_record_is_unfinished_and_can_not_be_closed(tmp_path: Path) -> None:
    write(tmp_path, "run", 1, "pre_dr", "check")
    (tmp_path / "run" / "record.jsonl").write_text("{}\n")
    write(tmp_path, "later", 2, "pre_dr", "intent", "ok")
    assert unfinished(runs(str(tmp_path))) == ["run"]
    assert not left_open(str(tmp_path), "run")


def test_a_record_that_a_kill_cut_off_counts_as_far_as_it_goes(tmp_path: Path) -> None:
    write(tmp_path, "killed", 1, "planned_failover", "intent")
    write(tmp_path, "closed", 2, "pre_dr", "intent", "ok")
    for run_id in ("killed", "closed", "silent"):
        (tmp_path / run_id).mkdir(exist_ok=True)
        with (tmp_path / run_id / "record.jsonl").open("ab") as stream:
            stream.write(b'{"seq": 9, "ty')
    assert unfinished(runs(str(tmp_path))) == ["killed"]
    assert [left_open(str(tmp_path), run_id) for run_id in ("killed", "closed", "silent")] == [True, False, False]
