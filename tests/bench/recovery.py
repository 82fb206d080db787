"""A failover of 200 VMs in five stages by a recovery plan: what the playbook takes beside the job itself. Knows how to count, not how to move."""

from __future__ import annotations

import re
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from prismsim.testing import Running, running
from tests.bench.table import Figure, at_most, note
from tests.journeys.operator import Operator
from tests.tools.playbook import Play

STAGES, IN_A_STAGE = 5, 40
SECONDS, CALLS_IN_TEN_SECONDS = 20, 2
_LOOK = re.compile(r"/(recovery-plan-jobs|tasks)(/|$)")
_WAYS = (("north", "south"), ("south", "north"))
_MODE = ("-e", "failover_mode=planned", "-e", "dr_mover=recovery_plans", "-e", "failover_run_id=bench")


def figures() -> list[Figure]:
    """The time of the failover without that of its jobs, and how often the job was asked how far it is."""
    with tempfile.TemporaryDirectory() as name, running(estate(), profile="realistic") as sim:
        directory = Path(name) / "person"
        directory.mkdir()
        operator = Operator(directory, sim)
        _good(operator.run("pre_dr"))
        site_map = directory / "dr_site_map.yml"
        site_map.write_text(site_map.read_text().replace("maps:\n", "maps:\n  recovery_plans: [shop]\n"))
        confirmation = _good(operator.run("failover", *_MODE, "--check")).confirmation()
        mark, began = sim.mark(), time.monotonic()
        _good(operator.run("failover", *_MODE, "-e", f"failover_confirm={confirmation}"))
        whole = time.monotonic() - began
        moved = sum(vm["powerState"] == "ON" for vm in sim.state("south")["vm"].values())
        if moved != STAGES * IN_A_STAGE:
            raise RuntimeError(f"{moved} VMs were moved")
        return _told(sim, mark, whole)


def _told(sim: Running, mark: int, whole: float) -> list[Figure]:
    """Figures of a failover that took so many seconds; its calls are those after the mark."""
    jobs = sim.state("south")["recovery_plan_job"].values()
    spans = [(str(job["actionType"]).lower(), _seconds(job)) for job in jobs]
    simulated = sum(seconds for _action, seconds in spans)
    calls = sim.requests(mark)
    asked = sum(call["method"] == "GET" and _LOOK.search(call["path"]) is not None for call in calls)
    return [
        note("VMs, stages", f"{STAGES * IN_A_STAGE}, {STAGES}"),
        note("the jobs of Prism Central", ", ".join(f"{action} {seconds:.1f} s" for action, seconds in spans)),
        at_most("the failover without them: gate, staging, follow, verify, report", SECONDS, whole - simulated, "s", digits=1),
        note("calls", str(len(calls))),
        at_most("looks at the jobs in ten seconds of them", CALLS_IN_TEN_SECONDS, asked / (simulated / 10)),
    ]


def _seconds(job: dict[str, Any]) -> float:
    start, end = (datetime.fromisoformat(str(job[name]).replace("Z", "+00:00")) for name in ("startTime", "endTime"))
    return (end - start).total_seconds()


def estate() -> dict[str, Any]:
    """Two sites; the VMs in the north, secured tier by tier, protected both ways, and in one recovery plan."""
    tiers = [f"t{number}" for number in range(1, STAGES + 1)]
    vms = [
        {
            "name": f"{tier}-{number:02}", "cluster": "north-ahv", "categories": ["@category:AppType/Shop", f"@category:AppTier/{tier}"],
            "nics": [{"subnet": "servers", "ip": f"10.1.{place + 1}.{number + 10}"}],
        }
        for place, tier in enumerate(tiers)
        for number in range(IN_A_STAGE)
    ]
    north, south = _site("north", "south", 1, tiers), _site("south", "north", 2, tiers)
    kept = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 2, "remote": 2}
    schedule = {"recoveryPointObjectiveTimeSeconds": 3600, "recoveryPointType": "CRASH_CONSISTENT", "retention": kept}
    locations = [{"label": site, "domainManagerExtId": f"@domain_manager:{site}", "isPrimary": site == "north"} for site in ("north", "south")]
    ways = [{"sourceLocationLabel": one, "remoteLocationLabel": other, "schedule": schedule} for one, other in _WAYS]
    north.update(
        vms=vms,
        security_policies=[_policy(before, tier) for before, tier in zip(["", *tiers], tiers, strict=False)],
        protection_policies=[
            {"name": "gold", "categoryIds": ["@category:AppType/Shop"], "replicationLocations": locations, "replicationConfigurations": ways}
        ],
        recovery_plans=[
            {
                "name": "shop",
                "primaryLocation": {"domainManagerExtId": "@domain_manager:north"},
                "recoveryLocation": {"domainManagerExtId": "@domain_manager:south"},
                "stages": [{"entityType": "VM", "categoryExtIds": [f"@category:AppTier/{tier}"], "priority": place + 1} for place, tier in enumerate(tiers)],
                "network_mappings": [{"primaryNetwork": {"subnetExtId": "@subnet:servers"}, "recoveryNetwork": {"subnetExtId": "@subnet:servers"}}],
            }
        ],
    )
    return {"name": "recovery-bench", "sites": {"north": north, "south": south}}


def _site(site: str, other: str, number: int, tiers: list[str]) -> dict[str, Any]:
    return {
        "prism_central": {"name": f"pc-{site}", "release": "pc.7.6"},
        "clusters": [{"name": f"{site}-ahv"}],
        "categories": [{"key": "AppType", "value": "Shop"}, *({"key": "AppTier", "value": tier} for tier in tiers)],
        "subnets": [{"name": "servers", "type": "vlan", "vlan_id": 10, "cluster": f"{site}-ahv", "prefix": f"10.{number}.0.0/16"}],
        "availability": {"registered_with": [other]},
    }


def _policy(before: str, tier: str) -> dict[str, Any]:
    """A tier is reached from the one before it, the first one by everybody."""
    secured = {"securedGroupCategoryReferences": ["@category:AppType/Shop", f"@category:AppTier/{tier}"]}
    peer = {"srcCategoryReferences": [f"@category:AppTier/{before}"]} if before else {"srcAllowSpec": "ALL"}
    rule = {"type": "APPLICATION", "description": "in", "spec": {**secured, **peer, "tcpServices": [{"startPort": 443, "endPort": 443}]}}
    return {"name": f"shop-{tier}", "type": "APPLICATION", "state": "ENFORCE", "scope": "ALL_VLAN", "rules": [rule]}


def _good(played: Play) -> Play:
    if played.code:
        raise RuntimeError(played.text[-3000:])
    return played
