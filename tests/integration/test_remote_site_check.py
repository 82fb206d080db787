"""remote_site_check against the simulator: what both clusters tell, directly and by Prism Central, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.elements import EAST, VSTORES, WEST, direct, estate, half, through

BACK = {remote: local for local, remote in VSTORES.items()}
PAIRED = {
    "east": {"remote_sites": [half("east", vstore_map=VSTORES)]},
    "west": {"remote_sites": [half("west", vstore_map=BACK)], "clock_offset_seconds": 90},
}


def check(sim: Running, way: Any = through, *, peer: Mapping[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    other = {"peer": peer if peer is not None else way(sim, WEST)}
    return run_module("remote_site_check", {**way(sim, EAST), "name": "west-ahv", "probe": False, **other, **options})


def statuses(result: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in result["findings"]:
        found.setdefault(finding["id"], set()).add(finding["status"])
    return found


@pytest.fixture(scope="module")
def world() -> Iterator[Running]:
    with running(estate(**PAIRED)) as started:
        yield started


@pytest.fixture
def sim(world: Running) -> Iterator[Running]:
    yield world
    world.clear_faults()
    for one, other in ((EAST, WEST), (WEST, EAST)):
        world.link(one, other, ports=[2009, 2020])


@pytest.mark.parametrize(("way", "clocks"), [(direct, "warning"), (through, "cannot_tell")])
def test_both_ways_tell_the_same_but_the_clocks(sim: Running, way: Any, clocks: str) -> None:
    mark = sim.mark()
    result = check(sim, way)
    assert statuses(result) == {
        "REMOTE_SITE": {"ok"}, "RELATIONSHIP": {"ok"}, "LATENCY": {"ok"}, "PEER_ADDRESS": {"ok"}, "PEER_INCARNATION": {"ok"},
        "PORTS_FROM_HERE": {"cannot_tell"}, "CLOCKS": {clocks}, "ALERTS": {"ok"},
    }  # fmt: skip
    assert [(one["cluster"], one["name"], one["status"]) for one in result["remote_sites"]] == [
        ("east-ahv", "west-ahv", "relationship_established"),
        ("west-ahv", "east-ahv", "relationship_established"),
    ] or way is direct
    assert result["remote_sites"][0]["vstores"] == VSTORES
    assert sim.writes(mark) == []


def test_the_calls_do_not_depend_on_what_there_is(sim: Running) -> None:
    mark = sim.mark()
    check(sim, direct, profile="frame")
    # A module has one connection to each cluster: who is it, its CVMs, remote sites, containers, VMs, volume groups, alerts.
    assert len(sim.requests(mark)) == 14


@pytest.mark.parametrize(("ports", "east", "west"), [([2009], "problem", "problem"), ([2020], "problem", "problem")])
def test_a_port_closed_one_way(sim: Running, ports: list[int], east: str, west: str) -> None:
    sim.link(EAST, WEST, ports=ports)
    found = {finding["object"]: finding for finding in check(sim)["findings"] if finding["id"] == "RELATIONSHIP"}
    here, there = found["remote site 'west-ahv' on east-ahv"], found["remote site 'east-ahv' on west-ahv"]
    assert (here["status"], there["status"]) == (east, west)
    assert "2020" in here["fix"]
    assert "2009" in there["fix"]


def test_wrong_credentials_on_one_cluster_only(sim: Running) -> None:
    result = check(sim, direct, peer={**direct(sim, WEST), "nutanix_password": "wrong"})
    found = {(finding["id"], finding["object"]): finding for finding in result["findings"]}
    assert found["RELATIONSHIP", "remote site 'west-ahv' on east-ahv"]["status"] == "ok"
    lost = found["REMOTE_SITE", "remote site 'east-ahv' on 127.0.0.1"]
    assert (lost["status"], "401" in lost["cause"]) == ("cannot_tell", True)
    assert result["verdict"] == "cannot_tell"


def test_without_a_peer_one_half_is_told(sim: Running) -> None:
    options = {**through(sim, EAST), "name": "west-ahv", "probe": False}
    result = run_module("remote_site_check", options)
    assert statuses(result)["RELATIONSHIP"] == {"ok", "cannot_tell"}


def test_one_part_that_can_not_be_read_hides_no_other(sim: Running) -> None:
    sim.fault(do="status", status=403, site=EAST, match={"path": "alerts"})
    found = statuses(check(sim, direct))
    assert (found["ALERTS"], found["RELATIONSHIP"]) == ({"cannot_tell", "ok"}, {"ok"})


def test_a_cluster_that_the_prism_central_does_not_know_is_wrong_input(sim: Running) -> None:
    assert "there are: east-ahv" in check(sim, cluster="lost")["msg"]


def test_frame_is_told_condition_by_condition(sim: Running) -> None:
    signed = [{"id": "F16", "by": "j.doe", "date": "2026-11-21"}]
    result = check(sim, profile="frame", sign_offs=signed)
    assert [finding["id"] for finding in result["findings"]] == [f"F{number}" for number in range(1, 19)]
    found = {id: next(iter(told)) for id, told in statuses(result).items()}
    assert {id for id, status in found.items() if status != "ok"} == {"F7", "F10"}
    assert (found["F7"], found["F10"]) == ("cannot_tell", "problem"), "nothing was replicated yet; scratch is in use and not mapped"
    assert "scratch (VM scratch-1)" in next(finding["cause"] for finding in result["findings"] if finding["id"] == "F10")
    assert statuses(check(sim, profile="frame", workloads=["sandbox-*", "profile-*"]))["F10"] == {"ok"}


def test_a_day_that_is_none(sim: Running) -> None:
    assert "sign_offs[0].date: 'yesterday' is no date" in check(sim, sign_offs=[{"id": "F16", "by": "j.doe", "date": "yesterday"}])["msg"]


def test_a_peer_that_was_built_anew_and_one_that_is_gone() -> None:
    with running(estate(**PAIRED)) as sim:
        check(sim)  # the clusters meet
        sim.rebuild(WEST)
        found = {(finding["id"], finding["object"]): finding for finding in check(sim)["findings"]}
        assert found["PEER_INCARNATION", "remote site 'west-ahv' on east-ahv"]["status"] == "problem"
        assert found["ALERTS", "remote site 'west-ahv' on east-ahv"]["status"] == "problem"
        sim.down("west")
        result = check(sim)
        found = {(finding["id"], finding["object"]): finding for finding in result["findings"]}
        assert found["RELATIONSHIP", "remote site 'west-ahv' on east-ahv"]["status"] == "problem"
        assert found["REMOTE_SITE", "remote site 'east-ahv' on west-ahv"]["status"] == "cannot_tell"


def test_the_control_host_tries_every_port_of_both(sim: Running) -> None:
    found = [finding for finding in check(sim, probe=True, probe_timeout=1)["findings"] if finding["id"] == "PORTS_FROM_HERE"]
    tried = [sorted(one.split()[0] for one in finding["evidence"].split(", ")) for finding in found]
    assert tried == [[f"{net}.{host}:{port}" for host in (50, 51) for port in (2009, 2020)] for net in ("198.51.100", "192.0.2")]
