# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prism Central in a dictionary, with the manners that the engine must cope with. Speaks the client's interface, no HTTP."""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site import Site
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Conflict, DrError, NotFound, ServerError
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Canonical
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.batch import BatchItem, ItemOutcome, target_of
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.central_v4 import CentralV4
from ansible_collections.nutanix_flow.dr.plugins.module_utils._prism.fetching import Fetched

from .kinds import ENTITIES, MINORS


class FakeCentral:
    """``objects``: path -> id -> body. ``calls`` has what was asked, ``trouble`` answers instead of the write of a name."""

    def __init__(self, site: str = "pc-b") -> None:
        self.site = site
        self.objects: dict[str, dict[str, dict[str, t.Any]]] = {}
        self.etags: dict[str, int] = {}
        self.calls: list[str] = []
        self.request_ids: list[str] = []
        self.trouble: dict[str, t.Callable[[], DrError | None]] = {}
        self.untold = False
        self.datapolicies = (4, 2)
        self.on_list: t.Callable[[], None] = lambda: None
        self.on_batch: t.Callable[[str], None] = lambda path: None
        self._next = 0
        self._lock = threading.RLock()

    @property
    def writes(self) -> FakeCentral:
        """What writes: it keeps no state of its own."""
        return self

    def hold(self, path: str, body: dict[str, t.Any]) -> str:
        self._next += 1
        ext_id = str(body.get("extId") or f"new-{self._next}")
        self.objects.setdefault(path, {})[ext_id] = {**body, "extId": ext_id}
        self.etags[ext_id] = self.etags.get(ext_id, 0) + 1
        return ext_id

    def minor(self, namespace: str) -> tuple[int, int]:
        return {"networking": (4, 2), "vmm": (4, 2), "clustermgmt": (4, 2), "datapolicies": self.datapolicies, **MINORS}[namespace]

    def uri(self, namespace: str, path: str) -> str:
        return f"/api/{namespace}/v4.2/{path}"

    def list(self, namespace: str, path: str) -> t.Iterator[dict[str, t.Any]]:
        self.calls.append(f"list {path}")
        self.on_list()
        return iter([dict(body) for body in self.objects.get(path, {}).values()])

    def get_many(self, namespace: str, path: str, ext_ids: t.Sequence[str]) -> dict[str, Fetched | DrError]:
        self.calls.append(f"get {len(ext_ids)} {path}")
        found: dict[str, Fetched | DrError] = {}
        for ext_id in ext_ids:
            body = self.objects.get(path, {}).get(ext_id)
            found[ext_id] = NotFound("gone") if body is None else Fetched(dict(body), str(self.etags[ext_id]))
        return found

    def batch(self, action: str, uri: str, object_type: str, items: t.Sequence[BatchItem], *, name: str, request_id: str) -> list[ItemOutcome]:
        path = target_of(uri).path
        self.on_batch(path)
        with self._lock:
            self.calls.append(f"{action} {len(items)} {path}")
            self.request_ids += [item.request_id for item in items]
            return [self._one(action, path, item) for item in items]

    def _one(self, action: str, path: str, item: BatchItem) -> ItemOutcome:
        trouble = self.trouble.get(item.key, lambda: None)()
        if trouble is not None and not getattr(trouble, "written", False):
            return ItemOutcome(item.key, item.ext_id, trouble)
        if action == "CREATE":
            ext_id = self.hold(path, dict(item.body or {}))
            return ItemOutcome(item.key, None if self.untold or trouble else ext_id, trouble)
        ext_id = str(item.ext_id)
        if item.etag != str(self.etags[ext_id]):
            return ItemOutcome(item.key, ext_id, Conflict("stale"))
        if action == "DELETE":
            del self.objects[path][ext_id]
        else:
            self.hold(path, {**(item.body or {}), "extId": ext_id})
        return ItemOutcome(item.key, ext_id)

    def edit(self, path: str, ext_id: str, **properties: t.Any) -> None:
        """Somebody else changes an object."""
        self.hold(path, {**self.objects[path][ext_id], **properties})


class Unanswered(ServerError):
    """The error of a write that nobody answered; ``written``: it was done all the same, which only the fake knows."""

    written = False


def unanswered(*, written: bool) -> Unanswered:
    error = Unanswered("no answer")
    error.outcome_unknown = True
    error.written = written
    return error


def site_with(central: FakeCentral, *objects: tuple[str, Canonical]) -> Site:
    """A site on the fake that holds these objects."""
    site = Site(t.cast(CentralV4, central), entities=ENTITIES)  # the fake has what the engine uses
    for kind, canonical in objects:
        entity = ENTITIES[kind]
        central.hold(entity.path, encode(entity, canonical, site.directory))
        site.forget(ENTITIES)
    central.calls.clear()
    return site
