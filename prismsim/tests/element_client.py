# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the tests of Prism Element: an estate of two paired clusters, a client, and how shapes are compared."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import requests

from prismsim.testing import Running

Json = Any
SAMPLES = Path(__file__).parent / "element_samples"

_NORTH: dict[str, Any] = {
    "prism_central": {"name": "pc-north", "release": "pc.7.5.1"},
    "clusters": [
        {
            "name": "ahv-primary", "virtual_ip": "192.0.2.50", "cvm_ips": ["192.0.2.51", "192.0.2.52", "192.0.2.53"],
            "storage_containers": [
                "SelfServiceContainer", "NutanixManagementShare", {"name": "default-container-77107", "capacity_gib": 1000, "used_gib": 10},
            ],
            "volume_groups": [{"name": "frame-profile-1", "disks": [{"container": "default-container-77107", "gib": 4}]}],
        }
    ],
    "categories": [{"key": "AppType", "value": "Frame"}],
    "subnets": [
        {"name": "vlan10", "type": "vlan", "vlan_id": 10, "cluster": "ahv-primary", "prefix": "10.1.1.0/24"},
        {"name": "vlan11", "type": "vlan", "vlan_id": 11, "cluster": "ahv-primary"},
    ],
    "vms": [
        {"name": "frame-sandbox-1", "cluster": "ahv-primary", "categories": ["@category:AppType/Frame"],
         "disks": [{"container": "default-container-77107", "gib": 8}], "nics": [{"subnet": "vlan10", "ip": "10.1.1.11"}, {"subnet": "vlan11"}]},
        {"name": "frame-utility-1", "cluster": "ahv-primary", "power": "off", "disks": [{"container": "SelfServiceContainer", "gib": 2}]},
    ],
}  # fmt: skip
_SOUTH: dict[str, Any] = {
    "prism_central": {"name": "pc-south", "release": "pc.7.5.1"},
    "clusters": [
        {
            "name": "ahv-dr", "virtual_ip": "198.51.100.50", "cvm_ips": ["198.51.100.51"], "password": "another/4u",
            "storage_containers": ["SelfServiceContainer", "storage-container-112133"],
        }
    ],
    "categories": [{"key": "AppType", "value": "Frame"}],
    "subnets": [{"name": "vlan20", "type": "vlan", "vlan_id": 20, "cluster": "ahv-dr", "prefix": "10.2.1.0/24"}],
}  # fmt: skip
_MAP = {"SelfServiceContainer": "SelfServiceContainer", "default-container-77107": "storage-container-112133"}
PRIMARY, DR = "north/ahv-primary", "south/ahv-dr"


def estate(paired: bool = False, **more: Any) -> dict[str, Any]:
    """Two sites with one cluster each; ``paired`` gives both a half, mirror-image maps included."""
    document: dict[str, Any] = copy.deepcopy({"name": "pair", "sites": {"north": _NORTH, "south": _SOUTH}})
    if paired:
        ends = {"north": ("ahv-dr", DR, _MAP, {"vlan10": "vlan20"}), "south": ("ahv-primary", PRIMARY, _mirror(_MAP), {"vlan20": "vlan10"})}
        for site, (name, cluster, vstores, networks) in ends.items():
            half = {"name": name, "cluster": cluster, "vstore_map": vstores, "network_map": networks}
            document["sites"][site]["clusters"][0]["remote_sites"] = [half]
    return {**document, **more}


def _mirror(mapping: dict[str, str]) -> dict[str, str]:
    return {there: here for here, there in mapping.items()}


class Element:
    """Calls one cluster; ``through`` calls it by its Prism Central instead."""

    def __init__(self, simulator: Running, path: str, through: bool = False) -> None:
        self.simulator = simulator
        self.path = path
        self._through = through
        self._session = requests.Session()
        self._session.trust_env = False

    def call(self, method: str, path: str, body: Json = None, **params: Any) -> requests.Response:
        """One call; ``path`` starts with the version."""
        cluster = self.simulator.cluster(self.path)
        at = self.simulator.site(self.path.partition("/")[0]) if self._through else cluster
        if self._through:
            params.setdefault("proxyClusterUuid", cluster["uuid"])
        return self._session.request(
            method, f"{at['url']}/PrismGateway/services/rest/{path}", json=body, params=params,
            auth=(at["username"], at["password"]), verify=self.simulator.ready["ca"], timeout=10,
        )  # fmt: skip

    def __call__(self, method: str, path: str, body: Json = None, **params: Any) -> Json:
        """The JSON of a call that must succeed."""
        answer = self.call(method, path, body, **params)
        assert answer.status_code == (201 if method == "POST" and path.startswith("v2.0") else 200), answer.text
        return answer.json()

    def refused(self, status: int, method: str, path: str, body: Json = None, **params: Any) -> str:
        """The message of a call that must be refused so."""
        answer = self.call(method, path, body, **params)
        assert answer.status_code == status, answer.text
        message: str = answer.json()["message"]
        return message

    def pair(self, name: str, address: str, **more: Any) -> Json:
        """Make one half, v2.0."""
        return self("POST", "v2.0/remote_sites", {"name": name, "remote_ip_ports": {address: 2020}, **more})

    def site(self, name: str, **params: Any) -> Json:
        """A remote site, v2.0."""
        return self("GET", f"v2.0/remote_sites/{name}", **params)


def sample(name: str) -> Json:
    """A sample of the contract."""
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def shape(value: Json, maps: bool = False) -> Json:
    """The keys of a document, all the way down; one shape per list of objects. Keys that are data are left out."""
    if isinstance(value, dict):
        data = maps or any(not str(key).replace("_", "").isalnum() for key in value)
        return "map" if data else {key: shape(item, key in _MAPS) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else "list"
    return "value"


_MAPS = {
    "remote_ip_ports", "remoteIpPorts", "vstore_name_map", "vstoreNameMap", "stats", "usage_stats", "usageStats", "schedule_map",
    "remote_max_snapshots", "mapped_remote_containers", "remote_vstore_info", "remoteVStoreInfo", "down_migrate_times_in_secs",
}  # fmt: skip


def covers(found: Json, wanted: Json) -> list[str]:
    """The members of a sample that an answer lacks, as paths: for samples that were cut or are of another release."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        missing = [key for key in wanted if key not in found]
        return missing + [f"{key}.{path}" for key in wanted if key in found for path in covers(found[key], wanted[key])]
    if isinstance(wanted, list) and isinstance(found, list) and wanted and found:
        return covers(found[0], wanted[0])
    return []
