"""SIGKILL at each single write about protection domains: the same command again has what an uninterrupted run has, a third time nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import running
from tests.integration.bad_weather.kill import kill_at
from tests.integration.direct import run_module
from tests.integration.domains import EAST, Domains, paired
from tests.integration.elements import direct

SCRATCH: dict[str, Any] = {
    "name": "scratch",
    "vms": [{"name": "scratch-1", "consistency_group": "lab"}],
    "schedules": [{"every": "60m", "keep": 4, "remotes": [{"site": "west-ahv", "keep": 3}]}],
}
ABSENT = {"name": "scratch", "state": "absent"}


@pytest.fixture
def domains() -> Iterator[Domains]:
    with running(paired()) as sim:
        yield Domains(sim)


def change(domains: Domains, options: dict[str, Any]) -> dict[str, Any]:
    return run_module("protection_domain", {**direct(domains.sim, EAST), **options})


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("path", [r"protection_domains/?(\?|$)", "protect_vms", "schedules"])
def test_a_kill_at_each_write_of_a_new_one(domains: Domains, path: str, when: str) -> None:
    kill_at(domains.sim, "protection_domain", {**direct(domains.sim, EAST), **SCRATCH}, {"method": "POST", "path": path}, when)
    assert not change(domains, SCRATCH).get("failed")
    held = domains.sim.cluster_state(EAST)["protection_domain"]["scratch"]
    assert [(vm["vm_name"], vm["consistency_group"]) for vm in held["vms"]] == [("scratch-1", "lab")]
    assert (len(held["cron_schedules"]), held["remote_site_names"]) == (1, ["west-ahv"])
    mark = domains.sim.mark()
    assert not change(domains, SCRATCH)["changed"]
    assert domains.sim.writes(mark) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_the_removal(domains: Domains, when: str) -> None:
    change(domains, SCRATCH)
    kill_at(domains.sim, "protection_domain", {**direct(domains.sim, EAST), **ABSENT}, {"method": "DELETE", "path": "protection_domains"}, when)
    assert not change(domains, ABSENT).get("failed")
    assert "scratch" not in domains.sim.cluster_state(EAST)["protection_domain"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("mode", "path"), [("planned", "migrate"), ("planned", "set_power_state"), ("unplanned", "activate")])
def test_a_kill_at_each_write_of_a_move(domains: Domains, mode: str, path: str, when: str) -> None:
    domains.replicate()
    if mode == "unplanned":
        domains.sim.down("east")
    kill_at(domains.sim, "protection_domain_failover", domains.options(mode, power_on="all"), {"method": "POST", "path": path}, when)
    done = domains.move(mode, power_on="all")
    assert not done.get("failed"), done["msg"]
    assert (domains.active()[1], domains.vms("west")) == (True, {"sandbox-1": "ON"})
    if mode == "planned":
        assert (domains.active()[0], "sandbox-1" in domains.vms("east")) == (False, False)
    mark = domains.sim.mark()
    assert not domains.move(mode, power_on="all")["changed"]
    assert domains.sim.writes(mark) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_the_deactivation(domains: Domains, when: str) -> None:
    domains.replicate()
    domains.sim.down("east")
    domains.move("unplanned")
    domains.sim.up("east")
    typed = domains.move("deactivation", check=True)["confirmation"]
    kill_at(domains.sim, "protection_domain_failover", domains.options("deactivation", confirm=typed), {"method": "POST", "path": "deactivate"}, when)
    assert not domains.move("deactivation", confirm=typed).get("failed")
    assert (domains.active(), "sandbox-1" in domains.vms("east"), "sandbox-1" in domains.vms("west")) == ((False, True), False, True)
