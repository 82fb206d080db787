# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The five calls that every kind has: list, get, create, update, delete. Knows no kind; a ``Resource`` tells its rules."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prismsim import query, shape, validate
from prismsim.conditions import check_etag
from prismsim.contract import Catalog
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, Refusal, not_found
from prismsim.objects import Document, Record, unique_name
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.site import Site

COMMON_SERVER_SET = frozenset({"extId", "links", "tenantId"})


def _no_problem(site: Site, document: Document, old: Record | None) -> list[Message]:
    return []


def _as_given(site: Site, document: Document, old: Record | None) -> Document:
    return document


def _nothing(site: Site, record: Record) -> Document:
    return {}


def _unnoticed(site: Site, record: Record, removed: bool) -> None:
    return None


def _named_in_task(site: Site, resource: Resource, record: Record) -> Outcome:
    return Outcome([affected(resource, record)], record=record)


def _unexpanded(site: Site, document: Document, names: tuple[str, ...]) -> Document:
    return document


#: The member of a stored object that holds the id of the object below which it hangs; never shown.
PARENT = "_parent"


@dataclass(frozen=True)
class Parent:
    """Where a kind hangs below another: the path parameter that names the other object, its kind and what it is called."""

    parameter: str
    kind: str
    noun: str


@dataclass(frozen=True)
class Resource:
    """What is particular to a kind. ``check`` refuses a document, ``prepare`` completes it, ``derive`` adds to answers."""

    namespace: str
    kind: str
    plural: str
    singular: str
    model: str
    rel: str
    noun: str
    server_set: frozenset[str] = frozenset()
    check: Callable[[Site, Document, Record | None], list[Message]] = _no_problem
    prepare: Callable[[Site, Document, Record | None], Document] = _as_given
    derive: Callable[[Site, Record], Document] = _nothing
    in_use: Callable[[Site, Record], list[Record]] | None = None
    names_are_unique: bool = True
    #: Adds what ``$expand`` of a list asks for.
    expand: Callable[[Site, Document, tuple[str, ...]], Document] = _unexpanded
    parent: Parent | None = None
    #: DELETE needs If-Match whatever the switch says.
    delete_needs_etag: bool = False
    #: Hears of each object after it was written or (True) removed.
    noticed: Callable[[Site, Record, bool], None] = _unnoticed
    #: What the task of a write tells of the object.
    told: Callable[[Site, Resource, Record], Outcome] = _named_in_task
    #: Problems that only a fault-free schema would show: bounds outside the published models.
    extra_problems: Callable[[Site, Document], list[Problem]] | None = None

    @property
    def ignored(self) -> frozenset[str]:
        """The members of a body that the server sets itself."""
        return COMMON_SERVER_SET | self.server_set


RESOURCES: dict[str, Resource] = {}


def register(resource: Resource, verbs: str = "list get create update delete") -> None:
    """Make the named verbs of a resource answer."""
    RESOURCES[resource.kind] = resource
    for verb in verbs.split():
        if verb == "list":
            READS[resource.namespace, f"list_{resource.plural}"] = lambda call: list_all(resource, call)
        elif verb == "get":
            READS[resource.namespace, f"get_{resource.singular}_by_id"] = lambda call: get(resource, call)
        else:
            name = f"{verb}_{resource.singular}" + ("" if verb == "create" else "_by_id")
            WRITES[resource.namespace, name] = task_write(resource, verb)


def task_write(resource: Resource, verb: str) -> Write:
    """A create, update or delete that runs as a task."""
    title = f"{verb.capitalize()} {resource.noun}"
    if verb == "create":
        return Write(title, lambda call: accept_create(resource, call), lambda site, work: perform_put(resource, site, work))
    if verb == "update":
        return Write(title, lambda call: accept_update(resource, call), lambda site, work: perform_put(resource, site, work))
    return Write(title, lambda call: accept_delete(resource, call), lambda site, work: perform_delete(resource, site, work))


def full(site: Site, record: Record) -> Document:
    """The stored document with all that is derived for it; cached until something changes."""
    whole: Document | None = record.cache.get("full")
    if whole is None:
        whole = {**record.document, **RESOURCES[record.kind].derive(site, record)}
        record.cache["full"] = whole
    return whole


