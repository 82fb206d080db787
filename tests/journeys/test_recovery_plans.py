"""Failover and failback with recovery plans as the mover, as a person runs them: planned, with a dead primary, interrupted.

The shop and what is beside it are recovered by two plans. tenant-1 is in none of them: something else moves it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.gate_run import PATIENCE
from tests.journeys.operator import Operator, flat
from tests.journeys.pairs import RUNNING, copied, minimal, prepare, shown, tenant
from tests.journeys.test_planned import objects_of
from tests.tools.playbook import Play
from tests.tools.processes import kill_playbooks

MOVER = ("-e", "dr_mover=recovery_plans", "-e", "failover_poll_interval=1", "-e", "failback_poll_interval=1")
PLANNED = ("-e", "failover_mode=planned", *MOVER)
UNPLANNED = ("-e", "failover_mode=unplanned", *MOVER)
ACTION_SECONDS = 30
HOUR = 3600
STAGE_THREE = "recovery plan shop: planned, stage 3 of 3"
STAGES = {"shop": [["AppTier/DB"], ["AppTier/App"], ["AppTier/Web"]], "rest": [["SharedService/Dns", "Environment/Testing"]]}
CATEGORIES = ["AppType/Shop", "AppTier/DB", "AppTier/App", "AppTier/Web", "SharedService/Dns", "AppType/Default", "Environment/Testing"]


def estate() -> dict[str, Any]:
    """The smallest estate, its VMs protected both ways and in recovery plans."""
    document = minimal()
    sites = document["sites"]
    sites["south"]["categories"] = sites["north"]["categories"]
    schedule = {"recoveryPointObjectiveTimeSeconds": 3600, "recoveryPointType": "CRASH_CONSISTENT"}
    kept = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 2, "remote": 2}
    sites["north"]["protection_policies"] = [
        {
            "name": "gold",
            "categoryIds": [f"@category:{name}" for name in CATEGORIES],
            "replicationLocations": [
                {"label": "north", "domainManagerExtId": "@domain_manager:north", "isPrimary": True},
                {"label": "south", "domainManagerExtId": "@domain_manager:south"},
            ],
            "replicationConfigurations": [
                {"sourceLocationLabel": one, "remoteLocationLabel": other, "schedule": {**schedule, "retention": kept}}
                for one, other in (("north", "south"), ("south", "north"))
            ],
        }
    ]
    sites["north"]["recovery_plans"] = [
        {
            "name": name,
            "primaryLocation": {"domainManagerExtId": "@domain_manager:north"},
            "recoveryLocation": {"domainManagerExtId": "@domain_manager:south"},
            "stages": [
                {"entityType": "VM", "categoryExtIds": [f"@category:{one}" for one in categories], "priority": number + 1}
                for number, categories in enumerate(stages)
            ],
            "network_mappings": [{"primaryNetwork": {"subnetExtId": "@subnet:servers"}, "recoveryNetwork": {"subnetExtId": "@subnet:servers"}}],
        }
        for name, stages in STAGES.items()
    ]
    return document


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a pre_dr went well, and the site map names the recovery plans; to be copied."""
    return prepare(tmp_path_factory.mktemp("planned"), estate(), "recovery_plans: [shop, rest]")


@pytest.fixture
def operator(planned: Path, tmp_path: Path) -> Iterator[Operator]:
    with copied(planned, tmp_path, estate()) as person:
        yield person


def moves(operator: Operator, mark: int = 0) -> list[str]:
    """What recovery plans were asked for, but for validations: ``SITE ACTION`` each time."""
    asked = [(line["site"], line["path"].rpartition("/")[2]) for line in operator.simulator.writes(mark)]
    return [f"{site} {action}" for site, action in asked if action.endswith("-failover")]


def jobs(operator: Operator) -> set[tuple[str, str]]:
    """Name and status of the jobs on the south, of those with the same name the newest one; validations left out."""
    found = operator.simulator.state("south").get("recovery_plan_job", {}).values()
    return {(job["name"], job["status"]) for job in found if job["actionType"] != "VALIDATE"}


