# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Native entity sync: one Prism Central pushes an object to another and overrides what is there by that name."""

from __future__ import annotations

import uuid
from typing import Any

from prismsim.crud import RESOURCES
from prismsim.errors import Message, Refusal
from prismsim.objects import Document, Record, unique_name
from prismsim.site import Site

KINDS = {
    "SECURITY_POLICY": "security_policy", "ADDRESS_GROUP": "address_group", "SERVICE_GROUP": "service_group",
    "CATEGORY": "category", "ENTITY_GROUP": "entity_group",
}  # fmt: skip


def push(site: Site, policy: Document) -> None:
    """Copy the entity of an entity-sync policy to its remote Prism Central. Raises Refusal when that cannot be done."""
    kind = KINDS.get(policy["entityType"])
    if kind is None:
        return  # storage and recovery objects are not simulated; their sync changes nothing here
    record = site.objects.find(kind, policy["entityExtId"])
    peer = site.peers.get(policy["remoteDomainManagerExtId"])
    if record is None or peer is None:
        what = policy["entityName"] if record is None else "the remote domain manager"
        raise Refusal([Message(f"{what} was not found.", "DP-10404", "RESOURCE_NOT_FOUND")], 404)
    there = peer.objects.named(kind, unique_name(kind, record.document))
    ext_id = there[0].id if there else record.id if site.switches.entity_sync_keeps_ids else str(uuid.uuid4())
    content = {key: value for key, value in record.document.items() if key != "extId"}
    translated: Document = _translated(content, site, peer)
    peer.put(kind, RESOURCES[kind].prepare(peer, {**translated, "extId": ext_id}, there[0] if there else None))


def _translated(value: Any, site: Site, peer: Site) -> Any:
    """The same document with the peer's ids: objects are matched by kind and unique name."""
    if isinstance(value, dict):
        return {key: _translated(item, site, peer) for key, item in value.items()}
    if isinstance(value, list):
        return [_translated(item, site, peer) for item in value]
    if not isinstance(value, str) or len(value) != 36:
        return value
    found = next((record for kind in site.objects.kinds() if (record := site.objects.find(kind, value))), None)
    return _id_there(found, peer) if found else value


def _id_there(record: Record, peer: Site) -> str:
    name = unique_name(record.kind, record.document)
    there = peer.objects.named(record.kind, name)
    if not there:
        text = f"{record.kind} {name} does not exist on the remote Prism Central."
        raise Refusal([Message(text, "DP-10405", "RESOURCE_NOT_FOUND")])
    return there[0].id
