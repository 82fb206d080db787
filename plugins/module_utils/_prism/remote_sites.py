# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls and bodies of remote sites (contract/element section 2): which properties a write must carry, and the ids it must not lose."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .element import Element
    from .listing import Object

_PATH = "remote_sites"
#: How a remote site without any of these is written: a PUT replaces it whole, so what is left out would be kept or lost as the release likes.
_NOTHING: dict[str, t.Any] = {
    "vstoreNameMap": {},
    "bandwidthPolicyEnabled": False,
    "bandwidthPolicy": None,
    "networkMapping": {"l2NetworkMappings": []},
}


def read_remote_sites(element: Element) -> list[Object]:
    """All remote sites as the cluster shows them, also those that are marked for removal and not gone yet. One call."""
    return element.list(_PATH, {"fullDetails": "true", "includeDeleted": "true"})


def create_remote_site(element: Element, properties: Mapping[str, t.Any]) -> None:
    """The first of two calls, as Prism's own pages make it: without maps and bandwidth, which need the peer to answer or an existing site."""
    body = {
        "name": properties["name"],
        "vstoreNameMap": {},
        "remoteIpPorts": properties["remoteIpPorts"],
        "maxBps": None,
        "proxyEnabled": properties["proxyEnabled"],
        "bandwidthPolicy": None,
        "compressionEnabled": properties["compressionEnabled"],
        "sshEnabled": properties["sshEnabled"],
        "capabilities": properties["capabilities"],
        "networkMapping": {"uuid": None, "l2NetworkMappings": []},
    }
    element.create(_PATH, body)


def replace_remote_site(element: Element, body: Object, before: Mapping[str, t.Any], after: Mapping[str, t.Any]) -> None:
    """Write ``body``, as it was just read, with the properties that differ between ``before`` and ``after``. Nothing else of it is lost."""
    element.update(_PATH, changed_body(body, before, after))


def delete_remote_site(element: Element, name: str) -> None:
    """Mark it for removal; it is gone when ``read_remote_sites`` no longer has it."""
    element.delete((_PATH, name))


def changed_body(body: Object, before: Mapping[str, t.Any], after: Mapping[str, t.Any]) -> Object:
    """The whole body of a PUT. Policy, windows and network mapping keep their ids, and what is said about the peer stays."""
    old, new = {**_NOTHING, **before}, {**_NOTHING, **after}
    changed = {name: value for name, value in new.items() if value != old.get(name)}
    result = {name: value for name, value in body.items() if name != "stats"}
    result.update(changed)
    if "remoteIpPorts" in changed and body.get("remoteIpAddressPorts"):
        result["remoteIpAddressPorts"] = changed["remoteIpPorts"]
    if "capabilities" in changed:
        about_the_peer = [word for word in body.get("capabilities") or [] if str(word).upper().startswith("SUPPORT_")]
        result["capabilities"] = [*changed["capabilities"], *about_the_peer]
    if "networkMapping" in changed:
        result["networkMapping"] = {"uuid": (body.get("networkMapping") or {}).get("uuid"), **changed["networkMapping"]}
    if changed.get("bandwidthPolicy"):
        result["bandwidthPolicy"] = _policy_with_ids(changed["bandwidthPolicy"], body.get("bandwidthPolicy") or {})
    return result


def _policy_with_ids(policy: Mapping[str, t.Any], old: Mapping[str, t.Any]) -> Object:
    ids = {_window(window): window.get("scheduleUuid") for window in old.get("bandwidthConfigurations") or []}
    windows = [
        {**window, **({"scheduleUuid": ids[_window(window)]} if ids.get(_window(window)) else {})} for window in policy["bandwidthConfigurations"]
    ]
    known = {"policyUuid": old["policyUuid"]} if old.get("policyUuid") else {}
    return {**policy, **known, "bandwidthConfigurations": windows}


def _window(window: Mapping[str, t.Any]) -> tuple[t.Any, ...]:
    """When a window holds: two windows of one time are the same one with another limit."""
    return window.get("startTime"), window.get("endTime"), window.get("daysSelected")