def encoded(site: Site, record: Record, catalog: Catalog) -> bytes:
    """An object as JSON of one minor; cached until something changes."""
    data: bytes | None = record.cache.get(catalog.minor)
    if data is None:
        data = dump(shape.answer(full(site, record), RESOURCES[record.kind].model, catalog))
        record.cache[catalog.minor] = data
    return data


def list_all(resource: Resource, call: Call) -> Answer:
    """The list operation of a kind."""
    asked = query.parse(call.operation, call.query, call.catalog, resource.model)
    records = [] if call.empty else _records(resource, call)
    if asked.plain:
        items = [encoded(call.site, record, call.catalog) for record in asked.window(records)]
        return Answer(items=items, model=resource.model, total=len(records))
    found = asked.arrange([full(call.site, record) for record in records])
    if asked.expand:
        found = [resource.expand(call.site, document, asked.expand) for document in found]
    return page(call, asked, found, resource.model)


def _records(resource: Resource, call: Call) -> list[Record]:
    if resource.parent is None:
        return list(call.site.objects.all(resource.kind))
    return children(call.site, _parent(resource.parent, call), resource.kind)


def children(site: Site, parent: Record, kind: str) -> list[Record]:
    """The objects of a kind that hang below another object, oldest first."""
    return [record for record in site.objects.all(kind) if record.document[PARENT] == parent.id]


def _parent(parent: Parent, call: Call) -> Record:
    ext_id = path_id(call, parent.parameter)
    record = call.site.objects.find(parent.kind, ext_id)
    if record is None:
        raise not_found(parent.noun, ext_id)
    return record


def page(call: Call, asked: query.ListQuery, found: list[Document], model: str) -> Answer:
    """One page of documents, with the selected members only."""
    shown = model
    documents = asked.window(found)
    if asked.select:
        shown = f"{model}Projection" if f"{model}Projection" in call.catalog.models else model
        documents = [{name: document[name] for name in asked.select if name in document} for document in documents]
    items = [dump(shape.answer(document, shown, call.catalog)) for document in documents]
    return Answer(items=items, model=shown, total=len(found))


def get(resource: Resource, call: Call) -> Answer:
    """The get operation of a kind."""
    record = find(resource, call)
    return Answer(item=encoded(call.site, record, call.catalog), model=resource.model, headers={"ETag": record.etag})


def find(resource: Resource, call: Call, parameter: str = "extId") -> Record:
    """The object that the path names. Raises ApiError 400 (no uuid) or 404."""
    below = _parent(resource.parent, call).id if resource.parent else None
    ext_id = path_id(call, parameter)
    record = call.site.objects.find(resource.kind, ext_id)
    if record is None or record.document.get(PARENT) != below:
        raise not_found(resource.noun, ext_id)
    return record


def path_id(call: Call, parameter: str = "extId") -> str:
    """A uuid of the path. Raises ApiError 400 when it is none."""
    ext_id = call.params[parameter]
    if not validate.UUID.match(ext_id):
        text = f'ECMA 262 regex "{validate.UUID.pattern}" does not match input string "{ext_id}"'
        raise ApiError(400, problems=[Problem(parameter, text, "@path")])
    return ext_id


def checked_body(call: Call, model: str, server_set: frozenset[str] = frozenset()) -> Any:
    """The JSON body, after the schema check. Raises ApiError(400) with every problem."""
    if call.body is None:
        raise ApiError(400, problems=[Problem("", "A request body is required")])
    problems = validate.check(call.body, model, call.catalog, server_set)
    if problems:
        raise ApiError(400, problems=problems)
    return call.body


def _document(resource: Resource, call: Call) -> Document:
    body = checked_body(call, resource.model, resource.ignored)
    document = shape.stored(body, resource.model, call.catalog, resource.ignored)
    problems = resource.extra_problems(call.site, document) if resource.extra_problems else []
    if call.site.switches.refuse_server_set_fields:
        problems += [Problem(key, f"{key} is set by the server") for key in sorted(resource.server_set & set(body))]
    if problems:
        raise ApiError(400, problems=problems)
    return document


def accept_create(resource: Resource, call: Call) -> Work:
    """Check a create; the new object's id is decided here."""
    below = {PARENT: _parent(resource.parent, call).id} if resource.parent else {}
    document = {"extId": str(uuid.uuid4()), **below, **_document(resource, call)}
    _conflict_at_once(resource, call.site, document)
    return {"document": document, "create": True}


