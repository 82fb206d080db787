"""A drill as a person runs it: copies beside production, verified, removed again, also when the drill is killed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.journeys.operator import Operator, flat
from tests.journeys.pairs import ESTATE
from tests.journeys.runner import essentials, run
from tests.tools.processes import kill_playbooks

SHOP = ["db-1", "web-1", "web-2"]
DRILL = ("-e", "drill_poll_interval=1")


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """After a pre_dr, on a pair with a recovery plan."""
    (tmp_path / "person").mkdir()
    with running(ESTATE.with_name("drill.yml"), tmp_path / "state") as simulator:
        person = Operator(tmp_path / "person", simulator)
        done = person.run("pre_dr")
        assert done.code == 0, done.text
        site_map = person.directory / "dr_site_map.yml"
        site_map.write_text(site_map.read_text().replace("maps:\n", "maps:\n  recovery_plans: [shop]\n"))
        yield person


def test_a_drill_that_is_killed_is_finished_by_the_same_command(operator: Operator, tmp_path: Path) -> None:
    mark = operator.simulator.mark()
    rehearsal = operator.run("drill", *DRILL, "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert "recovery plan shop recovers 3 VMs" in flat(rehearsal.says("check | Show what was found"))
    assert operator.simulator.writes(mark) == []
    production = operator.simulator.state("north")["vm"]

    killed = operator.run("failover", "-e", "failover_mode=test", *DRILL, when=("verify | Look at each test VM", kill_playbooks))
    assert killed.code != 0
    assert copies(operator) == SHOP

    done = run(operator, tmp_path / "runner", "drill", drill_poll_interval=1)
    said = done.stdout.read()
    assert done.rc == 0, said
    assert "The pair is TESTING" in said
    assert copies(operator) == []
    assert operator.simulator.state("north")["vm"] == production
    jobs = operator.simulator.state("south")["recovery_plan_job"].values()
    assert [job["status"] for job in jobs] == ["SUCCEEDED"]
    (report,) = operator.directory.glob("reports/drill-*/report.json")
    told = json.loads(report.read_text())
    assert (told["verdict"], told["record"]["chain"], told["coverage"]["vms"]) == ("OK", "intact", len(SHOP)), told["findings"]
    assert (essentials(done)["drill_run"], essentials(done)["drill_verdict"]) == (report.parent.name, "OK")
    assert (told["states"][0]["after"], told["states"][-1]["after"]) == ("TESTING", "READY")


def copies(operator: Operator) -> list[str]:
    """The VMs at the recovery site."""
    return sorted(operator.simulator.state("south").get("vm", {}))
