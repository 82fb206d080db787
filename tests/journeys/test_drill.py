"""A drill as a person runs it: test VMs beside production, verified, removed again, also when the drill is killed on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from prismsim.testing import running
from tests.journeys.conftest import ESTATE
from tests.journeys.operator import Operator
from tests.journeys.test_protection_domains import flat, kill_what_we_started

SHOP = ["app-1", "app-2", "db-1", "web-1", "web-2"]
DRILL = ("-e", json.dumps({"dr_plans": ["shop"], "drill_poll_interval": 1}))


def estate() -> dict[str, Any]:
    """The smallest estate with the shop protected, and a recovery plan whose test network has the prefix of production, on a VLAN of its own."""
    document: dict[str, Any] = yaml.safe_load(ESTATE.read_text())
    north, south = document["sites"]["north"], document["sites"]["south"]
    for site, number in ((north, 1), (south, 2)):
        name = site["clusters"][0]["name"]
        site["subnets"].append({"name": "servers-test", "type": "vlan", "vlan_id": 91, "cluster": name, "prefix": f"10.{number}.1.0/24"})
    south["categories"] = [{"key": "AppType", "value": "Shop"}]  # plans name it by its id, which each Prism Central has its own of
    schedule = {"recoveryPointObjectiveTimeSeconds": 3600, "recoveryPointType": "CRASH_CONSISTENT", "retention": KEPT}
    north["protection_policies"] = [
        {
            "name": "gold",
            "categoryIds": ["@category:AppType/Shop"],
            "replicationLocations": [
                {"label": "north", "domainManagerExtId": "@domain_manager:north", "isPrimary": True},
                {"label": "south", "domainManagerExtId": "@domain_manager:south"},
            ],
            "replicationConfigurations": [
                {"sourceLocationLabel": one, "remoteLocationLabel": other, "schedule": schedule} for one, other in (("north", "south"), ("south", "north"))
            ],
        }
    ]
    north["recovery_plans"] = [
        {
            "name": "shop",
            "primaryLocation": {"domainManagerExtId": "@domain_manager:north"},
            "recoveryLocation": {"domainManagerExtId": "@domain_manager:south"},
            "stages": [{"entityType": "VM", "categoryExtIds": ["@category:AppType/Shop"], "priority": 1}],
            "network_mappings": [
                {
                    f"{side}{kind}Network": {"subnetExtId": f"@subnet:servers{'-test' if kind else ''}"}
                    for side in ("primary", "recovery")
                    for kind in ("", "Test")
                }
            ],
        }
    ]
    return document


KEPT = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 2, "remote": 2}


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with running(estate(), tmp_path / "state") as simulator:
        (tmp_path / "person").mkdir()
        person = Operator(tmp_path / "person", simulator)
        done = person.run("pre_dr")
        assert done.code == 0, done.text
        yield person


def test_a_drill_that_is_killed_is_finished_by_the_same_command(operator: Operator) -> None:
    mark = operator.simulator.mark()
    rehearsal = operator.run("drill", *DRILL, "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert "recovery plan shop recovers 5 VMs" in flat(rehearsal.says("check | Show what was found"))
    assert operator.simulator.writes(mark) == []
    production = operator.simulator.state("north")["vm"]

    killed = operator.run("drill", *DRILL, when=("verify | Look at each test VM", kill_what_we_started))
    assert killed.code != 0
    assert copies(operator) == SHOP
    done = operator.run("failover", "-e", "failover_mode=test", *DRILL)
    assert done.code == 0, done.text
    assert copies(operator) == []
    assert operator.simulator.state("north")["vm"] == production
    assert jobs(operator) == ["SUCCEEDED"]
    (run,) = [path.parent for path in operator.directory.glob("reports/drill-*/report.json")]
    report = json.loads((run / "report.json").read_text())
    assert (report["verdict"], report["record"]["chain"], report["coverage"]["vms"]) == ("OK", "intact", len(SHOP))
    assert "in 2 attempts" in (run / "report.html").read_text()
    assert "The pair is TESTING" in done.text
    assert [state["after"] for state in report["states"]][0::2] == ["TESTING", "READY"], report["states"]


def copies(operator: Operator) -> list[str]:
    """The VMs of the shop at the recovery site."""
    return sorted(name for name in operator.simulator.state("south").get("vm", {}) if name in SHOP)


def jobs(operator: Operator) -> list[str]:
    return [job["status"] for job in operator.simulator.state("south").get("recovery_plan_job", {}).values()]
