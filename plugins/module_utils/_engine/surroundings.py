# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Prism Central says of others: who it is registered with, and what the platform itself keeps in sync. Reads only."""

from __future__ import annotations

import typing as t

from .._errors import DrError

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4

#: The words of entity sync for our kinds (contract/v4 section 11.2).
_SYNCED_KINDS = {
    "SECURITY_POLICY": "security_rule",
    "CATEGORY": "category",
    "ADDRESS_GROUP": "address_group",
    "SERVICE_GROUP": "service_group",
    "ENTITY_GROUP": "entity_group",
}


class Synced(t.NamedTuple):
    """One object that the Prism Centrals keep in sync themselves. ``status`` is in_sync, out_of_sync or syncing."""

    kind: str
    name: str
    status: str


class Peer(t.NamedTuple):
    """Another Prism Central as this one sees it. ``status`` is CONNECTED, DISCONNECTED or PENDING."""

    name: str
    status: str


def synced(client: CentralV4) -> list[Synced]:
    """Objects of our kinds under native entity sync, sorted. Before API 4.1 there is none. Raises DrError."""
    if client.minor("datapolicies") < (4, 1):
        return []
    try:
        found = list(client.list("datapolicies", "config/entity-sync-policies"))
    except DrError as error:
        raise error.about(verb="list", kind="entity_sync_policy", site=client.site) from error
    return sorted(
        Synced(_SYNCED_KINDS[item["entityType"]], str(item.get("entityName", "")), str(item.get("status", "")).lower())
        for item in found
        if item.get("entityType") in _SYNCED_KINDS
    )


def peers(client: CentralV4) -> list[Peer]:
    """The Prism Centrals that this one is registered with. Before API 4.2 no call tells. Raises DrError."""
    if client.minor("prism") < (4, 2):
        return []
    found: list[Peer] = []
    for manager in client.list("prism", "config/domain-managers", limit=None):
        for item in client.list("prism", f"management/domain-managers/{manager['extId']}/registrations"):
            details = item.get("remoteClusterDetails") or {}
            if details.get("clusterType") == "DOMAIN_MANAGER":
                found.append(Peer(str(details.get("name", "")), str(item.get("connectivityStatus", ""))))
    return sorted(found)
