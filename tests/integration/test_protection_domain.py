"""protection_domain and protection_domain_info against the simulator, directly and through Prism Central."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.domains import EAST, paired
from tests.integration.elements import direct, through

REMOTE = [{"site": "west-ahv", "keep": 3}]
SCRATCH: dict[str, Any] = {
    "name": "scratch",
    "vms": [{"name": "scratch-1", "consistency_group": "lab"}],
    "schedules": [{"every": "60m", "keep": 4, "remotes": REMOTE}],
}


@pytest.fixture
def sim() -> Iterator[Running]:
    with running(paired()) as started:
        yield started


def run(sim: Running, options: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    return run_module("protection_domain", {**direct(sim, EAST), **options}, check=check, diff=True)


def info(sim: Running, **options: Any) -> dict[str, Any]:
    return run_module("protection_domain_info", {**through(sim, EAST), **options})


def test_life(sim: Running) -> None:
    mark = sim.mark()
    foretold = run(sim, SCRATCH, check=True)
    assert (foretold["changed"], foretold["calls"], sim.writes(mark)) == (True, [], [])
    created = run(sim, SCRATCH)
    assert created["diff"] == foretold["diff"]
    assert created["calls"] == ["create it", "protect scratch-1 in consistency group lab", "add the schedule every 1h"]
    held = sim.cluster_state(EAST)["protection_domain"]["scratch"]
    assert ([vm["consistency_group"] for vm in held["vms"]], held["remote_site_names"]) == (["lab"], ["west-ahv"])

    changed = {**SCRATCH, "schedules": [{**SCRATCH["schedules"][0], "keep": 5}, {"weekdays": ["sunday"], "at": "02:00", "keep": 2}]}
    mark = sim.mark()
    assert run(sim, changed, check=True)["changed"]
    assert sim.writes(mark) == []
    # The one that is changed began when it was made, so which of them comes first depends on the time of day.
    assert sorted(run(sim, changed)["calls"]) == ["add the schedule on sunday", "change the schedule every 1h"]
    mark = sim.mark()
    again = run_module("protection_domain", {**through(sim, EAST), **changed}, diff=True)
    assert (again["changed"], again["diff"], sim.writes(mark)) == (False, [], [])
    # What is not mentioned is kept.
    assert not run(sim, {"name": "scratch", "vms": SCRATCH["vms"]})["changed"]

    gone = {"name": "scratch", "state": "absent"}
    assert run(sim, gone, check=True)["changed"]
    assert run(sim, gone)["calls"] == ["delete it"]
    assert "scratch" not in sim.cluster_state(EAST)["protection_domain"]
    assert not run(sim, gone)["changed"]
    assert sim.state("east")["vm"]["scratch-1"]


def test_everything_wrong_is_told_before_the_first_write(sim: Running) -> None:
    mark = sim.mark()
    wrong = {**SCRATCH, "vms": [{"name": "sandbox-1"}, {"name": "scrach-1"}], "volume_groups": ["none"]}
    wrong["schedules"] = [{"keep": 1, "remotes": [{"site": "nowhere", "keep": 1}]}]
    told = run(sim, wrong)
    assert sorted(finding["problem"].partition(";")[0] for finding in told["findings"]) == [
        "VM 'sandbox-1' is protected by protection domain 'frame'",
        "has no recurrence",
        "is not on 127.0.0.1",
        "is not on 127.0.0.1",
        "is not on 127.0.0.1",
    ]
    assert sim.writes(mark) == []


def test_a_volume_group_is_not_taken_out(sim: Running) -> None:
    assert "volume group 'profile-1' can't be taken out" in run(sim, {"name": "frame", "volume_groups": []})["msg"]


def test_a_copy_is_not_changed(sim: Running) -> None:
    sim.advance(3700)
    west = direct(sim, "west/west-ahv")
    told = run_module("protection_domain", {**west, "name": "frame", "schedules": [{"every": "1h", "keep": 1}]})
    assert "is not active on 127.0.0.1, where it is only a copy" in told["msg"]


@pytest.mark.parametrize("fault", [{"do": "status", "status": 503}, {"do": "reset_after"}])
def test_an_interruption_at_each_write(sim: Running, fault: dict[str, Any]) -> None:
    for path in ("protection_domains$", "protect_vms", "schedules"):
        sim.fault(match={"method": "POST", "path": path, "nth": 1}, **fault)
    done = run(sim, SCRATCH)
    assert done["changed"], done
    assert not run(sim, SCRATCH)["changed"]
    assert list(sim.cluster_state(EAST)["protection_domain"]) == ["frame", "scratch"]
    assert len(sim.cluster_state(EAST)["protection_domain"]["scratch"]["cron_schedules"]) == 1


def test_lag(sim: Running) -> None:
    [before] = info(sim, rpo_minutes=60)["protection_domains"]
    assert (before["copies"][0]["says"], before["verdict"]) == ("nothing has arrived on west-ahv yet", "problem")
    sim.advance(3700)
    fresh = info(sim, rpo_minutes=60)
    assert (fresh["verdict"], fresh["protection_domains"][0]["copies"][0]["verdict"]) == ("ok", "ok")
    sim.link(EAST, "west/west-ahv", ports=[])
    sim.advance(7200)
    late = info(sim, rpo_minutes=60, names=["frame", "nothing"], query="[?verdict == 'problem'].name")
    assert (late["verdict"], late["missing"], late["query_result"]) == ("problem", ["nothing"], ["frame"])
    assert late["protection_domains"][0]["copies"][0]["seconds"] >= 7200


def test_five_hundred_in_one_listing() -> None:
    estate = paired()
    many = [{"name": f"pd-{number}"} for number in range(500)]
    estate["sites"]["east"]["clusters"][0]["protection_domains"] += many
    with running(estate) as sim:
        mark = sim.mark()
        assert len(run_module("protection_domain_info", direct(sim, EAST))["protection_domains"]) == 501
        assert [line["path"].rpartition("/")[2] for line in sim.requests(mark)] == ["protection_domains"]
