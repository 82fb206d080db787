# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites with protected VMs and a recovery plan of three stages, and what tests of disaster recovery need to drive it."""

from __future__ import annotations

import copy
from typing import Any

import requests
from conftest import Client

from prismsim.clock import timestamp
from prismsim.testing import Running

POLICIES = "datapolicies/v4.3/config/protection-policies"
PLANS = "datapolicies/v4.3/config/recovery-plans"
CONFIG = "dataprotection/v4.4/config"
OPERATIONS = "dataprotection/v4.4/operations/recovery-plans"
JOBS = f"{CONFIG}/recovery-plan-jobs"
VMS = "vmm/v4.3/ahv/config/vms"

_SHARED: dict[str, Any] = {
    "categories": [
        {"key": "Protect", "value": "Gold"},
        {"key": "AppTier", "value": "DB"},
        {"key": "AppTier", "value": "App"},
        {"key": "AppTier", "value": "Web"},
    ],
    "vpcs": [{"name": "prod"}],
}


def _vm(name: str, tier: str, subnet: str, address: str) -> dict[str, Any]:
    categories = ["@category:Protect/Gold", f"@category:AppTier/{tier}"]
    place = {"nics": [{"subnet": subnet, "ip": address}], "disks": [{"container": "default", "gib": 10}]}
    return {"name": name, "cluster": "north-ahv", "categories": categories, **place}


def _network(subnet: str, vpc: str | None = None) -> dict[str, Any]:
    return {"subnetExtId": f"@subnet:{vpc}/{subnet}" if vpc else f"@subnet:{subnet}", **({"vpc": {"extId": f"@vpc:{vpc}"}} if vpc else {})}


def _subnets(cluster: str, third: int) -> list[dict[str, Any]]:
    return [
        {"name": "vlan10", "type": "vlan", "vlan_id": 10, "cluster": cluster, "prefix": f"10.{third}.1.0/24"},
        {"name": "vlan10-test", "type": "vlan", "vlan_id": 910, "cluster": cluster, "prefix": f"10.{third}.91.0/24"},
        {"name": "app", "type": "overlay", "vpc": "prod", "prefix": "10.9.1.0/24"},
        {"name": "app-test", "type": "overlay", "vpc": "prod", "prefix": "10.9.91.0/24"},
    ]


def schedule(seconds: int) -> dict[str, Any]:
    """A schedule with that objective; linear retention unless it is synchronous."""
    if not seconds:
        return {"recoveryPointObjectiveTimeSeconds": 0, "recoveryPointType": "CRASH_CONSISTENT"}
    retention = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 3, "remote": 3}
    return {"recoveryPointObjectiveTimeSeconds": seconds, "recoveryPointType": "CRASH_CONSISTENT", "retention": retention}


def protection_policy(name: str, objective: int, north: str, south: str, category: str) -> dict[str, Any]:
    """A policy between two Prism Centrals, both directions."""
    return {
        "name": name,
        "categoryIds": [category],
        "replicationLocations": [
            {"label": "north", "domainManagerExtId": north, "isPrimary": True},
            {"label": "south", "domainManagerExtId": south},
        ],
        "replicationConfigurations": [
            {"sourceLocationLabel": "north", "remoteLocationLabel": "south", "schedule": schedule(objective)},
            {"sourceLocationLabel": "south", "remoteLocationLabel": "north", "schedule": schedule(objective)},
        ],
    }


def estate(objective: int = 3600, release: str = "pc.7.6", **switches: bool) -> dict[str, Any]:
    """The world; the objective of its protection policy is in seconds."""
    document = {
        "name": "recovery",
        "switches": switches,
        "sites": {
            "north": {
                "prism_central": {"name": "pc-north", "release": release},
                "clusters": [{"name": "north-ahv"}],
                **_SHARED,
                "subnets": _subnets("north-ahv", 1),
                "availability": {"registered_with": ["south"]},
                "vms": [
                    _vm("db-1", "DB", "vlan10", "10.1.1.11"),
                    _vm("app-1", "App", "prod/app", "10.9.1.21"),
                    _vm("web-1", "Web", "vlan10", "10.1.1.31"),
                    _vm("web-2", "Web", "vlan10", "10.1.1.32"),
                    {"name": "loner", "cluster": "north-ahv"},
                ],
                "protection_policies": [protection_policy("gold", objective, "@domain_manager:north", "@domain_manager:south", "@category:Protect/Gold")],
                "recovery_plans": [
                    {
                        "name": "shop",
                        "primaryLocation": {"domainManagerExtId": "@domain_manager:north"},
                        "recoveryLocation": {"domainManagerExtId": "@domain_manager:south"},
                        "stages": [
                            {"entityType": "VM", "entities": [{"extId": "@vm:db-1"}], "priority": 1, "postActions": [{"config": {"delaySecs": 60}}]},
                            {"entityType": "VM", "categoryExtIds": ["@category:AppTier/App"], "priority": 2},
                            {"entityType": "VM", "categoryExtIds": ["@category:AppTier/Web"], "priority": 3},
                        ],
                        "network_mappings": [
                            {"primaryNetwork": _network("vlan10"), "recoveryNetwork": _network("vlan10"),
                             "primaryTestNetwork": _network("vlan10-test"), "recoveryTestNetwork": _network("vlan10-test")},
                            {"primaryNetwork": _network("app", "prod"), "recoveryNetwork": _network("app", "prod"),
                             "primaryTestNetwork": _network("app-test", "prod"), "recoveryTestNetwork": _network("app-test", "prod")},
                        ],
                    },
                ],
            },
            "south": {
                "prism_central": {"name": "pc-south", "release": release},
                "clusters": [{"name": "south-ahv"}],
                **_SHARED,
                "subnets": _subnets("south-ahv", 2),
                "availability": {"registered_with": ["north"]},
            },
        },
    }  # fmt: skip
    return copy.deepcopy(document)


