"""Failover and failback with recovery plans as the mover, as a person runs them: planned, with a dead primary, interrupted.

The shop and what is beside it are recovered by two plans. tenant-1 is in none of them: something else moves it.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from prismsim.testing import running
from tests.journeys.conftest import ESTATE
from tests.journeys.operator import Operator
from tests.journeys.test_planned import objects_of
from tests.journeys.test_protection_domains import confirmed, flat, tenant
from tests.tools.processes import kill_playbooks

MOVER = ("-e", "dr_mover=recovery_plans", "-e", "failover_poll_interval=1", "-e", "failback_poll_interval=1")
PLANNED = ("-e", "failover_mode=planned", *MOVER)
UNPLANNED = ("-e", "failover_mode=unplanned", *MOVER)
ACTION_SECONDS = 30
RUNNING = dict.fromkeys(["web-1", "web-2", "app-1", "app-2", "db-1", "dns-1", "test-1"], "ON")
STAGES = {"shop": [["AppTier/DB"], ["AppTier/App"], ["AppTier/Web"]], "rest": [["SharedService/Dns", "Environment/Testing"]]}
CATEGORIES = ["AppType/Shop", "AppTier/DB", "AppTier/App", "AppTier/Web", "SharedService/Dns", "AppType/Default", "Environment/Testing"]


def estate() -> dict[str, Any]:
    """The smallest estate, its VMs protected both ways and in recovery plans."""
    document: dict[str, Any] = yaml.safe_load(ESTATE.read_text())
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
    directory = tmp_path_factory.mktemp("planned")
    (directory / "person").mkdir()
    with running(estate(), directory / "state") as simulator:
        done = Operator(directory / "person", simulator).run("pre_dr")
        assert done.code == 0, done.text
    site_map = directory / "person" / "dr_site_map.yml"
    site_map.write_text(site_map.read_text().replace("maps:\n", "maps:\n  recovery_plans: [shop, rest]\n"))
    return directory


@pytest.fixture
def operator(planned: Path, tmp_path: Path) -> Iterator[Operator]:
    for name in ("person", "state"):
        shutil.copytree(planned / name, tmp_path / name)
    with running(estate(), tmp_path / "state") as simulator:
        yield Operator(tmp_path / "person", simulator)


def shown(operator: Operator, site: str) -> dict[str, str]:
    """The VMs of the recovery plans at a site, with their power."""
    return {name: vm["powerState"] for name, vm in operator.simulator.state(site).get("vm", {}).items() if name in RUNNING}


def moves(operator: Operator, mark: int = 0) -> list[str]:
    """What recovery plans were asked for, but for validations: ``SITE ACTION`` each time."""
    asked = [(line["site"], line["path"].rpartition("/")[2]) for line in operator.simulator.writes(mark)]
    return [f"{site} {action}" for site, action in asked if action.endswith("-failover")]


def first_action(operator: Operator, run: str) -> float:
    """When the record says that a run was about to start the first recovery plan, in seconds since the epoch."""
    record = operator.directory / "reports" / run / "record.jsonl"
    events = [json.loads(line) for line in record.read_text().splitlines()]
    first = next(event for event in events if event["type"] == "intent" and event["data"]["kind"] == "recovery_plan")
    return datetime.datetime.fromisoformat(first["time"].replace("Z", "+00:00")).timestamp()


def busy() -> float:
    """How many times slower this machine is than one that has nothing else to do."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


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
    killed = operator.run("failover", *PLANNED, *this_run, when=("recovery plan shop: planned", kill_playbooks))
    assert killed.code != 0
    done = operator.run("failover", *PLANNED, *this_run, when=tenant(operator, "north", "south"))
    assert done.code == 0, done.text
    assert moves(operator) == ["south planned-failover"] * 2
    assert (shown(operator, "north"), shown(operator, "south")) == ({}, RUNNING)

    back = operator.run("failback", *MOVER, *confirmed(operator, "failback", *MOVER), when=tenant(operator, "south", "north"))
    assert back.code == 0, back.text
    assert (shown(operator, "north"), shown(operator, "south")) == (RUNNING, {})
    assert objects_of(operator) == before


def test_a_dead_primary_and_what_it_comes_back_with(operator: Operator) -> None:
    operator.simulator.advance(1800)
    operator.simulator.down("north", "blackhole")
    approved = confirmed(operator, "failover", *UNPLANNED)
    mark, begun = operator.simulator.mark(), time.time()
    this_run = ("-e", "failover_run_id=lost-1", *approved)
    done = operator.run("failover", *UNPLANNED, *this_run, when=tenant(operator, "north", "south"))
    assert done.code == 0, done.text
    assert first_action(operator, "lost-1") - begun < ACTION_SECONDS * busy()
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
