# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery between two clusters of one Prism Central: the clusters tell the two locations apart."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Client
from recovery_world import JOBS, OPERATIONS, PLANS, VMS, manager, schedule

from prismsim.testing import running

_SUBNETS = [
    {"name": name, "type": "vlan", "vlan_id": vlan, "cluster": cluster, "prefix": prefix}
    for name, vlan, cluster, prefix in (("left", 10, "left-ahv", "10.1.1.0/24"), ("right", 20, "right-ahv", "10.2.1.0/24"))
]


def _place(cluster: str) -> dict[str, Any]:
    return {"domainManagerExtId": "@domain_manager:only", "clusters": [{"extId": f"@cluster:{cluster}"}]}


def _location(label: str, **more: bool) -> dict[str, Any]:
    below = {"clusterExtIds": [f"@cluster:{label}-ahv"]}
    return {"label": label, "domainManagerExtId": "@domain_manager:only", "replicationSubLocation": below, **more}


ESTATE: dict[str, Any] = {
    "name": "one-central",
    "sites": {
        "only": {
            "prism_central": {"name": "pc", "release": "pc.7.6"},
            "clusters": [{"name": "left-ahv"}, {"name": "right-ahv"}],
            "categories": [{"key": "Protect", "value": "Gold"}],
            "subnets": _SUBNETS,
            "vms": [{"name": "web-1", "cluster": "left-ahv", "categories": ["@category:Protect/Gold"], "nics": [{"subnet": "left", "ip": "10.1.1.5"}]}],
            "protection_policies": [
                {
                    "name": "gold",
                    "categoryIds": ["@category:Protect/Gold"],
                    "replicationLocations": [_location("left", isPrimary=True), _location("right")],
                    "replicationConfigurations": [
                        {"sourceLocationLabel": "left", "remoteLocationLabel": "right", "schedule": schedule(3600)},
                        {"sourceLocationLabel": "right", "remoteLocationLabel": "left", "schedule": schedule(3600)},
                    ],
                }
            ],
            "recovery_plans": [
                {
                    "name": "shop",
                    "primaryLocation": _place("left-ahv"),
                    "recoveryLocation": _place("right-ahv"),
                    "stages": [{"entityType": "VM", "categoryExtIds": ["@category:Protect/Gold"]}],
                    "network_mappings": [{"primaryNetwork": {"subnetName": "left"}, "recoveryNetwork": {"subnetName": "right"}}],
                }
            ],
        }
    },
}


@pytest.mark.parametrize("keeps", [False, True])
def test_from_cluster_to_cluster_and_back(keeps: bool) -> None:
    with running({**ESTATE, "switches": {"recovered_vm_keeps_uuid": keeps}}) as simulator:
        client = Client(simulator, "only")
        own, plan = manager(client), client.find(PLANS, name="shop")["extId"]
        ids = {name: client.find("clustermgmt/v4.3/config/clusters", name=name)["extId"] for name in ("left-ahv", "right-ahv")}

        before = client.find(VMS, name="web-1")["extId"]

        def run(name: str, source: str, target: str) -> Any:
            ends = {"sourceCluster": {"extId": ids[source]}, "targetCluster": {"extId": ids[target]}}
            body = {"name": name, "failoverDirections": [{"sourceDomainManagerExtId": own, "targetDomainManagerExtId": own, **ends}]}
            client.task(client("POST", f"{OPERATIONS}/{plan}/$actions/planned-failover", json=body))
            job = client.find(JOBS, name=name)
            (vm,) = client("GET", VMS).json()["data"]
            address = vm["nics"][0]["networkInfo"]["ipv4Config"]["ipAddress"]["value"]
            return job["status"], vm["cluster"]["extId"] == ids[target], vm["powerState"], address

        assert run("there", "left-ahv", "right-ahv") == ("SUCCEEDED", True, "ON", "10.2.1.5")
        assert (client.find(VMS, name="web-1")["extId"] == before) is keeps
        assert run("back", "right-ahv", "left-ahv") == ("SUCCEEDED", True, "ON", "10.1.1.5")
        nameless = {"name": "x", "failoverDirections": [{"sourceDomainManagerExtId": own, "targetDomainManagerExtId": own}]}
        assert "directions" in client.refused(client("POST", f"{OPERATIONS}/{plan}/$actions/planned-failover", json=nameless))
