# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites with protected VMs and a recovery plan of three stages, and what tests of disaster recovery need to drive it."""

from __future__ import annotations

import copy
from typing import Any

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
