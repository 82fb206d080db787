# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two Prism Centrals of one release with a protected VM on the first, for the SDK to make plans and run them. Knows no test."""

from __future__ import annotations

import copy
from typing import Any

from tests.contract.sdk import Site, data_of

SITES = ("north", "south")


def estate(release: str) -> dict[str, Any]:
    """The world: each site has the categories and the network, the first one the VM; nothing is protected yet."""

    def site(name: str, other: str, vms: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "prism_central": {"name": f"pc-{name}", "release": release},
            "clusters": [{"name": "ahv"}],
            "categories": [{"key": "Protect", "value": "Gold"}],
            "subnets": [{"name": subnet, "type": "vlan", "vlan_id": vlan, "cluster": "ahv"} for vlan, subnet in ((10, "servers"), (11, "isolated"))],
            "availability": {"registered_with": [other]},
            "vms": vms,
        }

    disks = [{"container": "default", "gib": 10}]
    vm = {"name": "shop-1", "cluster": "ahv", "categories": ["@category:Protect/Gold"], "nics": [{"subnet": "servers"}], "disks": disks}
    return {"name": "contract-recovery", "sites": {"north": site("north", "south", [vm]), "south": site("south", "north", [])}}


class Pair:
    """Both Prism Centrals through the SDK."""

    def __init__(self, ready: dict[str, Any], release: str) -> None:
        self.north, self.south = (Site(name, ready, release) for name in SITES)

    def manager(self, site: Site) -> str:
        """The id of a site's domain manager."""
        return str(data_of(site.api("prism", "DomainManagerApi").list_domain_managers())[0].ext_id)

    def category(self, site: Site) -> str:
        """The id of the category that is protected."""
        (found,) = data_of(site.api("prism", "CategoriesApi").list_categories(_filter="key eq 'Protect'"))
        return str(found.ext_id)

    def cluster(self, site: Site) -> str:
        """The id of a site's cluster."""
        (found,) = [each for each in data_of(site.api("clustermgmt", "ClustersApi").list_clusters()) if each.name == "ahv"]
        return str(found.ext_id)

    def vms(self, site: Site) -> list[Any]:
        """The VMs of a site."""
        return list(data_of(site.api("vmm", "VmApi").list_vms()))

    def policy(self, name: str, objective: int) -> dict[str, Any]:
        """The body of a policy that protects the VM in both directions."""
        schedule: dict[str, Any] = {"recoveryPointObjectiveTimeSeconds": objective, "recoveryPointType": "CRASH_CONSISTENT"}
        if objective:
            schedule["retention"] = {"$objectType": "datapolicies.v4.config.LinearRetention", "local": 2, "remote": 2}
        ways = (("north", "south"), ("south", "north"))
        return {
            "name": name,
            "description": "made by the SDK",
            "categoryIds": [self.category(self.north)],
            "replicationLocations": [
                {"label": "north", "domainManagerExtId": self.manager(self.north), "isPrimary": True},
                {"label": "south", "domainManagerExtId": self.manager(self.south)},
            ],
            "replicationConfigurations": [{"sourceLocationLabel": a, "remoteLocationLabel": b, "schedule": copy.deepcopy(schedule)} for a, b in ways],
        }

    def protect(self, name: str, objective: int) -> str:
        """Make such a policy; its id is in the completion details alone."""
        api = self.north.api("datapolicies", "ProtectionPoliciesApi")
        task = self.north.wait(api.create_protection_policy(self.north.model("datapolicies", "config.ProtectionPolicy", self.policy(name, objective))))
        assert not task.entities_affected
        return details(task)["protectionPolicyExtId"]

    def direction(self, source: Site, target: Site) -> dict[str, Any]:
        """One failover direction."""
        return {"sourceDomainManagerExtId": self.manager(source), "targetDomainManagerExtId": self.manager(target)}


def details(task: Any) -> dict[str, str]:
    """The completion details of a task."""
    return {entry.name: entry.value for entry in task.completion_details or ()}
