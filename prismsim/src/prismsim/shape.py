# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns stored objects into answers of one minor, and request bodies into stored objects.

A stored object is in the newest minor's words without ``$`` members, except ``$objectType`` where a oneOf needs it.
Knows models only: an answer loses what its minor did not have yet.
"""

from __future__ import annotations

from typing import Any

from prismsim.contract import Catalog


def answer(value: dict[str, Any], model: str, catalog: Catalog) -> dict[str, Any]:
    """A stored object as the given minor shows it, with ``$objectType`` and ``$reserved`` at every level."""
    shaped: dict[str, Any] = {}
    fields = catalog.models[model].fields
    for key, item in value.items():
        field = fields.get(key)
        if field is None or item is None:
            continue
        if field.is_list:
            shown = [_item(entry, field.type, catalog) for entry in item]
            shaped[key] = [entry for entry in shown if entry is not None]
        else:
            shown_item = _item(item, field.type, catalog)
            if shown_item is not None:
                shaped[key] = shown_item
    shaped["$objectType"] = model
    shaped["$reserved"] = {"$fv": catalog.fv(model)}
    return shaped


def _item(value: Any, type_name: str, catalog: Catalog) -> Any:
    model = catalog.models.get(type_name)
    if model is None:
        return value
    if model.kind == "enum":
        return value if value in model.values else "$UNKNOWN"
    if model.kind == "oneOf":
        if not isinstance(value, dict):
            return value
        chosen = value.get("$objectType")
        return answer(value, chosen, catalog) if chosen in model.alternatives and chosen is not None else None
    return answer(value, type_name, catalog)


def stored(value: dict[str, Any], model: str, catalog: Catalog, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A checked request body as it is kept; ``without`` names top-level members that the server sets itself."""
    kept: dict[str, Any] = {}
    for key, item in value.items():
        field = catalog.models[model].fields.get(key)
        if field is None or item is None or key in without or key in ("links", "tenantId"):
            continue
        if field.is_list:
            kept[key] = [_kept(entry, field.type, catalog) for entry in item]
        else:
            kept[key] = _kept(item, field.type, catalog)
    return kept


def _kept(value: Any, type_name: str, catalog: Catalog) -> Any:
    model = catalog.models.get(type_name)
    if model is None or model.kind == "enum" or not isinstance(value, dict):
        return value
    if model.kind == "oneOf":
        chosen = value.get("$objectType")
        if chosen is None:
            return value
        return {"$objectType": chosen, **stored(value, chosen, catalog)}
    return stored(value, type_name, catalog)
