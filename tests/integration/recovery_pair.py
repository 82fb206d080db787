"""Two simulated Prism Centrals with protected VMs and a recovery plan of two stages, for tests of disaster recovery."""

from __future__ import annotations

from typing import Any, NamedTuple

from prismsim.testing import Running
from tests.integration.direct import run_module
from tests.integration.play import connection_of

_WAYS = [("north", "south"), ("south", "north")]
_KEPT = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 2, "remote": 2}


def _site(site: str, other: str, number: int, vms: list[dict[str, Any]]) -> dict[str, Any]:
    prefixes = {"servers": f"10.{number}.1.0/24", "servers-test": f"10.{number}.91.0/24"}
    subnets = [
        {"name": name, "type": "vlan", "vlan_id": 10 + index, "cluster": f"{site}-ahv", "prefix": prefix}
        for index, (name, prefix) in enumerate(prefixes.items())
    ]
    return {
        "prism_central": {"name": f"pc-{site}", "release": "pc.7.6"},
        "clusters": [{"name": f"{site}-ahv"}],
        "categories": [{"key": "Tier", "value": "DB"}, {"key": "Tier", "value": "Web"}],
        "subnets": subnets,
        "vms": vms,
        "availability": {"registered_with": [other]},
    }


def estate(objective: int = 3600) -> dict[str, Any]:
    """The world; ``objective`` is that of the protection policy, in seconds."""
    vms = [
        {"name": name, "cluster": "north-ahv", "categories": [f"@category:Tier/{tier}"], "nics": [{"subnet": "servers", "ip": f"10.1.1.{10 + index}"}]}
        for index, (name, tier) in enumerate((("db-1", "DB"), ("web-1", "Web"), ("web-2", "Web")))
    ]
    north, south = _site("north", "south", 1, vms), _site("south", "north", 2, [])
    schedule = {"recoveryPointObjectiveTimeSeconds": objective, "recoveryPointType": "CRASH_CONSISTENT", **({"retention": _KEPT} if objective else {})}
    north["protection_policies"] = [
        {
            "name": "gold",
            "categoryIds": ["@category:Tier/DB", "@category:Tier/Web"],
            "replicationLocations": [
                {"label": "north", "domainManagerExtId": "@domain_manager:north", "isPrimary": True},
                {"label": "south", "domainManagerExtId": "@domain_manager:south"},
            ],
            "replicationConfigurations": [{"sourceLocationLabel": one, "remoteLocationLabel": other, "schedule": schedule} for one, other in _WAYS],
        }
    ]
    north["recovery_plans"] = [
        {
            "name": "shop",
            "primaryLocation": {"domainManagerExtId": "@domain_manager:north"},
            "recoveryLocation": {"domainManagerExtId": "@domain_manager:south"},
            "stages": [
                {"entityType": "VM", "categoryExtIds": ["@category:Tier/DB"], "priority": 1},
                {"entityType": "VM", "categoryExtIds": ["@category:Tier/Web"], "priority": 2},
            ],
            "network_mappings": [
                {
                    "primaryNetwork": {"subnetExtId": "@subnet:servers"},
                    "recoveryNetwork": {"subnetExtId": "@subnet:servers"},
                    "primaryTestNetwork": {"subnetExtId": "@subnet:servers-test"},
                    "recoveryTestNetwork": {"subnetExtId": "@subnet:servers-test"},
                }
            ],
        }
    ]
    return {"name": "recovery", "sites": {"north": north, "south": south}}


class RecoveryPair(NamedTuple):
    """The world while it runs."""

    sim: Running

    def run(self, action: str, *, at: str = "south", check: bool = False, **options: Any) -> dict[str, Any]:
        """What recovery_run returns for the plan."""
        given = {"plan": "shop", "action": action, "poll_interval": 1, **connection_of(self.sim.ready, at), **options}
        return run_module("recovery_run", given, check=check)

    def jobs(self, site: str = "south") -> list[tuple[str, str]]:
        """Name and status of every job."""
        return sorted((job["name"], job["status"]) for job in self.sim.state(site).get("recovery_plan_job", {}).values())

    def power(self, site: str) -> dict[str, str]:
        return {name: vm["powerState"] for name, vm in self.sim.state(site).get("vm", {}).items()}


def waiver(code: str, expires: str = "2099-12-31") -> dict[str, str]:
    return {"code": code, "by": "j.doe", "reason": "known", "expires": expires}
