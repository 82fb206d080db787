"""From one protection domain to another: the calls, their order, and what is kept of schedules that we have no words for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_changes import calls, removed_groups, settled
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.reverse_schedules import reversed_schedules
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.protection_domain import PROTECTION_DOMAIN, read_domain
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.snapshot_schedule import read_schedule, write_schedule
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotRepresentable
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity_checks import check_whole
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.spans import Span

NOW = 1_700_000_000_000_000  # 22:13:20 UTC
REMOTE = [{"site": "south-ahv", "keep": 8}]
HOURLY = {"every": "1h", "at": "10:00", "keep": 4, "remotes": REMOTE}


def body(schedule: dict[str, Any], ext_id: str = "s1") -> dict[str, Any]:
    return {**write_schedule(schedule, "shop", NOW), "id": ext_id}


def canonical(**params: Any) -> dict[str, Any]:
    problems = Problems()
    found = read_params(PROTECTION_DOMAIN, {"name": "shop", **params}, problems)
    check_whole(PROTECTION_DOMAIN, found, problems)
    problems.check()
    return found


@pytest.mark.parametrize(
    ("written", "means"),
    [("60m", "1h"), ("1 hour", "1h"), ("90 minutes", "90m"), ("24h", "1d"), ("36 h", "36h"), ("3600s", "1h"), ("7d", "7d"), ("45 sec", "45s")],
)
def test_lengths_of_time_have_one_spelling(written: str, means: str) -> None:
    problems = Problems()
    assert (Span(("s", "m", "h", "d")).canonical(written, "every", problems), problems.findings) == (means, [])


@pytest.mark.parametrize("written", ["", "0h", "hourly", "1x", "h", "1mo", "-1h", "1.5h"])
def test_what_is_no_length_of_time_is_told(written: str) -> None:
    problems = Problems()
    Span(("s", "m", "h", "d")).canonical(written, "every", problems)
    assert [finding.where for finding in problems.findings] == ["every"]


@pytest.mark.parametrize(
    "schedule",
    [
        HOURLY,
        {"every": "15m", "at": "00:00", "keep": 1},
        {"every": "14d", "at": "23:59", "keep": 1, "keep_for": "30d"},
        {"weekdays": ["sunday", "friday"], "at": "02:00", "keep": 2, "keep_for": "3mo", "app_consistent": True},
        {"days_of_month": [1, 15], "at": "02:30", "keep": 2, "suspended": True},
        {"every": "1d", "at": "01:00", "keep": 2, "remotes": [{"site": "a", "keep": 1, "keep_for": "7d"}, {"site": "b", "keep": 2}]},
    ],
)
def test_a_schedule_survives_both_ways(schedule: dict[str, Any]) -> None:
    assert read_schedule(body(schedule), "shop") == schedule


@pytest.mark.parametrize("wire", [{"type": "MONTHLY", "values": []}, {"type": "WEEKLY", "everyNth": 2, "values": [1]}, {"type": "YEARLY"}])
def test_a_schedule_without_words_is_refused(wire: dict[str, Any]) -> None:
    with pytest.raises(NotRepresentable):
        read_schedule(wire, "shop")


def test_what_has_no_words_is_kept_when_a_schedule_changes() -> None:
    old = {**body(HOURLY), "rollupScheduleUuid": "r1", "durationInUsecs": 5}
    [call] = calls("shop", {"schedules": [HOURLY]}, {"schedules": [{**HOURLY, "keep": 5}]}, [old], {}, NOW)
    schedule, written = call.given
    assert (call.verb, schedule, written["rollupScheduleUuid"], written["durationInUsecs"]) == ("change_schedule", "s1", "r1", 5)
    assert (written["retentionPolicy"]["localMaxSnapshots"], written["userStartTimeInUsecs"]) == (5, old["userStartTimeInUsecs"])


@pytest.mark.parametrize(
    ("claim", "before", "after", "told"),
    [
        ("create", None, canonical(vms=[{"name": "web"}], schedules=[HOURLY]), ["create it", "protect web", "add the schedule every 1h"]),
        ("delete", canonical(vms=[{"name": "web"}]), None, ["delete it"]),
        ("one in, one out", canonical(vms=[{"name": "a"}]), canonical(vms=[{"name": "b"}]), ["unprotect a", "protect b"]),
        (
            "another consistency group",
            canonical(vms=[{"name": "a"}, {"name": "b"}]),
            canonical(vms=[{"name": "a", "consistency_group": "g"}, {"name": "b"}]),
            ["unprotect a", "protect a in consistency group g"],
        ),
        ("its own group says nothing", canonical(vms=[{"name": "a"}]), canonical(vms=[{"name": "a", "consistency_group": "a"}]), []),
        (
            "together",
            canonical(),
            canonical(vms=[{"name": "b", "consistency_group": "g"}, {"name": "a", "consistency_group": "g"}, {"name": "c"}]),
            ["protect c", "protect a, b in consistency group g"],
        ),
        ("a volume group", canonical(), canonical(volume_groups=["data"]), ["protect volume groups data"]),
        (
            "another recurrence",
            canonical(schedules=[HOURLY]),
            canonical(schedules=[{**HOURLY, "every": "2h"}]),
            ["add the schedule every 2h", "drop the schedule every 1h"],
        ),
        ("another time", canonical(schedules=[HOURLY]), canonical(schedules=[{**HOURLY, "at": "11:00"}]), ["change the schedule every 1h"]),
    ],
)
def test_calls(claim: str, before: dict[str, Any] | None, after: dict[str, Any] | None, told: list[str]) -> None:
    held = [body(schedule, f"s{index}") for index, schedule in enumerate((before or {}).get("schedules") or ())]
    assert [call.says for call in calls("shop", before, after, held, {"data": "uuid"}, NOW)] == told, claim


def test_a_time_that_is_not_said_is_kept() -> None:
    free = {name: value for name, value in HOURLY.items() if name != "at"}
    assert settled({"name": "shop", "schedules": [free]}, {"schedules": [HOURLY]})["schedules"] == [HOURLY]
    assert settled({"name": "shop", "schedules": [free]}, None)["schedules"] == [free]
    both = [HOURLY, {**HOURLY, "at": "10:30"}]
    found = settled({"name": "shop", "schedules": [free, both[0]]}, {"schedules": both})["schedules"]
    assert sorted(schedule["at"] for schedule in found) == ["10:00", "10:30"]


def test_a_volume_group_that_would_have_to_leave_is_named() -> None:
    assert removed_groups(canonical(volume_groups=["a", "b"]), canonical(volume_groups=["b"])) == ["a"]
    assert removed_groups(canonical(volume_groups=["a"]), None) == []


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"vms": [{"name": "a"}, {"name": "a", "consistency_group": "g"}]}, "names 'a' twice"),
        ({"schedules": [{"keep": 1}]}, "has no recurrence"),
        ({"schedules": [{"every": "1h", "weekdays": ["sunday"], "keep": 1}]}, "has every and weekdays"),
        ({"schedules": [{"every": "1h", "keep": 1}, {"every": "60m", "keep": 2}]}, "strikes every 1h like another one"),
        ({"schedules": [{"every": "1h", "keep": 1, "remotes": [{"site": "s", "keep": 1}, {"site": "s", "keep": 2}]}]}, "names s twice"),
        ({"schedules": [{"every": "1h", "keep": 1, "at": "25:00"}]}, "characters that the API refuses"),
    ],
)
def test_what_cannot_be_is_told(params: dict[str, Any], problem: str) -> None:
    problems = Problems()
    check_whole(PROTECTION_DOMAIN, read_params(PROTECTION_DOMAIN, {"name": "shop", **params}, problems), problems)
    assert problem in " ".join(finding.problem for finding in problems.findings)


def test_reading_one() -> None:
    vms = [{"vmName": "b", "consistencyGroup": "g", "appConsistentSnapshots": True}, {"vmName": "a", "consistencyGroup": "a"}]
    held = read_domain({"name": "shop", "vms": vms, "volumeGroups": None, "cronSchedules": None, "somethingNewer": 1})
    assert held.canonical == canonical(vms=[{"name": "a"}, {"name": "b", "consistency_group": "g", "app_consistent": True}])


NORTH = {"schedules": [HOURLY, {"every": "1d", "at": "01:00", "keep": 9}]}


@pytest.mark.parametrize(
    ("claim", "here", "there", "fallback", "remotes"),
    [
        ("mirrored", {}, NORTH, [], {"every 1d": [], "every 1h": ["north-ahv"]}),
        ("kept", {"schedules": [{**HOURLY, "remotes": [{"site": "north-ahv", "keep": 1}]}]}, NORTH, [], {"every 1h": ["north-ahv"]}),
        ("suspended leads nowhere", {"schedules": [{**HOURLY, "suspended": True, "remotes": [{"site": "north-ahv", "keep": 1}]}]}, NORTH, [],
         {"every 1d": [], "every 1h": ["north-ahv"]}),
        ("one's own stay", {"schedules": [{"every": "2h", "keep": 1}]}, NORTH, [], {"every 1d": [], "every 1h": ["north-ahv"], "every 2h": []}),
        ("told", {}, None, [{**HOURLY, "remotes": [{"site": "north-ahv", "keep": 3}]}], {"every 1h": ["north-ahv"]}),
        ("nothing to go by", {}, {"schedules": [{"every": "1d", "keep": 1}]}, [], None),
    ],
)  # fmt: skip
def test_reversed(claim: str, here: dict[str, Any], there: dict[str, Any] | None, fallback: list[Any], remotes: dict[str, list[str]] | None) -> None:
    found = reversed_schedules(here, there, "north-ahv", fallback)
    told = None if found is None else {f"every {one['every']}": [remote["site"] for remote in one.get("remotes", ())] for one in found}
    assert told == remotes, claim
    assert not found or not any(one.get("suspended") for one in found)
