"""Pairing two clusters in bad weather: peers that don't answer, names that aren't free, answers that get lost, kills at each write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.remote_site_apply import apply_remote_sites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.remote_sites import RemoteSites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.element_module import open_element
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.element import Element
from prismsim.testing import Running, running
from tests.integration.bad_weather.kill import kill_at
from tests.integration.bad_weather.tells import check_told
from tests.integration.direct import run_module
from tests.integration.elements import EAST, VSTORES, WEST, WEST_ADDRESS, direct, estate, half, through

SITE: dict[str, Any] = {"name": "west-ahv", "addresses": [WEST_ADDRESS], "vstore_map": VSTORES, "network_map": {"desktops": "desktops-dr"}}
DEFAULTS = {"cluster": None, "via_prism_central": False, "nutanix_api_key": None, "validate_certs": True, "timeout": 20}
ABSENT = {"name": "west-ahv", "state": "absent"}
#: What the east has in the end, whatever happened on the way.
END = {"vstore_name_map": VSTORES, "remote_ip_ports": {WEST_ADDRESS: 2020}, "status": "RELATIONSHIP_ESTABLISHED"}


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(estate(west={"remote_sites": [half("west")]})) as started:
        yield started


@pytest.fixture
def sim(simulator: Running) -> Iterator[Running]:
    """The west has its half, the east has none; both again at the end of the test."""
    yield simulator
    if not simulator.alive():
        simulator.restart()
    simulator.clear_faults()
    for source, target in ((EAST, WEST), (WEST, EAST)):
        simulator.link(source, target, ports=[2009, 2020])
    for name in simulator.cluster_state(EAST)["remote_site"]:
        east(simulator).delete(("remote_sites", name))


def paired(sim: Running, **options: Any) -> dict[str, Any]:
    return run_module("remote_site", {**direct(sim, EAST), "cluster": "east-ahv", "wait_timeout": 2, **SITE, **options})


def held(sim: Running) -> dict[str, Any]:
    found: dict[str, Any] = sim.cluster_state(EAST)["remote_site"]["west-ahv"]
    return found


def east(sim: Running) -> Element:
    return open_element({**DEFAULTS, **direct(sim, EAST)})


def once_more(sim: Running) -> bool:
    """The same again, below the module, which is quicker; whether anything was written."""
    sites = RemoteSites(east(sim))
    sites.read()
    planned, _warnings = sites.plan([SITE])
    outcomes, pending = apply_remote_sites(planned, sites, wait=2)
    assert ([outcome.error for outcome in outcomes if outcome.error], pending) == ([], {})
    return planned.changed


def check_converged(sim: Running) -> None:
    """The same again does the rest, and a third time nothing."""
    once_more(sim)
    assert {name: held(sim)[name] for name in END} == END
    assert once_more(sim) is False
    assert list(sim.cluster_state(EAST)["remote_site"]) == ["west-ahv"]


def test_the_peer_is_unreachable(sim: Running) -> None:
    """And its map can't be written at creation: the site is made, the map waits for the next run."""
    sim.down(WEST)
    result = paired(sim)
    sim.up(WEST)
    said = ("the relationship is not established after 2 s; its state: unreachable", "port 2020 of the peer's virtual IP and all its CVMs")
    check_told(result, *said, type="DeadlineExceeded", verb="wait for", kind="remote_site", name="west-ahv", site="east-ahv")
    assert held(sim)["vstore_name_map"] == {}
    check_converged(sim)


@pytest.mark.parametrize(
    ("source", "target", "ports", "state"),
    [(EAST, WEST, [2009], "unreachable"), (WEST, EAST, [2009], "not_established"), (EAST, WEST, [2020], "not_established")],
)
def test_a_port_is_closed_one_way(sim: Running, source: str, target: str, ports: list[int], state: str) -> None:
    sim.link(source, target, ports=ports)
    check_told(paired(sim), f"its state: {state}", type="DeadlineExceeded", name="west-ahv", site="east-ahv")
    sim.link(source, target, ports=[2009, 2020])
    check_converged(sim)


def test_the_credentials_are_wrong_on_one_cluster_only(sim: Running) -> None:
    mark = sim.mark()
    peer = {**direct(sim, WEST), "cluster": "west-ahv", "nutanix_password": "east-only/4u"}
    secrets = ("west-only/4u", "east-only/4u")
    check_told(paired(sim, peer=peer), "answered 401", type="Unauthorized", verb="read", site="west-ahv", secrets=secrets)
    assert sim.writes(mark) == [], "the other cluster is untouched"
    assert len([call for call in sim.requests(mark) if call["status"] == 401]) == 1


def test_the_peer_was_built_anew(sim: Running) -> None:
    once_more(sim)
    sim.rebuild(WEST)
    found = paired(sim)
    check_told(found, "its state: not_established", "whether the peer was built anew since this half was made", type="DeadlineExceeded", name="west-ahv")
    assert run_module("remote_site", {**direct(sim, EAST), **ABSENT})["changed"]
    check_converged(sim)


def test_a_container_was_renamed(sim: Running) -> None:
    """The map names containers: the entry of the old name does nothing, and says so until it is replaced."""
    once_more(sim)
    rename_container(sim, "frame", "frame-2")
    try:
        told = paired(sim)
        assert told["changed"] is False
        assert "vstore_map: 'frame' is no storage container of east-ahv any more (renamed?), so its entry does nothing" in str(told["warnings"])
        wrong = paired(sim, vstore_map={**VSTORES, "frames": "frame-dr"})
        check_told(wrong, "unknown storage container of east-ahv 'frames' (did you mean 'frame-2'?)", type="InvalidInput", verb="plan", site="east-ahv")
        assert paired(sim, vstore_map={"SelfServiceContainer": "SelfServiceContainer", "frame-2": "frame-dr"})["changed"]
    finally:
        rename_container(sim, "frame-2", "frame")


