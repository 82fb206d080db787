"""protection_domain_failover against the simulator: planned, unplanned, deactivation, each twice, and interrupted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import read_record
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report import make_report
from prismsim.testing import running
from tests.integration.direct import run_module
from tests.integration.domains import EAST, WEST, Domains, paired
from tests.integration.elements import direct
from tests.integration.play import play


@pytest.fixture
def domains() -> Iterator[Domains]:
    with running(paired()) as sim:
        yield Domains(sim)


def verbs(result: dict[str, Any]) -> list[str]:
    return [one["verb"] for one in result["protection_domains"]]


def writes(domains: Domains, mark: int) -> list[str]:
    """The last parts of the paths that were written to."""
    return [line["path"].rpartition("/")[2] for line in domains.sim.writes(mark)]


def lost(path: Path) -> list[tuple[str, int, str]]:
    """What the record of a run says about the data lost of each VM."""
    rpo = make_report(read_record(str(path)), "run")["rpo"]
    return [(vm["vm"], vm["seconds"], vm["source"]) for vm in rpo["vms"]]


def test_planned_twice(domains: Domains, tmp_path: Path) -> None:
    mark = domains.sim.mark()
    foretold = domains.move(check=True, power_on="all")
    assert (foretold["changed"], foretold["verdict"], verbs(foretold), foretold["powered_on"]) == (True, "go", ["migrate"], ["sandbox-1"])
    assert domains.sim.writes(mark) == []
    done = domains.move(power_on="all", record={"path": str(tmp_path), "step": "workloads"})
    assert lost(tmp_path) == [("sandbox-1", 0, "planned")]
    keys = ("changed", "verdict", "diff", "powered_on")
    assert [done[key] for key in keys] == [foretold[key] for key in keys]
    assert done["outcomes"] == [{"name": "frame", "verb": "migrate", "status": "done", "error": None}]
    assert (domains.active(), domains.vms("west"), "sandbox-1" in domains.vms("east")) == ((False, True), {"sandbox-1": "ON"}, False)
    mark = domains.sim.mark()
    again = domains.move(power_on="all")
    assert (again["changed"], verbs(again), again["outcomes"][0]["status"], domains.sim.writes(mark)) == (False, ["nothing"], "unchanged", [])


def test_there_and_home_through_prism_central(domains: Domains) -> None:
    clusters = {"east": "east-ahv", "west": "west-ahv"}
    assert domains.move(sites=domains.centrals, clusters=clusters)["changed"]
    assert domains.vms("west") == {"sandbox-1": "OFF"}
    way = {"sites": domains.centrals, "clusters": clusters, "protection_domains": ["frame"]}
    way.update(source="west", target="east", remote_site="east-ahv")
    reprotected = run_module("protection_domain_reprotect", way)
    assert reprotected["changed"], reprotected
    assert domains.sim.cluster_state(WEST)["protection_domain"]["frame"]["remote_site_names"] == ["east-ahv"]
    assert not run_module("protection_domain_reprotect", way)["changed"]
    home = domains.move(**way)
    assert (home["outcomes"][0]["status"], domains.active()) == ("done", (True, False))
    assert run_module("protection_domain_reprotect", {**way, "source": "east", "target": "west", "remote_site": "west-ahv"})["changed"] is False


def test_unplanned_asks_only_the_target(domains: Domains) -> None:
    domains.replicate()
    domains.sim.down("east")
    mark = domains.sim.mark()
    done = domains.move("unplanned", rpo_minutes=60, source=None)
    assert (done["outcomes"][0]["status"], domains.active()[1]) == ("done", True)
    assert {line["site"] for line in domains.sim.requests(mark)} == {WEST}
    assert domains.vms("west") == {"sandbox-1": "ON"}
    assert not domains.move("unplanned")["changed"]


def test_an_old_copy_is_refused_unless_somebody_takes_it_upon_them(domains: Domains, tmp_path: Path) -> None:
    domains.replicate()
    domains.sim.down("east")
    domains.sim.advance(7200)
    mark = domains.sim.mark()
    refused = domains.move("unplanned", rpo_minutes=60)
    assert "PD_COPY_OLD" in {reason["code"] for reason in refused["reasons"] if reason["status"] == "problem"}
    assert (refused["failed"], domains.sim.writes(mark)) == (True, [])
    waiver = {"code": "PD_COPY_OLD", "by": "j.doe", "reason": "the north has burned down", "expires": "2999-12-31"}
    done = domains.move("unplanned", rpo_minutes=60, waivers=[waiver], record={"path": str(tmp_path), "step": "workloads"})
    ((name, seconds, source),) = lost(tmp_path)
    assert (name, source, seconds > 3600) == ("sandbox-1", "snapshot", True)
    assert (done["verdict"], domains.active()[1]) == ("go_with_waivers", True)


def test_nothing_was_ever_replicated(domains: Domains) -> None:
    refused = domains.move("unplanned")
    assert "nothing of it was ever replicated there" in refused["msg"]
    assert refused["findings"][0]["fix"]


def test_split_brain_is_named_refused_and_ended_by_what_was_typed(domains: Domains) -> None:
    domains.replicate()
    domains.sim.down("east")
    domains.move("unplanned")
    domains.sim.up("east")
    mark = domains.sim.mark()
    refused = domains.move("planned")
    assert "protection domain 'frame' split brain: it is active on both east and west" in refused["msg"]
    foretold = domains.move("deactivation", check=True)
    assert foretold["confirmation"].startswith("east:deactivation:")
    untyped = domains.move("deactivation")
    assert "this would DELETE these VMs: sandbox-1" in untyped["msg"]
    assert foretold["confirmation"] in untyped["msg"]
    assert domains.move("deactivation", confirm="east:deactivation:00000000")["failed"]
    assert domains.sim.writes(mark) == []
    done = domains.move("deactivation", confirm=foretold["confirmation"])
    assert (done["changed"], domains.active(), "sandbox-1" in domains.vms("east")) == (True, (False, True), False)
    again = domains.move("deactivation", confirm=foretold["confirmation"])
    assert (again["changed"], again["confirmation"]) == (False, "")


def test_the_only_running_vms_are_never_deleted(domains: Domains) -> None:
    mark = domains.sim.mark()
    refused = domains.move("deactivation", confirm="whatever")
    assert "deactivating it would delete the only running VMs" in refused["msg"]
    assert domains.sim.writes(mark) == []


def test_vms_that_cannot_move_are_named(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    before = domains.vms("east")
    more = run_module("protection_domain", {**direct(domains.sim, EAST), "name": "frame", "vms": [{"name": "sandbox-1"}, {"name": "scratch-1"}]})
    assert more["changed"], more
    refused = domains.move()
    assert "1 VMs can't move to west-ahv: scratch-1; nothing was moved" in refused["msg"]
    assert (domains.active(), domains.vms("east")) == ((True, False), before)


def test_a_running_replication_is_waited_for(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    domains.sim.advance(3600)
    result = domains.move(check=True)
    assert (verbs(result), result["reasons"][0]["code"], result["changed"]) == (["wait"], "PD_REPLICATING", True)
    with domains.arriving_once_it_was_seen("replications"):
        moved = domains.move(move_timeout=60)
    assert (moved["outcomes"][0]["status"], domains.active()) == ("done", (False, True))


def test_a_replication_that_does_not_end_is_named_at_the_deadline(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    domains.sim.advance(3600)
    late = domains.move(move_timeout=2)
    assert "has not arrived in time; last seen: 1 replication still running on east" in late["msg"]
    assert domains.active() == (True, False)


def test_what_runs_is_followed_and_shown(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    mark = domains.sim.mark()
    started = domains.move(move_timeout=1)
    assert "It goes on by itself; run again to follow it further" in started["msg"]
    task = {"name": "Move", "nutanix_flow.dr.protection_domain_failover": domains.options("planned")}
    with domains.arriving_once_it_was_seen("replications"):
        played = play([task], connection={})
    assert (played.results[0]["outcomes"][0]["status"], played.results[0]["outcomes"][0]["verb"]) == ("done", "attach")
    assert "frame: is on its way to west" in played.output
    assert "% sent to west-ahv" in played.output
    assert writes(domains, mark) == ["migrate"]


@pytest.mark.parametrize(
    ("mode", "verb", "fault"),
    [
        ("planned", "migrate", {"do": "status", "status": 503}),
        ("planned", "migrate", {"do": "html"}),
        ("planned", "migrate", {"do": "reset_after"}),
        ("unplanned", "activate", {"do": "reset_before"}),
        ("unplanned", "activate", {"do": "reset_after"}),
    ],
)
def test_a_leader_change_in_the_middle_of_a_write(domains: Domains, mode: str, verb: str, fault: dict[str, Any]) -> None:
    domains.replicate()
    domains.sim.fault(match={"method": "POST", "path": verb, "nth": 1}, **fault)
    done = domains.move(mode)
    assert (done["outcomes"][0]["status"], domains.active()[1]) == ("done", True)


def test_a_leader_change_while_it_is_on_its_way(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    domains.sim.fault(match={"method": "GET", "path": "pending_actions", "nth": 4}, do="status", status=503)
    with domains.arriving_once_it_was_seen("replications"):
        assert domains.move()["outcomes"][0]["status"] == "done"


def test_a_migration_that_fails_on_its_way_is_told(domains: Domains) -> None:
    domains.sim.link(EAST, WEST, megabytes_per_second=1)
    domains.move(move_timeout=1)
    domains.sim.link(EAST, WEST, ports=[])
    late = domains.move(move_timeout=3)
    assert late["failed"], late
    assert domains.active() == (True, False)


def test_an_answer_that_is_lost_on_the_way_to_power_and_to_deactivation(domains: Domains) -> None:
    domains.replicate()
    domains.sim.down("east")
    domains.sim.fault(match={"method": "POST", "path": "set_power_state", "nth": 1}, do="status", status=503)
    domains.move("unplanned")
    domains.sim.edit("west", "vm", "sandbox-1", {"powerState": "OFF"})
    assert domains.move("unplanned", power_on="all")["powered_on"] == ["sandbox-1"]
    assert domains.vms("west") == {"sandbox-1": "ON"}
    domains.sim.up("east")
    domains.sim.fault(match={"method": "POST", "path": "deactivate", "nth": 1}, do="reset_after")
    typed = domains.move("deactivation", check=True)["confirmation"]
    done = domains.move("deactivation", confirm=typed)
    assert (done["outcomes"][0]["status"], domains.active()) == ("done", (False, True))
