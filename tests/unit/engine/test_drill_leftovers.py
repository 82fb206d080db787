# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies that test failovers left: found by the jobs that made them, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drill_leftovers import Leftover, drill_leftovers, named_like
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotFound

LEFT = Leftover("shop", "run-2", ("db-1", "web-1"))
PLANS = [{"extId": "p1", "name": "shop"}]


def job(ext_id: str, action: str = "TEST_FAILOVER", plan: str = "p1") -> dict[str, Any]:
    return {"extId": ext_id, "name": f"run-{ext_id}", "actionType": action, "recoveryPlanExtId": plan, "status": "SUCCEEDED"}


class Central:
    """A Prism Central with jobs that made VMs (job id -> VM ids) and the VMs that are there now (id -> name)."""

    def __init__(self, jobs: list[dict[str, Any]], made: Mapping[str, list[str]], here: Mapping[str, str], minor: tuple[int, int] | None = (4, 2)) -> None:
        self._minor, self._made = minor, made
        vms = [{"extId": ext_id, "name": name} for ext_id, name in here.items()]
        self._lists = {"config/recovery-plan-jobs": jobs, "ahv/config/vms": vms, "config/recovery-plans": PLANS}
        self.asked: list[str] = []

    def minor(self, _namespace: str) -> tuple[int, int]:
        if self._minor is None:
            raise NotFound("it serves no version of the dataprotection API")
        return self._minor

    def list(self, _namespace: str, path: str) -> Iterator[dict[str, Any]]:
        self.asked.append(path)
        if path in self._lists:
            return iter(self._lists[path])
        made = self._made.get(path.split("/")[2], [])
        return iter([{"executionStepResults": [{"result": {"sourceEntityExtId": f"of {one}", "recoveredEntityExtId": one}}]} for one in made])


@pytest.mark.parametrize(
    ("claim", "central", "expected"),
    [
        ("no job", Central([], {}, {"a": "web-1"}), ()),
        ("a failover is no test", Central([job("1", "PLANNED_FAILOVER")], {"1": ["a"]}, {"a": "web-1"}), ()),
        ("cleaned up", Central([job("1")], {"1": ["a"]}, {"b": "web-1"}), ()),
        ("left in part", Central([job("1"), job("2")], {"1": ["a"], "2": ["c", "b"]}, {"b": "web-1", "c": "db-1"}), (LEFT,)),
        ("of a plan that is gone", Central([job("1", plan="p9")], {"1": ["a"]}, {"a": "web-1"}), (Leftover("?", "run-1", ("web-1",)),)),
        ("without recovery plans", Central([job("1")], {"1": ["a"]}, {"a": "web-1"}, minor=(4, 1)), ()),
        ("without the API", Central([job("1")], {"1": ["a"]}, {"a": "web-1"}, minor=None), ()),
    ],
)
def test_what_is_left(claim: str, central: Central, expected: tuple[Leftover, ...]) -> None:
    assert drill_leftovers(central) == expected, claim


def test_a_site_that_nobody_drilled_is_asked_for_its_jobs_only() -> None:
    central = Central([job("1", "VALIDATE")], {}, {"a": "web-1"})
    drill_leftovers(central)
    assert central.asked == ["config/recovery-plan-jobs"]


def test_only_what_has_the_name_of_a_workload_can_be_taken_for_it() -> None:
    left = (Leftover("shop", "run-1", ("db-1", "web-1 (test)")), Leftover("rest", "run-1", ("dns-1 (test)",)))
    assert named_like({"db-1", "dns-1"}, left) == (Leftover("shop", "run-1", ("db-1",)),)
