# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The strict body check of one minor: names every unknown, missing, misshapen or out-of-range property.

Knows the published models only; whether a value makes sense (a reference exists, a name is free) is not its matter.
"""

from __future__ import annotations

import re
from typing import Any

from prismsim.contract import Catalog, Field
from prismsim.errors import Problem

UUID = re.compile(r"^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$")
_DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
_TOLERATED = frozenset({"$objectType", "$reserved", "$unknownFields"})
_PRIMITIVES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "str": (str,),
    "integer": (int,),
    "int": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "bool": (bool,),
    "date-time": (str,),
    "map<string>": (dict,),
    "map<object>": (dict,),
}


def check(value: Any, model: str, catalog: Catalog, server_set: frozenset[str] = frozenset()) -> list[Problem]:
    """All schema problems of a body. ``server_set`` names top-level properties that a client may send back unread."""
    problems: list[Problem] = []
    if not isinstance(value, dict):
        return [Problem("", f"Instance type does not match any allowed primitive type (expected object, {model})")]
    _object({k: v for k, v in value.items() if k not in server_set}, model, catalog, "", problems)
    return problems


def _object(value: dict[str, Any], name: str, catalog: Catalog, path: str, problems: list[Problem]) -> None:
    fields = catalog.models[name].fields
    given = value.get("$objectType")
    if given is not None and given != name:
        problems.append(Problem(_join(path, "$objectType"), f'Object type "{given}" found, "{name}" expected'))
    for key, item in value.items():
        field = fields.get(key)
        if field is None:
            if key not in _TOLERATED and not (key.endswith("ItemDiscriminator") and key.startswith("$")):
                problems.append(Problem(_join(path, key), f'Object instance has properties which are not allowed by the schema: ["{key}"]'))
        elif item is not None:
            _field(item, field, catalog, _join(path, key), problems)
    for field in fields.values():
        if field.required and value.get(field.name) is None:
            problems.append(Problem(_join(path, field.name), f'Object has missing required properties (["{field.name}"])'))


def _field(value: Any, field: Field, catalog: Catalog, path: str, problems: list[Problem]) -> None:
    if not field.is_list:
        _value(value, field, catalog, path, problems)
    elif not isinstance(value, list):
        problems.append(Problem(path, _wrong_type(value, "array")))
    elif not value and catalog.namespace == "microseg":
        problems.append(Problem(path, "Array is too short: must have at least 1 elements but instance has 0 elements"))
    else:
        for index, item in enumerate(value):
            _value(item, field, catalog, f"{path}[{index}]", problems)


def _value(value: Any, field: Field, catalog: Catalog, path: str, problems: list[Problem]) -> None:
    model = catalog.models.get(field.type)
    if model is None:
        _primitive(value, field, path, problems)
    elif model.kind == "enum":
        if value not in model.values:
            allowed = ", ".join(sorted(model.values))
            problems.append(Problem(path, f'Instance value ("{value}") not found in enum (possible values: [{allowed}])'))
    elif model.kind == "oneOf":
        _one_of(value, model.alternatives, catalog, path, problems)
    elif isinstance(value, dict):
        _object(value, field.type, catalog, path, problems)
    else:
        problems.append(Problem(path, _wrong_type(value, "object")))


def _one_of(value: Any, alternatives: tuple[str, ...], catalog: Catalog, path: str, problems: list[Problem]) -> None:
    if not isinstance(value, dict):
        if not any(isinstance(value, _PRIMITIVES.get(name, ())) or _is_list_of(value, name) for name in alternatives):
            problems.append(Problem(path, f"Instance failed to match exactly one schema (out of {list(alternatives)})"))
        return
    given = value.get("$objectType")
    if given is None:
        if not any(name.startswith("dict(") for name in alternatives):
            problems.append(Problem(_join(path, "$objectType"), 'Object has missing required properties (["$objectType"])'))
    elif given not in alternatives:
        problems.append(Problem(_join(path, "$objectType"), f'Object type "{given}" is none of {list(alternatives)}'))
    else:
        _object(value, given, catalog, path, problems)


def _is_list_of(value: Any, alternative: str) -> bool:
    return isinstance(value, list) and alternative.startswith("list[")


def _primitive(value: Any, field: Field, path: str, problems: list[Problem]) -> None:
    expected = _PRIMITIVES[field.type]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        problems.append(Problem(path, _wrong_type(value, field.type)))
        return
    if isinstance(value, str):
        _string(value, field, path, problems)
    elif isinstance(value, (int, float)):
        _number(value, field, path, problems)


def _number(value: float, field: Field, path: str, problems: list[Problem]) -> None:
    if field.minimum is not None and value < field.minimum:
        problems.append(Problem(path, f"Numeric instance is lower than the required minimum (minimum: {field.minimum}, found: {value})"))
    elif field.maximum is not None and value > field.maximum:
        problems.append(Problem(path, f"Numeric instance is greater than the required maximum (maximum: {field.maximum}, found: {value})"))


def _string(value: str, field: Field, path: str, problems: list[Problem]) -> None:
    if field.max_length is not None and len(value) > field.max_length:
        problems.append(Problem(path, f"String is too long (length: {len(value)}, maximum allowed: {field.max_length})"))
    if field.min_length is not None and len(value) < field.min_length:
        problems.append(Problem(path, f"String is too short (length: {len(value)}, required minimum: {field.min_length})"))
    if field.type == "date-time" and not _DATE_TIME.match(value):
        problems.append(Problem(path, f'String "{value}" is invalid against requested date format(s)'))
    pattern = field.pattern or (UUID if _names_an_id(field.name) else None)
    if pattern is not None and not pattern.search(value):
        problems.append(Problem(path, f'ECMA 262 regex "{pattern.pattern}" does not match input string "{value}"'))


def _names_an_id(name: str) -> bool:
    """Lists of ids have no pattern in the published models, yet hold uuids only."""
    return name.endswith(("References", "ExtIds", "IsolationGroup")) or name == "securedGroups"


def _wrong_type(value: Any, expected: str) -> str:
    return f'Instance type ({type(value).__name__}) does not match any allowed primitive type (allowed: ["{expected}"])'


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
