# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole generated estate: a full primary site, and a recovery site with nothing but networks."""

from __future__ import annotations

from random import Random
from typing import Any

from prismsim.estate.generator.groups import address_groups, entity_groups, service_groups
from prismsim.estate.generator.names import ENVIRONMENTS, TIERS, Names, category
from prismsim.estate.generator.policies import scope_of, security_policies
from prismsim.estate.generator.size import RELEASES, Size

# Each VLAN subnet is a /22, used from .0.10 up.
_VMS_PER_SUBNET = 900


def generate(size: Size, seed: int, release: str, recovery_release: str | None = None) -> dict[str, Any]:
    """The document of an estate with sites ``north`` (full) and ``south`` (networks only). Raises SizeError."""
    minor = RELEASES[release]
    size.check(minor)
    names, draw = Names(size), Random(seed)
    north: dict[str, Any] = {
        "prism_central": {"name": "pc-north", "release": release},
        "availability": {"registered_with": ["south"]},
        **_networks("north", names, tagged=True),
        "categories": [{"key": key, "value": value} for key, value in names.categories()],
        "address_groups": address_groups(names, draw, minor),
        "service_groups": service_groups(names, draw),
        "entity_groups": entity_groups(names, draw, minor),
        "security_policies": security_policies(names, draw, minor),
        "vms": _vms(names, draw, minor),
    }
    south: dict[str, Any] = {
        "prism_central": {"name": "pc-south", "release": recovery_release or release},
        "availability": {"registered_with": ["north"]},
        **_networks("south", names, tagged=False),
    }
    return {"name": f"generated-{size.policies}-{seed}", "sites": {"north": north, "south": south}}


def _networks(site: str, names: Names, tagged: bool) -> dict[str, Any]:
    """Cluster, VPCs and subnets. Same names on both sites; VLAN prefixes differ, those inside VPCs do not."""
    cluster = f"{site}-ahv"
    block = {"north": 16, "south": 32}[site]
    vpcs = []
    for index in range(names.size.vpcs):
        tag = {"categories": [category("Tenant", names.vpc(index))]} if tagged else {}
        vpcs.append({"name": names.vpc(index), **tag})
    vlans = [
        {
            "name": f"servers-{index:02d}",
            "type": "vlan",
            "vlan_id": 100 + index,
            "cluster": cluster,
            "prefix": f"10.{block + index // 64}.{index % 64 * 4}.0/22",
        }
        for index in range(1 + names.size.vms // _VMS_PER_SUBNET)
    ]
    overlays = [{"name": "apps", "type": "overlay", "vpc": vpc["name"], "prefix": "172.16.0.0/16", "gateway": "172.16.0.1"} for vpc in vpcs]
    return {"clusters": [{"name": cluster, "virtual_ip": f"10.{block}.0.2"}], "vpcs": vpcs, "subnets": vlans + overlays}


def _vms(names: Names, draw: Random, minor: int) -> list[dict[str, Any]]:
    """VMs spread over applications and tiers; each stands where its application's policy can secure it."""
    vms = []
    for index in range(names.size.vms):
        number = index % names.size.applications
        application, tier = names.application(number), TIERS[index // names.size.applications % len(TIERS)]
        scope = scope_of(names, minor, number)
        vpc = _vpc_of(scope)
        offset = index % _VMS_PER_SUBNET + 10
        if vpc:
            nic = {"subnet": f"{vpc}/apps", "ip": f"172.16.{(index + 10) // 250 + 1}.{(index + 10) % 250 + 2}"}
        else:
            vlan = index // _VMS_PER_SUBNET
            nic = {"subnet": f"servers-{vlan:02d}", "ip": f"10.{16 + vlan // 64}.{vlan % 64 * 4 + offset // 256}.{offset % 256}"}
        vms.append(
            {
                "name": f"{application}-{tier.lower()}-{index // (names.size.applications * len(TIERS)) + 1}",
                "cluster": "north-ahv",
                "categories": [
                    category("AppType", application),
                    category("AppTier", tier),
                    category("Environment", draw.choice(ENVIRONMENTS)),
                    category("Division", names.division(number)),
                ],
                "nics": [nic],
            }
        )
    return vms


def _vpc_of(scope: dict[str, Any]) -> str | None:
    """The VPC that a scope names, by itself or by its tag."""
    if scope["scope"] == "VPC_LIST":
        return str(scope["vpcReferences"][0]).partition(":")[2]
    if scope["scope"] == "VPC_AS_CATEGORY":
        return str(scope["scopeReferences"][0]).partition("/")[2]
    return None
