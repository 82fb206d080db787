"""vStore mappings against the simulator: one entry and the whole map, by both ways; who is left out; what is refused before the first write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.elements import EAST, VSTORES, WEST, direct, estate, half, through

Way = Callable[[Running, str], dict[str, Any]]
FRAME = {"local": "frame", "remote": "frame-dr"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate(east={"remote_sites": [half("east")]}, west={"remote_sites": [half("west")]})) as started:
        yield started


@pytest.fixture
def sim(simulator: Running) -> Iterator[Running]:
    yield simulator
    run_module("vstore_mapping", {**direct(simulator, EAST), "remote_site": "west-ahv", "prune": True, "vstore_map": {}})


def mapped(sim: Running) -> dict[str, str]:
    found: dict[str, str] = sim.cluster_state(EAST)["remote_site"]["west-ahv"]["vstore_name_map"]
    return found


@pytest.mark.parametrize("way", [direct, through])
def test_one_entry(sim: Running, way: Way) -> None:
    options = {**way(sim, EAST), "remote_site": "west-ahv"}
    mark = sim.mark()
    foretold = run_module("vstore_mapping", {**options, **FRAME}, check=True, diff=True)
    assert sim.writes(mark) == []
    made = run_module("vstore_mapping", {**options, **FRAME}, diff=True)
    assert made["changed"], made
    assert {name: value for name, value in foretold.items() if name != "warnings"} == {name: value for name, value in made.items() if name != "warnings"}
    assert (made["vstore_map"], mapped(sim)) == ({"frame": "frame-dr"}, {"frame": "frame-dr"})
    assert made["unmapped"] == [{"container": "scratch", "vms": ["scratch-1"], "volume_groups": []}]
    assert [line["method"] for line in sim.writes(mark)] == ["PUT"]
    again = run_module("vstore_mapping", {**options, **FRAME}, diff=True)
    assert (again["changed"], again["diff"]) == (False, [])
    other = run_module("vstore_mapping", {**options, "local": "frame", "remote": "SelfServiceContainer", "state": "absent"})
    assert (other["changed"], other["vstore_map"]) == (False, {"frame": "frame-dr"}), "another destination than the one that is there"
    gone = run_module("vstore_mapping", {**options, "local": "frame", "state": "absent"})
    assert (gone["changed"], gone["vstore_map"], mapped(sim)) == (True, {}, {})
    assert gone["unmapped"][0] == {"container": "frame", "vms": ["sandbox-1"], "volume_groups": ["profile-1"]}
    assert run_module("vstore_mapping", {**options, "local": "frame", "state": "absent"})["changed"] is False


def test_the_whole_map_and_many_to_one(sim: Running) -> None:
    options = {**direct(sim, EAST), "remote_site": "west-ahv", "peer": direct(sim, WEST)}
    run_module("vstore_mapping", {**options, "local": "scratch", "remote": "frame-dr"})
    added = run_module("vstore_mapping", {**options, "vstore_map": VSTORES})
    assert added["vstore_map"] == {**VSTORES, "scratch": "frame-dr"}, "two containers may lead to one"
    assert added["unmapped"] == []
    assert "warnings" not in added, "the peer was asked"
    whole = run_module("vstore_mapping", {**options, "vstore_map": {**VSTORES, "frame": "SelfServiceContainer"}, "prune": True})
    assert (whole["changed"], mapped(sim)) == (True, {"SelfServiceContainer": "SelfServiceContainer", "frame": "SelfServiceContainer"})
    assert run_module("vstore_mapping", {**options, "vstore_map": whole["vstore_map"], "prune": True})["changed"] is False


@pytest.mark.parametrize(
    ("asked", "findings"),
    [
        ({"vstore_map": {"frame": ["frame-dr", "x"]}}, ["'west-ahv'.vstore_map.frame: a storage container becomes one storage container of the peer, not 2"]),
        ({"local": "frame"}, ["'west-ahv'.vstore_map.frame: 'remote' is missing"]),
        (
            {"local": "SelfServiceContainer", "remote": "frame-dr"},
            ["SelfServiceContainer: leads to 'SelfServiceContainer' already and can't lead to 'frame-dr' too (remove that entry first, or give"],
        ),
        (
            {"vstore_map": {"frames": "frame-dr", "scratch": "scratch"}},
            [
                "vstore_map: unknown storage container of 127.0.0.1 'frames' (did you mean 'frame'?)",
                "vstore_map.scratch: unknown storage container of the peer 'scratch' (known: NutanixManagementShare, SelfServiceContainer, frame-dr)",
            ],
        ),
        ({"remote_site": "west", "local": "frame", "remote": "frame-dr"}, ["read remote site 'west' on 127.0.0.1: it is not there; there are: west-ahv"]),
    ],
)
def test_what_cannot_be_is_refused_before_the_first_write(sim: Running, asked: dict[str, Any], findings: list[str]) -> None:
    options = {**direct(sim, EAST), "remote_site": "west-ahv", "peer": direct(sim, WEST)}
    run_module("vstore_mapping", {**options, "local": "SelfServiceContainer", "remote": "SelfServiceContainer"})
    mark = sim.mark()
    wrong = run_module("vstore_mapping", {**options, **asked})
    assert sim.writes(mark) == []
    assert wrong["failed"]
    assert [finding for finding in findings if finding not in wrong["msg"]] == [], wrong["msg"]


def test_without_the_peer_a_warning_says_what_was_not_checked(sim: Running) -> None:
    made = run_module("vstore_mapping", {**direct(sim, EAST), "remote_site": "west-ahv", **FRAME}, check=True)
    assert "vstore_map: whether the peer has 'frame-dr' can't be told from here; give 'peer' to have it checked" in str(made["warnings"])
    wrong = run_module("vstore_mapping", {**direct(sim, EAST), "remote_site": "west-ahv", "local": "frame", "remote": "nothing"})
    assert "update remote site 'west-ahv' on 127.0.0.1: " in wrong["msg"]
    assert "answered 500: vStore nothing does not exist on remote site west-ahv" in wrong["msg"]
    assert wrong["changed"] is False
    assert mapped(sim) == {}
