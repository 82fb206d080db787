# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protection policies and recovery plans of an estate: fills in each $objectType that can only be one thing."""

from __future__ import annotations

from typing import Any

_PREFIX = "datapolicies.v4.config."
#: A recovery setting by the member that only it has.
_SETTINGS = {"vm": "VmRecoverySetting", "vmCategoryExtId": "VmCategoryRecoverySetting", "volumeGroup": "VolumeGroupRecoverySetting"}


def protection_policy(body: dict[str, Any]) -> dict[str, Any]:
    """A protection policy with the types of its retentions and sub-locations."""
    configurations = [{**each, "schedule": _schedule(each.get("schedule") or {})} for each in body.get("replicationConfigurations") or ()]
    locations = [_location(each) for each in body.get("replicationLocations") or ()]
    return {**body, "replicationConfigurations": configurations, "replicationLocations": locations}


def _schedule(schedule: dict[str, Any]) -> dict[str, Any]:
    retention = schedule.get("retention")
    if not retention:
        return schedule
    kind = "LinearRetention" if isinstance(retention.get("local"), int) else "AutoRollupRetention"
    return {**schedule, "retention": {"$objectType": _PREFIX + kind, **retention}}


def _location(location: dict[str, Any]) -> dict[str, Any]:
    below = location.get("replicationSubLocation")
    if not below:
        return location
    kind = "NutanixCluster" if "clusterExtIds" in below else "Mst"
    return {**location, "replicationSubLocation": {"$objectType": _PREFIX + kind, **below}}


def recovery_plan(body: dict[str, Any]) -> dict[str, Any]:
    """A recovery plan with the types of its settings and of what follows its stages."""
    found = dict(body)
    if "stages" in body:
        found["stages"] = [_stage(stage) for stage in body["stages"]]
    if "recovery_settings" in body:
        found["recovery_settings"] = [_setting(setting) for setting in body["recovery_settings"]]
    return found


def _stage(stage: dict[str, Any]) -> dict[str, Any]:
    if "postActions" not in stage:
        return stage
    actions = [{**action, "config": {"$objectType": _PREFIX + "DelayAction", **action["config"]}} for action in stage["postActions"]]
    return {**stage, "postActions": actions}


def _setting(setting: dict[str, Any]) -> dict[str, Any]:
    inner = setting.get("recoverySetting") or {}
    kind = next((kind for member, kind in _SETTINGS.items() if member in inner), "VmRecoverySetting")
    return {**setting, "recoverySetting": {"$objectType": _PREFIX + kind, **inner}}
