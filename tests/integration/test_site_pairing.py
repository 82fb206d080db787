"""site_pairing against the simulator: both directions in one run, again without a change, and from wherever a run was interrupted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import COLLECTIONS, MODULES, run_module
from tests.integration.elements import EAST, WEST, direct, estate, half
from tests.integration.play import connection_of

MAP = """schema_version: 1
pair: {name: frame}
sites:
  east: {prism_central: pc-east, clusters: [east-ahv]}
  west: {prism_central: pc-west, clusters: [west-ahv]}
pairing:
  bandwidth_policy:
    east: {megabytes_per_second: 40}
maps:
  clusters:
    - {east: east-ahv, west: west-ahv}
  containers:
    - {east: frame, west: frame-dr}
  subnets:
    - {east: desktops, west: desktops-dr}
"""
FORTH = {"SelfServiceContainer": "SelfServiceContainer", "frame": "frame-dr"}
BACK = {remote: local for local, remote in FORTH.items()}


class World(NamedTuple):
    sim: Running
    directory: Path

    @property
    def sites(self) -> list[dict[str, Any]]:
        return [{"id": site, **connection_of(self.sim.ready, site), "wait_timeout": 20} for site in ("east", "west")]

    def pair(self, text: str = MAP, *, check: bool = False, **options: Any) -> dict[str, Any]:
        path = self.directory / "dr_site_map.yml"
        path.write_text(text)
        known = {"site_map": str(path), "primary": "east", "recovery": "west", "sites": self.sites}
        return run_module("site_pairing", {**known, **options}, check=check, diff=check)

    @contextmanager
    def started(self) -> Iterator[subprocess.Popen[bytes]]:
        """The same in a process of its own, to be killed."""
        options = {"site_map": str(self.directory / "dr_site_map.yml"), "primary": "east", "recovery": "west", "sites": self.sites}
        (self.directory / "dr_site_map.yml").write_text(MAP)
        arguments = self.directory / "arguments.json"
        arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
        command = [sys.executable, "-m", f"{MODULES}.site_pairing", str(arguments)]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(COLLECTIONS)}, stdout=subprocess.DEVNULL) as process:
            yield process

    def half(self, cluster: str, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.sim.cluster_state(cluster)["remote_site"][name]
        return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with running(estate()) as sim:
        yield World(sim, tmp_path)


def maps(site: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    links = site["network_mapping"]["l2_network_mappings"]
    return site["vstore_name_map"], {link["src_network_name"]: link["dest_network_name"] for link in links}


def assert_paired(world: World) -> None:
    east, west = world.half(EAST, "west-ahv"), world.half(WEST, "east-ahv")
    assert [site["status"] for site in (east, west)] == ["RELATIONSHIP_ESTABLISHED"] * 2
    assert (maps(east), maps(west)) == ((FORTH, {"desktops": "desktops-dr"}), (BACK, {"desktops-dr": "desktops"}))
    assert (east["bandwidth_policy"]["default_bandwidth_limit"], west["bandwidth_policy"]) == (40_000_000, None)


def test_both_directions_in_one_run_and_again_without_a_change(world: World) -> None:
    mark = world.sim.mark()
    rehearsed = world.pair(check=True)
    assert (rehearsed["changed"], world.sim.writes(mark)) == (True, [])
    assert [(one["cluster"], one["verb"]) for one in rehearsed["halves"]] == [("east-ahv", "create"), ("west-ahv", "create")]
    assert rehearsed["halves"][0]["unmapped"] == [{"container": "scratch", "workloads": ["VM scratch-1"]}]

    done = world.pair(confirmed_digest=rehearsed["confirmation_digest"][:8])
    assert (done["changed"], done.get("msg")) == (True, None)
    assert set(done) == set(rehearsed)
    assert_paired(world)
    written = [(call["method"], call["site"]) for call in world.sim.writes(mark)]
    assert sorted(written) == [("POST", "east"), ("POST", "west"), ("PUT", "east"), ("PUT", "west")], "one write per half and phase"

    mark = world.sim.mark()
    again = world.pair()
    assert (again["changed"], again["diff"], world.sim.writes(mark)) == (False, [], [])
    assert {one["verb"] for one in again["halves"]} == {"none"}
    assert "was approved" in world.pair(confirmed_digest=rehearsed["confirmation_digest"])["msg"]


def test_a_run_that_was_killed_at_any_write_is_finished_by_the_next(world: World) -> None:
    """What is there after one write is also what is there before the next."""
    found = {}
    for nth in (1, 2, 3, 4):
        world.sim.fault(do="blackhole_after", match={"method": ["POST", "PUT"], "nth": nth})
        mark = world.sim.mark()
        with world.started() as process:
            deadline = time.monotonic() + 300
            while len(world.sim.writes(mark)) < nth and time.monotonic() < deadline:
                time.sleep(0.05)
            process.kill()
        world.sim.clear_faults()
        assert len(world.sim.writes(mark)) == nth
        found[nth] = world.pair().get("msg")
        assert_paired(world)
        for cluster, name in ((EAST, "west-ahv"), (WEST, "east-ahv")):
            run_module("remote_site", {**direct(world.sim, cluster), "name": name, "state": "absent"})
    assert found == dict.fromkeys(found, None)


def test_what_is_wrong_on_both_clusters_is_told_before_the_first_write(world: World) -> None:
    mark = world.sim.mark()
    refused = world.pair(MAP.replace("{east: frame, west: frame-dr}", "{east: frame, west: frame-dr}\n    - {east: lost, west: gone}"))
    assert {finding["problem"] for finding in refused["findings"]} == {
        "there is no storage container 'lost' on east-ahv",
        "there is no storage container 'gone' on west-ahv",
    }
    assert world.sim.writes(mark) == []


def test_wrong_credentials_on_one_cluster_only(world: World) -> None:
    mark = world.sim.mark()
    sites = [{**site, "nutanix_password": "wrong"} if site["id"] == "west" else site for site in world.sites]
    refused = world.pair(sites=sites)
    assert "cluster 'west-ahv'" in refused["msg"]
    assert "401" in refused["msg"]
    assert world.sim.writes(mark) == []
    elements = [{"cluster": name.partition("/")[2], **direct(world.sim, name)} for name in (EAST, WEST)]
    assert world.pair(sites=sites, prism_elements=elements).get("msg") is None, "clusters that are asked directly need no Prism Central"
    assert_paired(world)


def test_a_port_closed_one_way_is_told_and_the_next_run_goes_on(world: World) -> None:
    world.sim.link(EAST, WEST, ports=[2009])
    sites = [{**site, "wait_timeout": 1} for site in world.sites]
    stuck = world.pair(sites=sites)
    assert "remote site 'west-ahv' on east-ahv: the relationship is not established after 1 s; its state: unreachable" in stuck["msg"]
    assert "2020" in stuck["error"]["fix"]
    assert {(outcome["cluster"], outcome["verb"]): outcome["status"] for outcome in stuck["outcomes"]} == {
        ("east-ahv", "create"): "done", ("west-ahv", "create"): "done",
    }  # fmt: skip
    world.sim.link(EAST, WEST, ports=[2009, 2020])
    assert world.pair().get("msg") is None
    assert_paired(world)


def test_a_half_that_leads_elsewhere_is_shown_and_only_replaced_when_told_so(tmp_path: Path) -> None:
    strange = {"remote_sites": [{"name": "west-ahv", "addresses": ["203.0.113.9"]}]}
    with running(estate(east=strange)) as sim:
        world = World(sim, tmp_path)
        mark = sim.mark()
        refused = world.pair()
        assert "leads to 203.0.113.9, west-ahv is at 198.51.100.50, 198.51.100.51" in refused["msg"]
        assert sim.writes(mark) == []
        assert world.pair(check=True, replace=True)["halves"][0]["verb"] == "update"
        assert world.pair(replace=True).get("msg") is None
        assert_paired(world)


def test_a_cluster_that_was_built_anew_is_only_paired_anew_when_told_so(tmp_path: Path) -> None:
    paired = {"east": {"remote_sites": [half("east", vstore_map=FORTH)]}, "west": {"remote_sites": [half("west", vstore_map=BACK)]}}
    with running(estate(**paired)) as sim:
        world = World(sim, tmp_path)
        assert world.pair().get("msg") is None
        sim.rebuild(WEST)
        refused = world.pair()
        assert "was made for another cluster than west-ahv is now" in refused["msg"]
        rehearsed = world.pair(check=True, replace=True)
        assert [one["verb"] for one in rehearsed["halves"]] == ["replace", "none"]
        done = world.pair(replace=True)
        assert [(one["cluster"], one["verb"], one["status"]) for one in done["outcomes"][:2]] == [
            ("east-ahv", "delete", "done"),
            ("east-ahv", "create", "done"),
        ]
        assert_paired(world)
        assert world.pair()["changed"] is False


def test_the_map_is_completed_and_checked_where_clusters_are_paired(world: World) -> None:
    world.pair(check=True)
    options = {"path": str(world.directory / "dr_site_map.yml"), "primary": "east", "recovery": "west", "sites": world.sites}
    done = run_module("site_map", options)
    assert {"east": "SelfServiceContainer", "west": "SelfServiceContainer", "origin": "generated"} in done["site_map"]["maps"]["containers"]
    assert done["cluster_pairs"] == [{"clusters": {"east": "east-ahv", "west": "west-ahv"}, "remote_sites": {"east": "west-ahv", "west": "east-ahv"}}]
    assert "'scratch' of east has no counterpart" in str(done["unmatched"])
    assert run_module("site_map", options)["changed"] is False


def test_a_map_without_clusters(world: World) -> None:
    assert "maps.clusters names no pair of clusters" in world.pair(MAP.replace("    - {east: east-ahv, west: west-ahv}\n", ""))["msg"]