def test_planned_there_killed_on_the_way_run_again_and_back(operator: Operator) -> None:
    before, mark = objects_of(operator), operator.simulator.mark()
    rehearsal = operator.run("failover", *PLANNED, "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    told = flat(rehearsal.says("plans_check | Show what was found"))
    assert "Recovery plan shop: 5 VMs in 3 stages" in told
    assert "stage 1: db-1" in told
    assert "in none of the recovery plans: tenant-1" in told
    assert operator.simulator.writes(mark) == []

    this_run = ("-e", "failover_run_id=move-1", "-e", f"failover_confirm={rehearsal.confirmation()}")
    operator.simulator.fault(do="slow", ms=HOUR * 1000, match={"method": "STEP", "path": "move-1/VM_POWER_ON/web-1"})
    killed = operator.run("failover", *PLANNED, *this_run, when=(STAGE_THREE, kill_playbooks))
    assert killed.code != 0
    assert jobs(operator) == {("move-1", "RUNNING")}

    def arrive() -> None:
        operator.simulator.advance(HOUR)
        operator.simulator.move("north", "south", ["tenant-1"])

    done = operator.run("failover", *PLANNED, *this_run, when=(STAGE_THREE, arrive))
    assert done.code == 0, done.text
    assert "recovery plan 'shop' is being run by this run" in flat(done.says("plans_check | Show what was found"))
    assert moves(operator) == ["south planned-failover"] * 2
    assert jobs(operator) == {("move-1", "SUCCEEDED")}
    assert (shown(operator, "north"), shown(operator, "south")) == ({}, RUNNING)

    back = operator.run("failback", *MOVER, *operator.confirmed("failback", *MOVER), when=tenant(operator, "south", "north"))
    assert back.code == 0, back.text
    assert (shown(operator, "north"), shown(operator, "south")) == (RUNNING, {})
    assert objects_of(operator) == before


def test_a_dead_primary_and_what_it_comes_back_with(operator: Operator) -> None:
    operator.simulator.advance(1800)
    operator.simulator.down("north", "blackhole")
    approved = operator.confirmed("failover", *UNPLANNED)
    mark = operator.simulator.mark()
    this_run = ("-e", "failover_run_id=lost-1", *approved)
    done = operator.run("failover", *UNPLANNED, *this_run, when=tenant(operator, "north", "south"))
    assert done.code == 0, done.text
    tried = [line["seq"] for line in operator.simulator.swallowed(mark)]
    begun = next(line["seq"] for line in operator.simulator.writes(mark) if line["path"].endswith("/unplanned-failover"))
    # However slow this machine is: this is all that the play ever waited for the primary, and it did so before it began.
    assert 0 < len(tried) * PATIENCE < ACTION_SECONDS
    assert max(tried) < begun
    assert (shown(operator, "south"), moves(operator, mark)) == (RUNNING, ["south unplanned-failover"] * 2)

    # The primary comes back with everything that it had.
    operator.simulator.up("north")
    assert shown(operator, "north") == RUNNING
    mark = operator.simulator.mark()
    refused = operator.run("failback", *MOVER, "--check")
    assert refused.code == 2
    told = flat([refused.text])
    assert "Split brain: these VMs run on south, and old copies of them on north: app-1, app-2, db-1, dns-1, test-1, web-1, web-2" in told
    assert operator.simulator.writes(mark) == []
    typed = next(word for word in refused.text.replace("'", " ").split() if word.startswith("failback_fence=north:fence:"))
    waiver = '{"failback_waivers": [{"code": "OLD_COPY_REPLACED", "by": "j.doe", "reason": "given up", "expires": "2099-12-31"}]}'
    confirm = f"failback_confirm={refused.confirmation()}"
    back = operator.run("failback", *MOVER, "-e", typed, "-e", waiver, "-e", confirm, when=tenant(operator, "south", "north"))
    assert back.code == 0, back.text
    assert (shown(operator, "north"), shown(operator, "south")) == (RUNNING, {})


def test_of_two_who_start_it_at_once_one_wins_and_the_other_is_told_who_and_since_when(operator: Operator, tmp_path: Path) -> None:
    confirm = operator.confirmed("failover", *PLANNED)
    # Two people, each with a directory and a controller process of their own.
    other = Operator(tmp_path / "other", operator.simulator, like=operator.directory)
    people = {"by-anna": operator, "by-bert": other}
    with ThreadPoolExecutor() as both:
        started: dict[str, Future[Play]] = {}

        def move(winner: str) -> None:
            """The winner has to wait for tenant-1 until the other one has ended: however slow, that one finds the pair locked."""
            wait([play for run, play in started.items() if run != winner])
            operator.simulator.move("north", "south", ["tenant-1"])

        for run, person in people.items():
            given = (*PLANNED, *confirm, "-e", f"failover_run_id={run}")
            started[run] = both.submit(person.run, "failover", *given, when=("workloads | Wait for them", partial(move, run)))
        done = {run: play.result() for run, play in started.items()}
    winners = [run for run, play in done.items() if play.code == 0]
    assert len(winners) == 1, [play.text[-2000:] for play in done.values()]
    (loser,) = set(people) - set(winners)
    said = flat([done[loser].text])
    assert "holds the lock since 2" in said
    assert f"for planned failover {winners[0]}, until 2" in said
    report = json.loads((people[loser].directory / "reports" / loser / "report.json").read_text())
    assert report["verdict"] == "FAILED"
    records = [mark for name, mark in operator.simulator.state("south")["category"].items() if name.endswith("/state")]
    assert [json.loads(mark["description"])["run"] for mark in records] == winners
    assert moves(operator) == ["south planned-failover"] * 2
    assert jobs(operator) == {(winners[0], "SUCCEEDED")}
