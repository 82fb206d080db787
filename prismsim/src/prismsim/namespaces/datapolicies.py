# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entity-sync policies (contract/v4 section 11.2): what two Prism Centrals keep in step by themselves."""

from __future__ import annotations

from prismsim import crud, query
from prismsim.conditions import check_etag
from prismsim.crud import Resource, register
from prismsim.errors import Message, Refusal
from prismsim.objects import Record
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
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


def _no_protection_policies(call: Call) -> Answer:
    """Estates hold none, so the empty list is the truth; clients of releases that don't tell their version look here for it."""
    model = "datapolicies.v4.config.ProtectionPolicy"
    query.parse(call.operation, call.query, call.catalog, model)
    return Answer(items=[], model=model, total=0)


register(ENTITY_SYNC, "list get")
READS["datapolicies", "list_protection_policies"] = _no_protection_policies
WRITES["datapolicies", "sync_entity_sync_policy_by_id"] = Write("SyncEntity", _accept_sync, _perform_sync)
