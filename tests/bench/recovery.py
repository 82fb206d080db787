"""A failover of 200 VMs in five stages by a recovery plan: what the playbook takes beside the jobs themselves, and how soon it acts when
the primary is dead. Knows how to count, not how to move.

The jobs are those that the record of the run tells of, validations too: from their beginning to the end of their last step. (Prismsim
brings a job forward when it is asked, so the end that it tells of the job itself is that of our look.) A validation, which has no
steps, takes as long as one. A look at a job is a GET of it, of the list of jobs or of a task while it runs; what is read of it
afterwards (steps, findings) is none.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from prismsim.profile import PROFILES
from prismsim.testing import running
from tests.bench.table import Figure, at_most, note
from tests.journeys.operator import Operator
from tests.tools.playbook import Play

STAGES, IN_A_STAGE = 5, 40
SECONDS, LOOKS_IN_TEN_SECONDS, DEAD_PRIMARY_SECONDS = 20, 2, 30
_LOOK = re.compile(r"/(recovery-plan-jobs(/[^/]+)?|tasks/[^/]+)$")
_WAYS = (("north", "south"), ("south", "north"))
_RUN, _PROFILE = "bench", "realistic"


class Job(NamedTuple):
    """A job of Prism Central, its moments in seconds since the epoch."""

    action: str
    start: float
    end: float


def figures() -> list[Figure]:
    """Planned: the time of the failover without that of its jobs, and how often they were asked how far they are. Unplanned, with the
    primary black-holed: the time until the first job is asked for."""
    return [*_planned(), _dead_primary()]


def _planned() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name, running(estate(), profile=_PROFILE) as sim:
        operator = _prepared(Operator(Path(name), sim))
        confirmation = _failover(operator, "planned", "--check").confirmation()
        mark = sim.mark()
        whole = _failover(operator, "planned", "-e", f"failover_confirm={confirmation}").seconds
        calls = sim.requests(mark)
        moved = sum(vm["powerState"] == "ON" for vm in sim.state("south")["vm"].values())
        if moved != STAGES * IN_A_STAGE:
            raise RuntimeError(f"{moved} VMs were moved")
        checks = [event["data"] for event in _record(operator) if event["type"] == "check"]
    jobs = [_job(one) for one in checks if one.get("job")]
    looks = [call["time"] for call in calls if call["method"] == "GET" and _LOOK.search(call["path"])]
    return [
        note("VMs, stages", f"{STAGES * IN_A_STAGE}, {STAGES}"),
        note("the jobs of Prism Central", ", ".join(f"{job.action} {job.end - job.start:.1f} s" for job in jobs)),
        at_most(
            "the failover without them: gate, staging, follow, verify, report", SECONDS, whole - sum(job.end - job.start for job in jobs), "s", digits=1
        ),
        note("calls", str(len(calls))),
        at_most("looks at a job, in its worst ten seconds", LOOKS_IN_TEN_SECONDS, max(_most_looks(job, looks) for job in jobs), digits=0),
    ]


def _job(check: dict[str, Any]) -> Job:
    """A job as the record tells it."""
    start = _moment(check["job"]["start"])
    ends = [_moment(step["end"]) for step in check["steps"]]
    return Job(check["job"]["action"], start, max(ends, default=start + PROFILES[_PROFILE].recovery_step))


def _most_looks(job: Job, looks: list[float]) -> int:
    """How many looks fell into the same ten seconds of a job."""
    during = [look for look in looks if job.start <= look <= job.end]
    return max((sum(first <= look < first + 10 for look in during) for first in during), default=0)


def _dead_primary() -> Figure:
    """From the start of the playbook to the intent of the first job, which is recorded before the call."""
    with tempfile.TemporaryDirectory() as name, running(estate(), profile=_PROFILE) as sim:
        operator = _prepared(Operator(Path(name), sim))
        sim.down("north", mode="blackhole")
        confirmation = _failover(operator, "unplanned", "--check").confirmation()
        began = time.time()
        _failover(operator, "unplanned", "-e", f"failover_confirm={confirmation}")
        intents = [event for event in _record(operator) if event["type"] == "intent" and event["data"]["kind"] == "recovery_plan"]
        action = _moment(intents[0]["time"]) - began
    return at_most("unplanned, the primary black-holed: from the start to the first recovery action", DEAD_PRIMARY_SECONDS, action, "s", digits=1)


def _prepared(operator: Operator) -> Operator:
    """What the playbook ``pre_dr`` and a person prepare on a good day."""
    _good(operator.run("pre_dr"))
    site_map = operator.directory / "dr_site_map.yml"
    site_map.write_text(site_map.read_text().replace("maps:\n", "maps:\n  recovery_plans: [shop]\n"))
    return operator


def _failover(operator: Operator, mode: str, *arguments: str) -> Play:
    return _good(operator.run("failover", "-e", f"failover_mode={mode}", "-e", "dr_mover=recovery_plans", "-e", f"failover_run_id={_RUN}", *arguments))


def _record(operator: Operator) -> list[dict[str, Any]]:
    text = (operator.directory / "reports" / _RUN / "record.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


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