def rename_container(sim: Running, old: str, new: str) -> None:
    element = east(sim)
    uuid = next(container["containerUuid"] for container in element.list("containers") if container["name"] == old)
    element.update("containers", {"containerUuid": uuid, "name": new, "vstoreNameList": [new]})


def test_a_removed_site_is_made_again() -> None:
    """Removal takes its time: the name is not free before it is over, and ``absent`` waits for that."""
    with running(estate(west={"remote_sites": [half("west")]}), profile="realistic") as sim:
        assert paired(sim, wait_timeout=20)["remote_site"]["_prism"]["status"] == "established"
        assert run_module("remote_site", {**direct(sim, EAST), **ABSENT, "wait": False})["changed"]
        taken = paired(sim)
        said = "remote site 'west-ahv': still exists, marked for removal; its name is free when it is gone"
        check_told(taken, said, type="InvalidInput", verb="plan", site="east-ahv")
        gone = run_module("remote_site", {**direct(sim, EAST), **ABSENT, "wait_timeout": 20})
        assert (gone.get("failed"), gone["changed"]) == (None, False)
        assert sim.cluster_state(EAST)["remote_site"] == {}
        assert paired(sim, wait_timeout=20)["remote_site"]["_prism"]["status"] == "established"


def test_one_to_which_a_schedule_replicates_is_not_removed(sim: Running) -> None:
    once_more(sim)
    element = east(sim)
    element.create("protection_domains", {"value": "frame", "annotations": []})
    schedule = {"pdName": "frame", "type": "HOURLY", "everyNth": 1, "userStartTimeInUsecs": 1, "retentionPolicy": {"remoteMaxSnapshots": {"west-ahv": 2}}}
    element.create(("protection_domains", "frame", "schedules"), schedule)
    try:
        mark = sim.mark()
        kept = run_module("remote_site", {**direct(sim, EAST), **ABSENT})
        said = "remote site 'west-ahv': can't be deleted, the schedules of 'frame' replicate to it (remove those schedules first"
        check_told(kept, said, type="InvalidInput", verb="plan")
        assert sim.writes(mark) == []
    finally:
        element.delete(("protection_domains", "frame"))


@pytest.mark.parametrize("status", [502, 503])
def test_the_leader_moves_at_every_call(sim: Running, status: int) -> None:
    """Each first call of its kind is turned away. Reads are tried again; what is written is read, and written again if it wasn't."""
    for method, path in (("GET", "remote_sites"), ("PUT", "remote_sites"), ("GET", "vstores"), ("GET", "cluster")):
        sim.fault(do="status", status=status, site=EAST, match={"method": method, "path": path, "times": 1})
    result = paired(sim)
    assert not result.get("failed"), result["msg"]
    assert {name: held(sim)[name] for name in END} == END


def test_the_leader_moves_at_the_creation(sim: Running) -> None:
    sim.fault(do="status", status=503, site=EAST, match={"method": "POST", "path": "remote_sites", "times": 1})
    check_told(paired(sim), "answered 503", "try again", type="ServerError", verb="create", kind="remote_site", name="west-ahv", site="east-ahv")
    assert sim.cluster_state(EAST)["remote_site"] == {}
    check_converged(sim)


@pytest.mark.parametrize("way", [direct, through])
def test_a_proxy_answers_with_a_page(sim: Running, way: Any) -> None:
    site = EAST if way is direct else "east"
    sim.fault(do="html", status=404, site=site, match={"path": "remote_sites"})
    result = run_module("remote_site_info", {**way(sim, EAST), "cluster": "east-ahv"})
    said = ("answered 404 with something that is no answer of the API", "no proxy or login page stands between")
    check_told(result, *said, type="ServerError", verb="list", site="east-ahv")


@pytest.mark.parametrize("do", ["reset_before", "reset_after", "truncate"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_answer_to_a_write_is_lost(sim: Running, method: str, do: str) -> None:
    sim.fault(do=do, site=EAST, match={"method": method, "path": "remote_sites", "times": 1})
    result = paired(sim)
    if (method, do) == ("POST", "reset_before"):
        check_told(result, "the connection broke", type="ConnectionFailed", verb="create", kind="remote_site", name="west-ahv", site="east-ahv")
        assert "not known" not in result["msg"], "it was looked for"
    else:
        assert not result.get("failed"), result["msg"]
    check_converged(sim)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("who", ["client", "server"])
def test_a_kill_at_each_write_of_pairing(sim: Running, who: str, method: str, when: str) -> None:
    kill(sim, who, method, when, {**direct(sim, EAST), "cluster": "east-ahv", "wait_timeout": 2, **SITE})
    check_converged(sim)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("who", ["client", "server"])
def test_a_kill_at_the_removal(sim: Running, who: str, when: str) -> None:
    once_more(sim)
    kill(sim, who, "DELETE", when, {**direct(sim, EAST), **ABSENT})
    gone = run_module("remote_site", {**direct(sim, EAST), **ABSENT})
    assert not gone.get("failed"), gone["msg"]
    assert sim.cluster_state(EAST)["remote_site"] == {}


def kill(sim: Running, who: str, method: str, when: str, options: dict[str, Any]) -> None:
    """Run the module and kill it, or the simulator, at its first write of this kind."""
    kill_at(sim, "remote_site", {**options, "timeout": 5}, {"method": method, "path": "remote_sites"}, when, who=who, site=EAST)
