"""Remote sites against the simulator: a life from create to absent by both ways, and what is found wrong before the first write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.elements import EAST, EAST_ADDRESS, VSTORES, WEST, WEST_ADDRESS, direct, estate, half, through

Way = Callable[[Running, str], dict[str, Any]]
WHOLE = {
    "name": "west-ahv",
    "addresses": [WEST_ADDRESS],
    "network_map": {"desktops": "desktops-dr"},
    "vstore_map": VSTORES,
    "bandwidth_policy": {
        "megabytes_per_second": 100.0,
        "windows": [{"days": ["monday", "friday"], "from": "08:00", "to": "18:00", "megabytes_per_second": 12.5}],
    },
}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate(west={"remote_sites": [half("west")]})) as started:
        yield started


@pytest.fixture(params=[direct, through])
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
def sim(simulator: Running) -> Iterator[Running]:
    """The west has its half, the east has none; both again at the end of the test."""
    yield simulator
    simulator.clear_faults()
    simulator.up(WEST)
    for source, target in ((EAST, WEST), (WEST, EAST)):
        simulator.link(source, target, ports=[2009, 2020])
    for name in list(simulator.cluster_state(EAST)["remote_site"]):
        run_module("remote_site", {**direct(simulator, EAST), "name": name, "state": "absent"})


def test_a_life(sim: Running, way: Way) -> None:
    options = {**way(sim, EAST), **WHOLE}
    mark = sim.mark()
    foretold = run_module("remote_site", options, check=True, diff=True)
    assert sim.writes(mark) == []
    made = run_module("remote_site", options, diff=True)
    assert (foretold["changed"], made["changed"]) == (True, True), (foretold, made)
    assert foretold["diff"] == made["diff"]
    assert set(foretold) == set(made)
    assert [(line["method"], line["path"].rpartition("/")[2]) for line in sim.writes(mark)] == [("POST", "remote_sites"), ("PUT", "remote_sites")]
    seen = made["remote_site"]
    assert seen["_prism"]["status"] == "established"
    assert {name: seen[name] for name in WHOLE if name != "bandwidth_policy"} == {name: WHOLE[name] for name in WHOLE if name != "bandwidth_policy"}
    assert seen["bandwidth_policy"] == {"name": "bandwidth", "enabled": True, **WHOLE["bandwidth_policy"], "megabytes_per_second": 100}
    assert {name: value for name, value in foretold["remote_site"].items() if name != "_prism"} == {
        name: value for name, value in seen.items() if name != "_prism"
    }

    mark = sim.mark()
    again = run_module("remote_site", options, diff=True)
    assert (again["changed"], again["diff"], sim.writes(mark)) == (False, [], [])
    assert len(sim.requests(mark)) <= 6, "an unchanged site costs a constant number of calls"

    changed = run_module("remote_site", {**way(sim, EAST), "name": "west-ahv", "compression": False}, diff=True)
    assert changed["changed"]
    shown = changed["diff"][0]
    assert shown["after"] == shown["before"].replace("compression: true", "compression: false") != shown["before"]
    kept = {name: value for name, value in changed["remote_site"].items() if name not in ("compression", "_prism")}
    assert kept == {name: value for name, value in seen.items() if name not in ("compression", "_prism")}

    listed = run_module("remote_site_info", {**way(sim, EAST), "query": "[?_prism.status == 'established'].name"})
    assert [site["name"] for site in listed["remote_sites"]] == listed["query_result"] == ["west-ahv"]
    assert listed["remote_sites"][0] == changed["remote_site"]

    gone = run_module("remote_site", {**way(sim, EAST), "name": "west-ahv", "state": "absent"}, diff=True)
    assert (gone["changed"], gone["remote_site"], gone["diff"][0]["after"]) == (True, None, "")
    gone = run_module("remote_site", {**way(sim, EAST), "name": "west-ahv", "state": "absent"})
    assert (gone["changed"], gone["remote_site"]) == (False, None)
    assert sim.cluster_state(EAST)["remote_site"] == {}


def test_limits_are_written_in_the_unit_of_the_api(sim: Running) -> None:
    for unit, units in (("bytes", 12_500_000), ("megabytes", 12)):
        policy = {"megabytes_per_second": units / (1_000_000 if unit == "bytes" else 1), "name": "office"}
        made = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "bandwidth_policy": policy, "bandwidth_unit": unit})
        assert not made.get("failed"), made
        assert sim.cluster_state(EAST)["remote_site"]["west-ahv"]["bandwidth_policy"]["default_bandwidth_limit"] == units
        again = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "bandwidth_policy": policy, "bandwidth_unit": unit})
        assert again["changed"] is False
    none = run_module("remote_site", {**direct(sim, EAST), "name": "west-ahv", "bandwidth_policy": {}})
    assert none["changed"]
    assert "bandwidth_policy" not in none["remote_site"]


def test_a_policy_and_its_windows_keep_their_ids(sim: Running) -> None:
    run_module("remote_site", {**direct(sim, EAST), **WHOLE})
    before = sim.cluster_state(EAST)["remote_site"]["west-ahv"]
    faster = {**WHOLE["bandwidth_policy"], "megabytes_per_second": 200}
    assert run_module("remote_site", {**direct(sim, EAST), "name": "west-ahv", "bandwidth_policy": faster})["changed"]
    after = sim.cluster_state(EAST)["remote_site"]["west-ahv"]
    assert after["bandwidth_policy"] == {**before["bandwidth_policy"], "default_bandwidth_limit": 200_000_000}
    assert after["network_mapping"] == before["network_mapping"]


def test_the_first_half_of_a_pair_is_made_without_waiting(sim: Running) -> None:
    run_module("remote_site", {**direct(sim, WEST), "name": "east-ahv", "state": "absent"})
    try:
        first = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "wait": False})
        assert (first["changed"], first["pending"]) == (True, ["vstore_map"]), first
        assert first["remote_site"]["_prism"]["status"] == "not_established"
        assert first["remote_site"]["network_map"] == WHOLE["network_map"]
    finally:
        second = run_module("remote_site", {**direct(sim, WEST), "name": "east-ahv", "addresses": [EAST_ADDRESS]})
    assert second["remote_site"]["_prism"]["status"] == "established"
    first = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "wait": False})
    assert (first["changed"], first["pending"], first["remote_site"]["vstore_map"]) == (True, [], VSTORES)


def test_all_that_is_wrong_is_said_before_the_first_write(sim: Running) -> None:
    run_module("remote_site", {**direct(sim, EAST), "name": "west-ahv", "addresses": [WEST_ADDRESS]})
    mark = sim.mark()
    wrong = run_module(
        "remote_site",
        {
            **direct(sim, EAST),
            "name": "west-too",
            "addresses": [WEST_ADDRESS, EAST_ADDRESS],
            "proxy": True,
            "network_map": {"desktop": "desktops-dr", "desktops": "servers"},
            "vstore_map": {"framed": "frame-dr", "frame": "frame"},
            "peer": direct(sim, WEST),
        },
    )
    assert sim.writes(mark) == []
    assert [f"{finding['where']}: {finding['problem']} ({finding['fix']})" for finding in wrong["findings"]] == [
        f"remote site 'west-too'.addresses: {EAST_ADDRESS} is an address of this cluster itself (give an address of the peer; its half leads here)",
        f"remote site 'west-too'.addresses: {WEST_ADDRESS} is the address of remote site 'west-ahv' too "
        "(one peer is one remote site: use that one, or delete it first)",
        "remote site 'west-too'.vstore_map: unknown storage container of 127.0.0.1 'framed' (did you mean 'frame'?)",
        "remote site 'west-too'.vstore_map.frame: unknown storage container of the peer 'frame' (did you mean 'frame-dr'?)",
        "remote site 'west-too'.network_map: unknown network of 127.0.0.1 'desktop' (did you mean 'desktops'?)",
        "remote site 'west-too'.network_map.desktops: unknown network of the peer 'servers' (known: desktops-dr)",
        "remote site 'west-too'.addresses: has several addresses, a site with a proxy has one (give the virtual IP of the peer, as the proxy shows it)",
    ]


def test_one_container_cannot_become_two(sim: Running) -> None:
    wrong = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "vstore_map": {"frame": ["frame-dr", "SelfServiceContainer"]}})
    assert "'west-ahv'.vstore_map.frame: a storage container becomes one storage container of the peer, not 2 (choose one)" in wrong["msg"]
    assert sim.cluster_state(EAST)["remote_site"] == {}


def test_the_plural_makes_and_prunes(sim: Running) -> None:
    sites = [{"name": "west-ahv", "addresses": [WEST_ADDRESS]}, {"name": "branch", "addresses": ["203.0.113.5"], "capabilities": ["backup"]}]
    options = {**direct(sim, EAST), "remote_sites": sites, "wait": False}
    made = run_module("remote_sites", options)
    assert made["summary"] == {"created": ["remote_site/branch", "remote_site/west-ahv"], "updated": [], "deleted": [], "unchanged": 0}
    assert [site["_prism"]["status"] for site in made["remote_sites"]] == ["unreachable", "established"]
    assert run_module("remote_sites", options)["changed"] is False
    pruned = run_module("remote_sites", {**options, "remote_sites": sites[:1], "prune": True, "wait": True})
    assert pruned["summary"]["deleted"] == ["remote_site/branch"]
    assert list(sim.cluster_state(EAST)["remote_site"]) == ["west-ahv"]
    none = run_module("remote_sites", {**options, "remote_sites": [], "prune": True})
    assert none["error"]["type"] == "SafetyLimit"


def test_what_the_contract_leaves_open_may_be_answered_the_other_way() -> None:
    """Every switch of the simulator that concerns remote sites, thrown."""
    thrown = {
        "element_status_lower_case": True, "element_status_needs_full_details": True, "element_one_half_handshakes": True,
        "element_address_ports": True, "element_remote_vstore_info": True, "element_unknown_vstore_refused": False,
        "element_rules_answer_422": True, "element_unknown_name_answers_404": False, "element_delete_in_use_refused": True,
    }  # fmt: skip
    with running(estate(west={"remote_sites": [half("west")]}, switches=thrown)) as sim:
        wrong = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "vstore_map": {**VSTORES, "frame": "frame-d"}})
        assert "vstore_map.frame: unknown storage container of the peer 'frame-d' (did you mean 'frame-dr'?)" in wrong["msg"], "told by the site itself"
        mark = sim.mark()
        again = run_module("remote_site", {**direct(sim, EAST), **WHOLE, "vstore_map": {**VSTORES, "frame": "frame-d"}})
        assert (again["error"]["type"], sim.writes(mark)) == ("InvalidInput", [])
        made = run_module("remote_site", {**direct(sim, EAST), **WHOLE})
        assert (made["changed"], made["remote_site"]["vstore_map"], made["remote_site"]["_prism"]["status"]) == (True, VSTORES, "established")
        assert run_module("remote_site", {**direct(sim, EAST), **WHOLE})["changed"] is False
        moved = run_module("remote_site", {**direct(sim, EAST), "name": "west-ahv", "addresses": [WEST_ADDRESS, "198.51.100.51"]})
        assert moved["remote_site"]["addresses"] == [WEST_ADDRESS, "198.51.100.51"]
        assert run_module("remote_site", {**direct(sim, EAST), "name": "west-ahv", "state": "absent"})["changed"]
        alone = run_module("remote_site", {**direct(sim, WEST), "name": "east-ahv", "compression": False, "wait_timeout": 1})
        assert "its state: handshaking. Make the half on the peer" in alone["msg"]
        assert alone["changed"], "what was written is written"
