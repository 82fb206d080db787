# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Categories, domain managers, registrations and products of Prism (contract/v4 section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from prismsim import crud, query, shape
from prismsim.crud import Resource, accept_create, accept_delete, accept_update, full, perform_delete, perform_put, register
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem
from prismsim.objects import Document, Record
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.site import ADMIN, Site

#: How a kind appears among the associations of a category.
_RESOURCE_TYPES = {
    "vm": ("VM", "ENTITY"),
    "subnet": ("SUBNET", "ENTITY"),
    "vpc": ("VIRTUAL_NETWORK", "ENTITY"),
    "cluster": ("CLUSTER", "ENTITY"),
    "security_policy": ("NETWORK_SECURITY_POLICY", "POLICY"),
    "entity_group": ("NETWORK_ENTITY_GROUP", "POLICY"),
    "protection_policy": ("PROTECTION_RULE", "POLICY"),
    "recovery_stage": ("RECOVERY_PLAN", "POLICY"),
}


def _check_category(site: Site, document: Document, old: Record | None) -> list[Message]:
    kind = old.document["type"] if old else document.get("type", "USER")
    if kind != "USER":
        return [Message(f"A category of type {kind} cannot be created or changed.", "PRISMSIM-10003", "SYSTEM_DEFINED")]
    if old and document["key"] != old.document["key"]:
        return [Message("The key of a category cannot be changed.", "PRISMSIM-10005", "IMMUTABLE")]
    return []


def _prepare_category(site: Site, document: Document, old: Record | None) -> Document:
    return {"ownerUuid": ADMIN, **document, "type": old.document["type"] if old else "USER"}


def _users(site: Site, record: Record) -> list[Record]:
    return site.objects.users(record.id)


CATEGORY = Resource(
    "prism", "category", "categories", "category", "prism.v4.config.Category", "prism:config:category", "category",
    server_set=frozenset({"associations", "detailedAssociations"}),
    check=_check_category, prepare=_prepare_category, in_use=_users,
)  # fmt: skip


def associations(site: Site, record: Record) -> list[Document]:
    """The association summaries of a category, by resource type."""
    counts = Counter(_RESOURCE_TYPES[user.kind] for user in site.objects.users(record.id) if user.kind in _RESOURCE_TYPES)
    return [{"categoryId": record.id, "resourceType": kind, "resourceGroup": group, "count": count} for (kind, group), count in sorted(counts.items())]


def detailed_associations(site: Site, record: Record) -> list[Document]:
    """One entry per object that carries or uses a category."""
    return [
        {"categoryId": record.id, "resourceType": kind, "resourceGroup": group, "resourceId": user.id}
        for user in site.objects.users(record.id)
        if user.kind in _RESOURCE_TYPES
        for kind, group in [_RESOURCE_TYPES[user.kind]]
    ]


def _expanded(site: Site, document: Document, names: tuple[str, ...]) -> Document:
    record = site.objects.find("category", document["extId"])
    assert record is not None
    extra: Document = {}
    if "associations" in names:
        extra["associations"] = associations(site, record)
    if "detailedAssociations" in names:
        extra["detailedAssociations"] = detailed_associations(site, record)
    return {**document, **{name: value for name, value in extra.items() if value}}


def _list_categories(call: Call) -> Answer:
    if "detailedAssociations" in call.query.get("$expand", ""):
        raise ApiError(400, problems=[Problem("$expand", "detailedAssociations is available for a single category only", "@query")])
    asked = query.parse(call.operation, call.query, call.catalog, CATEGORY.model)
    if not asked.expand:
        return crud.list_all(CATEGORY, call)
    records = [] if call.empty else list(call.site.objects.all("category"))
    found = asked.arrange([full(call.site, record) for record in records])
    wanted = {document["extId"] for document in asked.window(found)}
    shown = [_expanded(call.site, d, asked.expand) if d["extId"] in wanted else d for d in found]
    return crud.page(call, asked, shown, CATEGORY.model)


def _get_category(call: Call) -> Answer:
    asked = query.parse(call.operation, call.query, call.catalog, None)
    record = crud.find(CATEGORY, call)
    document = _expanded(call.site, full(call.site, record), asked.expand)
    return Answer(item=dump(shape.answer(document, CATEGORY.model, call.catalog)), model=CATEGORY.model, headers={"ETag": record.etag})


def _accept_category_update(call: Call) -> Work:
    if isinstance(call.body, dict) and not call.body.get("ownerUuid"):
        raise ApiError(400, [Message("deleting ownerUuid not allowed", "PRISMSIM-10006", "INVALID_INPUT")])
    return accept_update(CATEGORY, call)


def _created(call: Call, outcome: Outcome) -> Answer:
    assert outcome.record is not None
    record = outcome.record
    return Answer(201, crud.encoded(call.site, record, call.catalog), model=CATEGORY.model, headers={"ETag": record.etag})


def _updated(call: Call, outcome: Outcome) -> Answer:
    message = Message("Category updated successfully.", "CTGRS-50000", "CATEGORY_UPDATE_SUCCESS", "INFO").body("prism")
    return Answer(200, items=[dump(message)], model="prism.v4.error.AppMessage")


register(CATEGORY, "")
READS["prism", "list_categories"] = _list_categories
READS["prism", "get_category_by_id"] = _get_category
WRITES["prism", "create_category"] = Write(
    "Create category", lambda call: accept_create(CATEGORY, call), lambda site, work: perform_put(CATEGORY, site, work), _created
)
WRITES["prism", "update_category_by_id"] = Write("Update category", _accept_category_update, lambda site, work: perform_put(CATEGORY, site, work), _updated)
WRITES["prism", "delete_category_by_id"] = Write(
    "Delete category", lambda call: accept_delete(CATEGORY, call), lambda site, work: perform_delete(CATEGORY, site, work),
    lambda call, outcome: Answer(204),
)  # fmt: skip

DOMAIN_MANAGER = Resource(
    "prism", "domain_manager", "domain_managers", "domain_manager", "prism.v4.config.DomainManager",
    "prism:config:domain_manager", "domain manager",
)  # fmt: skip
REGISTRATION = Resource(
    "prism", "registration", "registrations", "registration", "prism.v4.management.Registration",
    "prism:management:registration", "registration",
)  # fmt: skip
PRODUCT = Resource(
    "prism", "product", "products", "product", "prism.v4.management.Product", "prism:management:product", "product",
)  # fmt: skip


def _below_domain_manager(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """Registrations and products hang below the own domain manager only."""

    def checked(call: Call) -> Answer:
        crud.find(DOMAIN_MANAGER, call, "domainManagerExtId")
        return handler(call)

    return checked


register(DOMAIN_MANAGER, "list get")
for _resource in (REGISTRATION, PRODUCT):
    register(_resource, "list get")
    for _name in (f"list_{_resource.plural}", f"get_{_resource.singular}_by_id"):
        READS["prism", _name] = _below_domain_manager(READS["prism", _name])
