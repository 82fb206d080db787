# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes made behind everyone's back: what a person does in the console while nobody looks. For the control API."""

from __future__ import annotations

import uuid
from typing import Any

from prismsim import shape, validate
from prismsim.contract import catalog
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
    return _write(site, kind, {**record.document, **_resolved(site, patch)}, record)


def create(site: Site, kind: str, body: Document) -> Record:
    """Create an object from an API body; references may be written as ``@kind:name``."""
    if kind not in RESOURCES:
        raise ValueError(f"unknown kind '{kind}' (known: {', '.join(sorted(RESOURCES))})")
    return _write(site, kind, {"extId": str(uuid.uuid4()), **_resolved(site, body)}, None)


def delete(site: Site, kind: str, name: str) -> None:
    """Delete an object, used or not."""
    site.objects.remove(find(site, kind, name))


def _write(site: Site, kind: str, document: Document, old: Record | None) -> Record:
    resource = RESOURCES[kind]
    whole = {key: value for key, value in document.items() if value is not None}
    contract = catalog(resource.namespace, site.minor(resource.namespace))
    problems = validate.check(whole, resource.model, contract, resource.ignored)
    if problems:
        raise ValueError("; ".join(f"{problem.attribute}: {problem.text}" for problem in problems))
    server_made = {key: whole[key] for key in resource.ignored if key in whole}
    kept = {**shape.stored(whole, resource.model, contract, resource.ignored), **server_made}
    return site.put(kind, resource.prepare(site, kept, old))


def _resolved(site: Site, body: Document) -> Document:
    def to_id(kind: str, name: str) -> str:
        return find(site, kind, name).id

    resolved: Any = resolve(body, to_id)
    return dict(resolved)
