"""Two simulated clusters that may be paired, and the options by which modules reach them. Knows no module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prismsim.testing import Running
from tests.integration.play import connection_of

EAST, WEST = "east/east-ahv", "west/west-ahv"
WEST_ADDRESS, EAST_ADDRESS = "198.51.100.50", "192.0.2.50"
#: Local container -> container of the peer, seen from the east.
VSTORES = {"SelfServiceContainer": "SelfServiceContainer", "frame": "frame-dr"}

_SITES: dict[str, dict[str, Any]] = {
    "east": {
        "prism_central": {"name": "pc-east", "release": "pc.7.5.1"},
        "clusters": [
            {
                "name": "east-ahv", "virtual_ip": EAST_ADDRESS, "cvm_ips": ["192.0.2.51"], "password": "east-only/4u",
                "storage_containers": ["SelfServiceContainer", "NutanixManagementShare", "frame", "scratch"],
                "volume_groups": [{"name": "profile-1", "disks": [{"container": "frame", "gib": 2}]}],
            }
        ],
        "subnets": [{"name": "desktops", "type": "vlan", "vlan_id": 110, "cluster": "east-ahv"}],
        "vms": [
            {"name": "sandbox-1", "cluster": "east-ahv", "disks": [{"container": "frame", "gib": 8}], "nics": [{"subnet": "desktops"}]},
            {"name": "scratch-1", "cluster": "east-ahv", "disks": [{"container": "scratch", "gib": 8}]},
        ],
    },
    "west": {
        "prism_central": {"name": "pc-west", "release": "pc.7.5.1"},
        "clusters": [
            {
                "name": "west-ahv", "virtual_ip": WEST_ADDRESS, "cvm_ips": ["198.51.100.51"], "password": "west-only/4u",
                "storage_containers": ["SelfServiceContainer", "NutanixManagementShare", "frame-dr"],
            }
        ],
        "subnets": [{"name": "desktops-dr", "type": "vlan", "vlan_id": 210, "cluster": "west-ahv"}],
    },
}  # fmt: skip


def estate(*, east: Mapping[str, Any] | None = None, west: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The two clusters, not paired; ``east`` and ``west`` are members for each cluster, ``more`` members of the estate (``switches``)."""
    sites: dict[str, Any] = {}
    for site, extra in (("east", east), ("west", west)):
        clusters = [{**_SITES[site]["clusters"][0], **(extra or {})}]
        sites[site] = {**_SITES[site], "clusters": clusters}
    return {"name": "pair", "sites": sites, **more}


def half(site: str, **members: Any) -> dict[str, Any]:
    """A remote site for an estate: the half on ``site``'s cluster."""
    other = WEST if site == "east" else EAST
    return {"name": other.partition("/")[2], "cluster": other, **members}


def direct(sim: Running, cluster: str) -> dict[str, Any]:
    """The connection options of a cluster's own Prism Element."""
    element = sim.cluster(cluster)
    host, _colon, port = element["url"].removeprefix("https://").partition(":")
    return {
        "nutanix_host": host,
        "nutanix_port": int(port),
        "nutanix_username": element["username"],
        "nutanix_password": element["password"],
        "ca_path": sim.ready["ca"],
    }


def through(sim: Running, cluster: str) -> dict[str, Any]:
    """The connection options of a cluster by its Prism Central."""
    site, _slash, name = cluster.partition("/")
    return {**connection_of(sim.ready, site), "via_prism_central": True, "cluster": name}
