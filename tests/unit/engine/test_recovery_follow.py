# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a recovery job is looked at: two calls in ten seconds at most, a line at least every ten, and not for a playbook that is gone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.recovery_follow import Following, PlanAt
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import DeadlineExceeded, DrError

PLAN = {"extId": "p", "name": "shop"}


class Central:
    """A Prism Central whose job never ends, unless it ``takes`` so many seconds; ``looks`` has when it was asked for it."""

    site = "south"

    def __init__(self) -> None:
        self.time = 0.0
        self.takes: float | None = None
        self.looks: list[float] = []

    def minor(self, _namespace: str) -> tuple[int, int]:
        return 4, 2

    def list(self, _namespace: str, path: str) -> list[dict[str, Any]]:
        self.looks.append(self.time)
        return [self._job("other"), self._job("run-1")] if path.endswith("jobs") else []

    def get(self, _namespace: str, _path: str, ext_id: str) -> Any:
        self.looks.append(self.time)
        return type("Fetched", (), {"body": self._job(ext_id)})

    def _job(self, name: str) -> dict[str, Any]:
        job = {"extId": name, "name": name, "recoveryPlanExtId": "p", "actionType": "PLANNED_FAILOVER", "status": "RUNNING"}
        if self.takes is None:
            return job
        over = self.time >= self.takes
        return {**job, "percentageComplete": int(min(100 * self.time / self.takes, 100)), "status": "SUCCEEDED" if over else "RUNNING"}

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def follow(central: Central, interval: float, **options: Any) -> list[tuple[float, str]]:
    """Follow a job until the deadline; the lines with their times."""
    lines: list[tuple[float, str]] = []

    def tell(line: str) -> None:
        lines.append((central.time, line))

    how = Following(100.0, interval, tell, sleep=central.sleep, now=lambda: central.time, **options)
    with pytest.raises(DrError):
        PlanAt(central, "shop", PLAN).follow(how, task="t", name="run-1")
    return lines


@pytest.mark.parametrize("interval", [1.0, 5.0, 7.0, 60.0])
def test_two_calls_in_ten_seconds_and_a_line_in_ten(interval: float) -> None:
    central = Central()
    lines = follow(central, interval)
    for begin in central.looks:
        assert sum(begin <= look < begin + 10 for look in central.looks) <= 2
    times = [time for time, _line in lines]
    assert all(later - earlier <= 10 for earlier, later in itertools.pairwise(times))
    assert len(central.looks) >= 10


def test_only_the_job_of_this_run_is_followed() -> None:
    central = Central()
    followed = PlanAt(central, "shop", PLAN)
    with pytest.raises(DeadlineExceeded, match="run again to attach"):
        followed.follow(Following(20.0, 5.0, lambda line: None, sleep=central.sleep, now=lambda: central.time), task="t", name="run-1")


def test_nobody_follows_for_a_playbook_that_is_gone() -> None:
    central = Central()
    assert follow(central, 5.0, gone=lambda: central.time > 20)[-1][0] <= 20


@pytest.mark.parametrize("seconds", [1.0, 20.0, 31.0, 48.0, 200.0])
def test_the_end_of_a_steady_job_is_seen_soon(seconds: float) -> None:
    """It is looked at shortly after the likely end, not ten seconds after the look before."""
    central = Central()
    central.takes = seconds
    how = Following(300.0, 10.0, lambda line: None, sleep=central.sleep, now=lambda: central.time)
    assert PlanAt(central, "shop", PLAN).follow(how, task="t", name="run-1")["status"] == "SUCCEEDED"
    assert seconds <= central.time <= seconds + 5


def test_a_job_that_stands_still_is_looked_at_with_full_pauses() -> None:
    central = Central()
    central.takes = 1e9
    follow(central, 10.0)
    assert [later - earlier for earlier, later in itertools.pairwise(central.looks)][1:] == [8.75] + [10.0] * 9