def manager(client: Client) -> str:
    """The id of a site's domain manager."""
    ext_id: str = client("GET", "prism/v4.3/config/domain-managers").json()["data"][0]["extId"]
    return ext_id


class Pair:
    """Both Prism Centrals of a running world, and the plan between them."""

    def __init__(self, simulator: Running) -> None:
        self.simulator = simulator
        self.clients = {site: Client(simulator, site) for site in ("north", "south")}
        self.managers = {site: manager(client) for site, client in self.clients.items()}
        self.plan: str = self.clients["south"].find(PLANS, name="shop")["extId"]

    def act(self, action: str, name: str, target: str = "south", at: str | None = None, **spec: Any) -> requests.Response:
        """Call an action of the plan on the target (or elsewhere)."""
        source = "north" if target == "south" else "south"
        direction = {"sourceDomainManagerExtId": self.managers[source], "targetDomainManagerExtId": self.managers[target]}
        body = {"name": name, "failoverDirections": [direction], **spec}
        return self.clients[at or target]("POST", f"{OPERATIONS}/{self.plan}/$actions/{action}", json=body)

    def run(self, action: str, name: str, target: str = "south", status: str = "SUCCEEDED", **spec: Any) -> Any:
        """Run an action to its end and give the job, which must have ended so."""
        self.clients[target].task(self.act(action, name, target, **spec))
        job = self.job(name, target)
        assert job["status"] == status, (job, self.codes(job, target))
        return job

    def job(self, name: str, site: str = "south") -> Any:
        """A job by its name."""
        return self.clients[site].find(JOBS, name=name)

    def steps(self, job: Any, site: str = "south") -> list[Any]:
        """The steps of a job."""
        found: list[Any] = self.clients[site]("GET", f"{JOBS}/{job['extId']}/execution-steps", params={"$limit": 100}).json().get("data", [])
        return found

    def codes(self, job: Any, site: str = "south") -> dict[str, str]:
        """The findings of a job's validation: severity by code."""
        path = f"{JOBS}/{job['extId']}/validation-errors"
        return {finding["errorCode"]: finding["severity"] for finding in self.clients[site]("GET", path).json().get("data", [])}

    def recovered(self, job: Any, site: str = "south") -> dict[str, str]:
        """Source ids to recovered ids."""
        results = [entry["result"] for step in self.steps(job, site) for entry in step.get("executionStepResults", [])]
        return {result["sourceEntityExtId"]: result["recoveredEntityExtId"] for result in results}

    def vms(self, site: str) -> dict[str, Any]:
        """The VMs of a site by name; the one that no plan recovers is left out."""
        found = self.clients[site]("GET", VMS).json().get("data", [])
        return {vm["name"]: vm for vm in found if vm["name"] != "loner"}

    def power(self, site: str) -> dict[str, str]:
        """Power states by name."""
        return {name: vm["powerState"] for name, vm in self.vms(site).items()}

    def tiers(self, site: str) -> dict[str, set[str]]:
        """The names of the categories of each VM, as the control API tells them (also while the site is down)."""
        state = self.simulator.state(site)["vm"]
        return {name: {entry["extId"].removeprefix("@category:") for entry in vm.get("categories", [])} for name, vm in state.items()}

    def power_off(self, site: str, name: str) -> None:
        """Power off a VM."""
        client = self.clients[site]
        path = f"{VMS}/{self.vms(site)[name]['extId']}"
        client.done(client("POST", f"{path}/$actions/power-off", headers={"If-Match": client("GET", path).headers["ETag"]}))

    def clean_up(self, site: str = "south") -> Any:
        """Clean up after test failovers; the task."""
        return self._plain("clean-up-resources", site)

    def resume(self, site: str = "south") -> Any:
        """Resume the protection that a failover paused; the task."""
        return self._plain("resume-protection", site)

    def _plain(self, action: str, site: str) -> Any:
        client = self.clients[site]
        return client.task(client("POST", f"{OPERATIONS}/{self.plan}/$actions/{action}"))

    def now(self) -> str:
        """The simulated time as the API writes it."""
        return timestamp(self.simulator.control("POST", "/clock/advance", {"seconds": 0})["now"])
