# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entity-sync policies (contract/v4 section 11.2): what two Prism Centrals keep in step by themselves."""

from __future__ import annotations

from prismsim import crud
from prismsim.conditions import check_etag
from prismsim.crud import Resource, register
from prismsim.errors import Message, Refusal
from prismsim.objects import Record
from prismsim.registry import WRITES, Call, Outcome, Work, Write
from prismsim.site import Site
from prismsim.sync import push

ENTITY_SYNC = Resource(
    "datapolicies", "entity_sync_policy", "entity_sync_policies", "entity_sync_policy",
    "datapolicies.v4.config.EntitySyncPolicy", "datapolicies:config:entity-sync-policy", "entity sync policy",
    names_are_unique=False,
)  # fmt: skip


def _accept_sync(call: Call) -> Work:
    record = crud.find(ENTITY_SYNC, call)
    check_etag(call, record, required=False)
    return {"extId": record.id}


def _perform_sync(site: Site, work: Work) -> Outcome:
    record: Record | None = site.objects.find("entity_sync_policy", work["extId"])
    if record is None:
        raise Refusal([Message("The entity sync policy is gone.", "DP-10404", "RESOURCE_NOT_FOUND")], 404)
    push(site, record.document)
    written = site.put("entity_sync_policy", {**record.document, "status": "IN_SYNC"})
    return Outcome([crud.affected(ENTITY_SYNC, written)], record=written)


register(ENTITY_SYNC, "list get")
WRITES["datapolicies", "sync_entity_sync_policy_by_id"] = Write("SyncEntity", _accept_sync, _perform_sync)
