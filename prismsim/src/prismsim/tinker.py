# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes made behind everyone's back: what a person does in the console while nobody looks. For the control API."""

from __future__ import annotations

import uuid
from typing import Any

from prismsim import shape, validate
from prismsim.contract import Catalog, catalog
from prismsim.crud import RESOURCES
from prismsim.estate import resolve
from prismsim.naming import find_named
from prismsim.objects import Document, Record
from prismsim.site import Site


def find(site: Site, kind: str, name: str) -> Record:
    """An object by kind and name (``key/value`` for categories, ``vpc/subnet`` for overlay subnets). ValueError if none."""
    if kind not in RESOURCES:
        raise ValueError(f"unknown kind '{kind}' (known: {', '.join(sorted(RESOURCES))})")
    record = find_named(site, kind, name)
    if record is None:
        raise ValueError(f"{site.id} has no {kind} named '{name}'")
    return record


def edit(site: Site, kind: str, name: str, patch: Document) -> Record:
    """Replace top-level members (null removes one). References may be written as ``@kind:name``."""
    record = find(site, kind, name)
    change = _resolved(site, patch)
    # Checked as this site shows it; kept in the newest words, which an older release could not check.
    shown = shape.answer(record.document, RESOURCES[kind].model, _catalog(site, kind))
    _check(site, kind, {**shown, **change})
    left = {key: value for key, value in record.document.items() if key not in change}
    return _write(site, kind, {**left, **_stored(site, kind, change)}, record)


def create(site: Site, kind: str, body: Document) -> Record:
    """Create an object from an API body; references may be written as ``@kind:name``."""
    if kind not in RESOURCES:
        raise ValueError(f"unknown kind '{kind}' (known: {', '.join(sorted(RESOURCES))})")
    document = {"extId": str(uuid.uuid4()), **_resolved(site, body)}
    _check(site, kind, document)
    return _write(site, kind, _stored(site, kind, document), None)


def delete(site: Site, kind: str, name: str) -> None:
    """Delete an object, used or not."""
    site.objects.remove(find(site, kind, name))


def _check(site: Site, kind: str, document: Document) -> None:
    resource = RESOURCES[kind]
    whole = {key: value for key, value in document.items() if value is not None}
    problems = validate.check(whole, resource.model, _catalog(site, kind), resource.ignored)
    if problems:
        raise ValueError("; ".join(f"{problem.attribute}: {problem.text}" for problem in problems))


def _stored(site: Site, kind: str, document: Document) -> Document:
    resource = RESOURCES[kind]
    server_made = {key: document[key] for key in resource.ignored if document.get(key) is not None}
    return {**shape.stored(document, resource.model, _catalog(site, kind), resource.ignored), **server_made}


def _write(site: Site, kind: str, document: Document, old: Record | None) -> Record:
    return site.put(kind, RESOURCES[kind].prepare(site, document, old))


def _catalog(site: Site, kind: str) -> Catalog:
    namespace = RESOURCES[kind].namespace
    return catalog(namespace, site.minor(namespace))


def _resolved(site: Site, body: Document) -> Document:
    def to_id(kind: str, name: str) -> str:
        return find(site, kind, name).id

    resolved: Any = resolve(body, to_id)
    return dict(resolved)
