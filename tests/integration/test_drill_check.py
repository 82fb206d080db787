"""nutanix_flow.dr.drill_check against the simulator, before, during and after a test failover."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prismsim.testing import running
from tests.integration.direct import run_module
from tests.integration.play import connection_of
from tests.integration.recovery_pair import RecoveryPair, estate, waiver

NAMES = ["db-1", "web-1", "web-2"]


class Drill:
    """A run with its record, on a pair of which a baseline was exported."""

    def __init__(self, pair: RecoveryPair, directory: Path) -> None:
        self.pair, self.directory = pair, directory
        exported = run_module("baseline", {"path": str(directory / "baseline"), "site": "north", **connection_of(pair.sim.ready, "north")})
        assert exported["changed"], exported

    def check(self, phase: str, run_id: str = "drill", **options: Any) -> dict[str, Any]:
        sites = [{"id": site, **connection_of(self.pair.sim.ready, site)} for site in ("north", "south")]
        given = {"phase": phase, "plans": ["shop"], "run_id": run_id, "sites": sites, "primary": "north", "recovery": "south", **options}
        record = {"path": str(self.directory / "reports" / run_id), "step": "check"}
        return run_module("drill_check", {**given, "baseline": str(self.directory / "baseline"), "record": record})

    def gate(self, mover: str) -> list[str]:
        """What a gate says of copies that tests left."""
        sites = [{"id": site, **connection_of(self.pair.sim.ready, site)} for site in ("north", "south")]
        site_map = str(self.directory / "dr_site_map.yml")
        if not Path(site_map).exists():
            written = run_module("site_map", {"path": site_map, "primary": "north", "recovery": "south", "sites": sites})
            assert written["changed"], written
        given = {"mode": "unplanned", "primary": "north", "recovery": "south", "sites": sites, "site_map": site_map, "tries": 1}
        found = run_module("failover_gate", {**given, "baseline": str(self.directory / "baseline"), "mover": mover})
        assert "reasons" in found, found
        return [reason["text"] for reason in found["reasons"] if reason["code"].startswith("TEST_VMS")]


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    with running(estate()) as sim:
        yield Drill(RecoveryPair(sim), tmp_path)


def codes(result: dict[str, Any]) -> list[str]:
    assert "reasons" in result, result
    return sorted(reason["code"] for reason in result["reasons"] if reason["status"] != "ok")


def test_a_test_is_told_apart_from_production_and_gone_on_with(drill: Drill) -> None:
    mark = drill.pair.sim.mark()
    before = drill.check("before")
    assert (before["verdict"], before["vms"], codes(before)) == ("go", NAMES, []), before
    assert before["plans"] == [{"name": "shop", "job": "drill", "clean_first": False, "vms": NAMES, "test_networks": ["servers-test"]}]
    assert drill.pair.sim.writes(mark) == []

    vms = drill.pair.run("test", run_id="drill")["vms"]
    tested = drill.check("tested", recovered=vms)
    assert (tested["verdict"], codes(tested)) == ("go", [])
    again = drill.check("before")
    assert [(plan["job"], plan["clean_first"], plan["vms"]) for plan in again["plans"]] == [("drill", False, NAMES)]
    other = drill.check("before", "another")
    assert (other["verdict"], codes(other)) == ("no_go", ["TEST_VMS_LEFT"])
    (left,) = drill.gate("external")
    assert left.startswith("db-1, web-1, web-2 on south are copies that test failover drill left")
    assert drill.gate("recovery_plans") == []
    waived = drill.check("before", "another", waivers=[waiver("TEST_VMS_LEFT")])
    assert (waived["verdict"], waived["plans"][0]["clean_first"]) == ("go_with_waivers", True)

    drill.pair.sim.edit("north", "vm", "web-1", {"powerState": "OFF"})
    left = drill.check("cleaned")
    assert codes(left) == ["PRODUCTION_TOUCHED", "TEST_VMS_LEFT"]
    drill.pair.sim.edit("north", "vm", "web-1", {"powerState": "ON"})
    drill.pair.run("clean_up", run_id="drill", record={"path": str(drill.directory / "reports" / "drill"), "step": "clean_up"})
    cleaned = drill.check("cleaned")
    assert (cleaned["verdict"], codes(cleaned)) == ("go", [])
    assert drill.check("before")["plans"][0]["job"] == "drill-2", "what the first test showed is gone"


def test_what_speaks_against_a_test_is_told_at_once(drill: Drill) -> None:
    web = drill.pair.sim.state("north")["vm"]["web-1"]
    drill.pair.sim.create("north", "vm", {"name": "web-3", **{member: web[member] for member in ("categories", "cluster", "nics")}})
    told = drill.check("before", plans=["shop", "no-such-plan"])
    assert (told["verdict"], codes(told)) == ("no_go", ["PLAN_UNUSABLE", "VM_NOT_IN_BASELINE"]), told
    assert "no-such-plan is not there" in str(told["reasons"])
    assert "the baseline doesn't know web-3" in str(told["reasons"])
    assert codes(drill.check("cleaned", "another")) == ["PRODUCTION_CANNOT_TELL"]
