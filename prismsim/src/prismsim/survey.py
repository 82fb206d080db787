# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the world looks like, readable: objects by kind and name, with names instead of ids. Reads only."""

from __future__ import annotations

from typing import Any

from prismsim.crud import RESOURCES, full
from prismsim.naming import readable_name
from prismsim.objects import Record
from prismsim.site import Site

_HIDDEN = frozenset({"registration", "product", "batch"})


def survey(site: Site) -> dict[str, dict[str, Any]]:
    """``{kind: {name: document}}``; each id of a known object reads ``@kind:name``."""
    names = {record.id: f"@{kind}:{readable_name(site, record)}" for kind in site.objects.kinds() for record in site.objects.all(kind)}
    found: dict[str, dict[str, Any]] = {}
    for kind in site.objects.kinds():
        if kind not in _HIDDEN and kind in RESOURCES:
            found[kind] = {readable_name(site, record): _readable(record, site, names) for record in site.objects.all(kind)}
    return found


def _readable(record: Record, site: Site, names: dict[str, str]) -> dict[str, Any]:
    document = {**full(site, record), "rules": record.document.get("rules")}
    shown: dict[str, Any] = _named({key: value for key, value in document.items() if value is not None and key != "extId" and not key.startswith("_")}, names)
    return {"extId": record.id, **shown}


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value
