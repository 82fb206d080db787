# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two spellings of one DTO: v2.0 writes snake_case, v1 camelCase (contract/element section 1). Pure.

The simulator keeps everything in the spelling of v2.0.
"""

from __future__ import annotations

import re
from typing import Any

#: Members whose keys are data, not names of members.
_MAPS = frozenset(
    {"remote_ip_ports", "remote_ip_address_ports", "vstore_name_map", "remote_vstore_info", "mapped_remote_containers", "stats", "usage_stats"}
    | {"remote_max_snapshots", "remote_retention_period", "remote_retention_type", "down_migrate_times_in_secs", "redundancy_status"}
    | {"pd_suspended_schedules_map", "vm_features"}
)
#: Members whose keys are data above ordinary objects.
_MAPS_OF_OBJECTS = frozenset({"schedule_map"})
_TOKENS = {"ipaddress": "IPAddress", "vstore": "VStore", "vmid": "VMId", "vcpus": "VCpus", "vmexternal": "VMExternal"}
_WHOLE = {
    "service_vmexternal_ip": "serviceVMExternalIP",
    "storage_container_id": "containerId",
    "storage_container_ids": "containerIds",
    "storage_container_uuid": "containerUuid",
    "storage_container_uuids": "containerUuids",
}
_FROM_V1 = {"container_id": "storage_container_id", "container_uuid": "storage_container_uuid", "uuid": "uuid"}


def to_v1(value: Any) -> Any:
    """The same thing as v1 spells it."""
    if isinstance(value, list):
        return [to_v1(item) for item in value]
    if not isinstance(value, dict):
        return value
    spelled: dict[str, Any] = {}
    for key, item in value.items():
        if key in _MAPS:
            spelled[_camel(key)] = item
        elif key in _MAPS_OF_OBJECTS:
            spelled[_camel(key)] = {name: to_v1(below) for name, below in item.items()}
        else:
            spelled[_camel(key)] = to_v1(item)
    return spelled


def from_v1(value: Any) -> Any:
    """A v1 body as v2.0 spells it."""
    if isinstance(value, list):
        return [from_v1(item) for item in value]
    if not isinstance(value, dict):
        return value
    spelled: dict[str, Any] = {}
    for key, item in value.items():
        name = _snake(str(key))
        spelled[name] = item if name in _MAPS else from_v1(item)
    return spelled


def _camel(key: str) -> str:
    if key in _WHOLE:
        return _WHOLE[key]
    first, *others = key.split("_")
    return first + "".join(_TOKENS.get(token, token[:1].upper() + token[1:]) for token in others)


def _snake(key: str) -> str:
    # A run of capitals counts as one word: clusterExternalIPAddress is cluster_external_ipaddress.
    name = re.sub(r"[A-Z]+", lambda run: "_" + run.group().lower(), key).lstrip("_")
    return _FROM_V1.get(name, name)
