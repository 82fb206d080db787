# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of one Prism Central, in memory and in the store: by kind and id, by name, and by what they refer to.

Knows revisions, names and references; not models, minors or rules about what may be written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from prismsim.store import Store

Document = dict[str, Any]

_UUID = re.compile(r"^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$")
#: Members that hold an id which is no reference to an object of this Prism Central.
_NOT_REFERENCES = frozenset(
    {"createdBy", "ownerUuid", "ownerExtId", "ownerReferenceId", "projectExtId", "generationUuid", "biosUuid", "entityExtId"}
)


@dataclass
class Record:
    """One stored object. ``cache`` holds its rendered forms until it, or what is derived for it, changes."""

    kind: str
    document: Document
    revision: int
    cache: dict[Any, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The extId."""
        ext_id: str = self.document["extId"]
        return ext_id

    @property
    def etag(self) -> str:
        """Opaque to clients; changes with every write of this object."""
        return hashlib.sha256(f"{self.id}:{self.revision}".encode()).hexdigest()[:32]


def unique_name(kind: str, document: Document) -> str:
    """What must be unique among the objects of a kind: the name, with whatever scopes it."""
    if kind == "category":
        return f"{document['key']}/{document['value']}"
    name: str = document.get("name") or document["extId"]
    if kind == "subnet":
        return f"{document.get('vpcReference') or document.get('clusterReference')}/{name}"
    return name


def referenced_ids(kind: str, document: Document) -> set[str]:
    """The ids that an object refers to, wherever in it they stand."""
    found: set[str] = set()
    _collect(document, found, kind == "security_policy")
    found.discard(document["extId"])
    return found


def _collect(value: Any, found: set[str], own_ids: bool) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in _NOT_REFERENCES and not (own_ids and key == "extId"):
                _collect(item, found, own_ids)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found, own_ids)
    elif isinstance(value, str) and len(value) == 36 and _UUID.match(value):
        found.add(value)


class Objects:
    """All objects of one site."""

    def __init__(self, site: str, store: Store) -> None:
        self._site = site
        self._store = store
        self._records: dict[str, dict[str, Record]] = {}
        self._names: dict[tuple[str, str], set[str]] = {}
        self._users: dict[str, set[tuple[str, str]]] = {}

    def load(self) -> None:
        """Take over what the store holds, in the order in which the objects were created."""
        rows = [body for _ignored, body in self._store.all("object", self._site)]
        for row in sorted(rows, key=lambda item: int(item["order"])):
            self._insert(Record(row["kind"], row["document"], row["revision"]))

    def all(self, kind: str) -> Iterator[Record]:
        """The objects of a kind, oldest first."""
        return iter(self._records.get(kind, {}).values())

    def count(self, kind: str) -> int:
        """How many objects of a kind there are."""
        return len(self._records.get(kind, {}))

    def kinds(self) -> list[str]:
        """The kinds of which there is at least one object."""
        return sorted(kind for kind, records in self._records.items() if records)

    def find(self, kind: str, ext_id: str) -> Record | None:
        """One object by id, or None."""
        return self._records.get(kind, {}).get(ext_id)

    def named(self, kind: str, name: str) -> list[Record]:
        """The objects whose ``unique_name`` this is."""
        return [self._records[kind][ext_id] for ext_id in self._names.get((kind, name), ())]

    def users(self, ext_id: str, kind: str | None = None) -> list[Record]:
        """The objects (of one kind) that refer to this id, sorted by id."""
        pairs = sorted(self._users.get(ext_id, ()))
        return [self._records[k][i] for k, i in pairs if kind is None or k == kind]

    def put(self, kind: str, document: Document, order: int) -> Record:
        """Create or replace an object; ``order`` is where it stands among the others (ignored on replace)."""
        old = self.find(kind, document["extId"])
        record = Record(kind, document, old.revision + 1 if old else 1)
        if old:
            order = self._order(old)
            self._forget(old)
        self._insert(record)
        row = {"kind": kind, "document": document, "revision": record.revision, "order": order}
        self._store.put("object", self._site, f"{kind}/{record.id}", row)
        return record

    def remove(self, record: Record) -> None:
        """Delete an object."""
        self._forget(record)
        del self._records[record.kind][record.id]
        self._store.delete("object", self._site, f"{record.kind}/{record.id}")

    def clear(self) -> None:
        """Drop the rendered forms of every object (after something they are derived from changed)."""
        for records in self._records.values():
            for record in records.values():
                record.cache.clear()

    def _order(self, record: Record) -> int:
        row = self._store.get("object", self._site, f"{record.kind}/{record.id}")
        return int(row["order"])

    def _insert(self, record: Record) -> None:
        self._records.setdefault(record.kind, {})[record.id] = record
        self._names.setdefault((record.kind, unique_name(record.kind, record.document)), set()).add(record.id)
        self._each_target(record, lambda users, me: users.add(me))

    def _forget(self, record: Record) -> None:
        self._names[(record.kind, unique_name(record.kind, record.document))].discard(record.id)
        self._each_target(record, lambda users, me: users.discard(me))

    def _each_target(self, record: Record, change: Callable[[set[tuple[str, str]], tuple[str, str]], None]) -> None:
        for ext_id in referenced_ids(record.kind, record.document):
            change(self._users.setdefault(ext_id, set()), (record.kind, record.id))
            for records in self._records.values():
                target = records.get(ext_id)
                if target is not None:
                    target.cache.clear()
