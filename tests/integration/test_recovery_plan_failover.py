"""nutanix_flow.dr.recovery_plan_failover against the simulator: the gate reads, the plans run once, old copies are fenced by name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.record import read_record
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.report import make_report
from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.play import connection_of
from tests.integration.recovery_pair import estate, waiver

NAMES = ["db-1", "web-1", "web-2"]
SITE_MAP = """schema_version: 1
pair: {name: recovery}
sites:
  north: {prism_central: pc-north, clusters: [north-ahv]}
  south: {prism_central: pc-south, clusters: [south-ahv]}
maps:
  recovery_plans: [shop]
  subnets:
    - {north: servers, south: servers}
targets: {rpo_minutes: 60}
"""


class Pair(NamedTuple):
    """The world, and the files of the person who runs the module."""

    sim: Running
    directory: Path

    def run(self, mode: str = "planned", *, home: bool = False, check: bool = False, **options: Any) -> dict[str, Any]:
        sites = [{"id": site, **connection_of(self.sim.ready, site)} for site in ("north", "south")]
        way = {"source": "south", "target": "north"} if home else {"source": "north", "target": "south"}
        files = {"site_map": str(self.directory / "map.yml"), "baseline": str(self.directory / "baseline")}
        given = {"mode": mode, "run_id": "go", "sites": sites, **way, **files, **options}
        return run_module("recovery_plan_failover", given, check=check)

    def codes(self, status: str, **options: Any) -> set[str]:
        """The reasons of one status that a rehearsal finds."""
        return {reason["code"] for reason in self.run(check=True, **options)["reasons"] if reason["status"] == status}

    def power(self, site: str) -> dict[str, str]:
        return {name: vm["powerState"] for name, vm in self.sim.state(site).get("vm", {}).items()}


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    (tmp_path / "map.yml").write_text(SITE_MAP)
    with running(estate()) as sim:
        exported = {"path": str(tmp_path / "baseline"), "site": "north", "site_map": str(tmp_path / "map.yml"), **connection_of(sim.ready, "north")}
        assert not run_module("baseline", exported).get("failed")
        yield Pair(sim, tmp_path)


def test_a_rehearsal_tells_what_would_move_and_a_run_moves_it_once(pair: Pair) -> None:
    mark = pair.sim.mark()
    would = pair.run(check=True)
    assert (would["changed"], would["verdict"], pair.sim.writes(mark)) == (True, "go", [])
    assert [(vm["name"], vm["stage"]) for vm in would["plans"][0]["vms"]] == [("db-1", 1), ("web-1", 2), ("web-2", 2)]
    validated = pair.run(action="validate")
    assert (validated["changed"], validated["verdict"]) == (False, "go"), validated
    done, again = pair.run(), pair.run()
    assert (done["changed"], again["changed"], done["diff"]) == (True, False, would["diff"])
    assert [vm["name"] for vm in done["vms"]] == NAMES
    assert done["vms"] == again["vms"]
    assert done["confirmation_digest"] == again["confirmation_digest"] == would["confirmation_digest"]
    assert (pair.power("north"), pair.power("south")) == ({}, dict.fromkeys(NAMES, "ON"))


def test_what_stands_in_the_way_is_told_together(pair: Pair) -> None:
    site_map = pair.directory / "map.yml"
    site_map.write_text(SITE_MAP.replace("[shop]", "[shop, gone]").replace("south: servers}", "south: servers-test}").replace("60", "0"))
    time.sleep(2)  # ages are whole seconds, and the copies of this world may have been made just now
    assert pair.codes("problem") == {"PLAN_COPY_OLD", "PLAN_NETWORK", "PLAN_MISSING"}
    refused = pair.run()
    assert refused["changed"] is False
    assert "gone" in refused["msg"]
    assert pair.power("south") == {}


def test_an_unplanned_failover_knows_the_vms_from_the_baseline(pair: Pair) -> None:
    pair.sim.down("north", "blackhole")
    mark = pair.sim.mark()
    would = pair.run("unplanned", check=True)
    assert [vm["name"] for vm in would["plans"][0]["vms"]] == NAMES
    done = pair.run("unplanned", record={"path": str(pair.directory), "step": "workloads"})
    assert (done["changed"], [vm["name"] for vm in done["vms"]]) == (True, NAMES), done.get("msg")
    rpo = make_report(read_record(str(pair.directory)), "go")["rpo"]
    assert [(vm["vm"], vm["source"], vm["seconds"] is None) for vm in rpo["vms"]] == [(name, "recovery point", False) for name in NAMES]
    assert all(vm["point"] < done["jobs"][0]["start"] for vm in rpo["vms"])
    assert {call["site"] for call in pair.sim.requests(since=mark)} == {"south"}


def test_old_copies_are_named_and_fenced_before_the_way_home(pair: Pair) -> None:
    pair.sim.down("north")
    assert pair.run("unplanned")["changed"]
    pair.sim.up("north")
    home = {"home": True, "run_id": "back"}
    found = pair.run(check=True, **home)
    assert (found["verdict"], found["fence"]["vms"]) == ("no_go", NAMES)
    refused = [pair.run(**home), pair.run(action="validate", **home), pair.run(action="fence", **home)]
    assert all("db-1" in result["msg"] and result["changed"] is False for result in refused)
    assert pair.power("north") == dict.fromkeys(NAMES, "ON")
    fence = {"action": "fence", "fence_confirm": found["fence"]["confirmation"], **home}
    assert [pair.run(**fence)["changed"], pair.run(**fence)["changed"]] == [True, False]
    assert pair.power("north") == dict.fromkeys(NAMES, "OFF")
    back = pair.run(waivers=[waiver("OLD_COPY_REPLACED")], **home)
    assert (back["changed"], pair.power("north"), pair.power("south")) == (True, dict.fromkeys(NAMES, "ON"), {}), back.get("msg")


def test_a_job_that_failed_is_told_with_its_cause_and_started_anew_only_when_asked(pair: Pair) -> None:
    pair.sim.fault(do="task_failed", match={"method": "STEP", "path": "ENTITY_MIGRATION/web-1", "times": 1})
    failed, again = pair.run(), pair.run(check=True)
    assert (failed["jobs"][0]["status"], again["verdict"], again["plans"][0]["does"]) == ("failed", "no_go", "stop")
    assert any(reason["code"] == "PLAN_FAILED" and "web-1" in reason["text"] for reason in again["reasons"])
    assert pair.run(retry=True)["changed"]
    assert (pair.power("north"), sorted(pair.power("south"))) == ({}, NAMES)


def test_a_plan_that_is_not_listed_is_said_with_file_and_line(pair: Pair) -> None:
    (pair.directory / "map.yml").write_text(SITE_MAP.replace("  recovery_plans: [shop]\n", ""))
    refused = pair.run(check=True)
    assert "map.yml:6" in refused["msg"]
    assert "recovery_plans" in refused["msg"]