def accept_update(resource: Resource, call: Call) -> Work:
    """Check an update: the object exists, If-Match is fresh, the body is well formed."""
    record = find(resource, call)
    below = {PARENT: record.document[PARENT]} if resource.parent else {}
    document = {"extId": record.id, **below, **_document(resource, call)}
    check_etag(call, record, required=True)
    _conflict_at_once(resource, call.site, document)
    return {"document": document, "revision": record.revision}


def accept_delete(resource: Resource, call: Call) -> Work:
    """Check a delete. A missing object is no error here: the task fails."""
    below = _parent(resource.parent, call).id if resource.parent else None
    ext_id = path_id(call)
    record = call.site.objects.find(resource.kind, ext_id)
    if record is not None and record.document.get(PARENT) == below:
        check_etag(call, record, required=resource.delete_needs_etag or call.site.switches.delete_requires_etag)
    return {"extId": ext_id, "below": below}


def perform_put(resource: Resource, site: Site, work: Work) -> Outcome:
    """Create or replace an object. Raises Refusal when it makes no sense (any more)."""
    document: Document = work["document"]
    old = None if work.get("create") else site.objects.find(resource.kind, document["extId"])
    if not work.get("create"):
        if old is None:
            raise Refusal([_missing(resource, document["extId"])], 404)
        if old.revision != work["revision"]:
            raise Refusal([Message("The object was changed by another request meanwhile.", "PLAT-10005", "INVALID_ETAG_HEADER")], 412)
    if resource.parent and site.objects.find(resource.parent.kind, document[PARENT]) is None:
        raise Refusal([Message(f"Could not find {resource.parent.noun} with extId {document[PARENT]}.", "RES-10001", "RESOURCE_NOT_FOUND")], 404)
    messages = _duplicates(resource, site, document) + resource.check(site, document, old)
    if messages:
        raise Refusal(messages, 409 if messages[0].group == "DUPLICATE_NAME" else 400)
    record = site.put(resource.kind, resource.prepare(site, document, old))
    resource.noticed(site, record, False)
    return resource.told(site, resource, record)


def perform_delete(resource: Resource, site: Site, work: Work) -> Outcome:
    """Delete an object. Raises Refusal when it is not there, system-defined or in use."""
    record = site.objects.find(resource.kind, work["extId"])
    if record is None or record.document.get(PARENT) != work.get("below"):
        raise Refusal([_missing(resource, work["extId"])], 404)
    if record.document.get("isSystemDefined") or record.document.get("type") in ("SYSTEM", "INTERNAL"):
        text = f"The system-defined {resource.noun} {unique_name(resource.kind, record.document)} cannot be deleted."
        raise Refusal([Message(text, "PRISMSIM-10003", "SYSTEM_DEFINED")], 403)
    users = resource.in_use(site, record) if resource.in_use and site.switches.refuse_delete_in_use else []
    if users:
        named = ", ".join(sorted(f"{user.kind} {unique_name(user.kind, user.document)}" for user in users[:5]))
        text = f"The {resource.noun} {unique_name(resource.kind, record.document)} is in use by {named}."
        raise Refusal([Message(text, "PRISMSIM-10004", "ENTITY_IN_USE")], 409)
    site.objects.remove(record)
    resource.noticed(site, record, True)
    return resource.told(site, resource, record)


def affected(resource: Resource, record: Record) -> dict[str, str]:
    """An object as a task names it."""
    return {"extId": record.id, "rel": resource.rel, "name": str(record.document.get("name") or record.id)}


def _conflict_at_once(resource: Resource, site: Site, document: Document) -> None:
    messages = _duplicates(resource, site, document) if site.switches.name_conflict_answers_409 else []
    if messages:
        raise ApiError(409, messages)


def _missing(resource: Resource, ext_id: str) -> Message:
    return Message(f"Could not find {resource.noun} with extId {ext_id}.", "RES-10001", "RESOURCE_NOT_FOUND")


def _duplicates(resource: Resource, site: Site, document: Document) -> list[Message]:
    if not resource.names_are_unique:
        return []
    name = unique_name(resource.kind, document)
    if all(record.id == document["extId"] for record in site.objects.named(resource.kind, name)):
        return []
    return [Message(f"A {resource.noun} with the name {name} already exists.", "PRISMSIM-10001", "DUPLICATE_NAME")]
