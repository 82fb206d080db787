# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The published contract, per namespace and minor: models, operations, releases. Knows no server and no object.

The data files hold the newest minor of each namespace and the differences between neighbouring minors; an older minor
is derived by reading those differences backwards (contract/v4 section 15 summarizes the outcome).
"""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

NAMESPACES = ("microseg", "prism", "clustermgmt", "vmm", "networking", "datapolicies", "dataprotection")

#: Contract/v4 section 1: release -> (minor of the first group, minor of prism, networking and dataprotection).
RELEASES = {
    "pc.2024.3": (0, 0),
    "pc.7.3": (1, 1),
    "pc.7.5": (2, 2),
    "pc.7.5.1": (2, 3),
    "pc.7.6": (3, 4),
}
_SECOND_GROUP = frozenset({"prism", "networking", "dataprotection"})

_MINOR_HEADING = re.compile(r"^== (\S+) 4\.(\d+)\.\S+ -> 4\.(\d+)\.\S+$")


@dataclass(frozen=True)
class Field:
    """One property of a model: its type (a primitive or a model name) and the bounds the server checks."""

    name: str
    type: str
    is_list: bool = False
    required: bool = False
    pattern: re.Pattern[str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Model:
    """An object (fields), an enum (values) or a oneOf (alternatives) of one minor."""

    name: str
    kind: str
    fields: dict[str, Field]
    values: frozenset[str] = frozenset()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One call of the API: method, path below ``/api/<namespace>/v4.<minor>/``, and what it takes."""

    id: str
    namespace: str
    method: str
    path: tuple[str, ...]
    query: frozenset[str]
    body: str | None
    body_required: bool
    response: str


@dataclass(frozen=True)
class Catalog:
    """All models and operations of one namespace at one minor."""

    namespace: str
    minor: int
    models: dict[str, Model]
    operations: tuple[Operation, ...]

    def fv(self, model: str) -> str:
        """The ``$fv`` text of a model: shared ``common.*`` models never changed theirs."""
        return "v1.r0" if model.startswith("common.") else f"v4.r{self.minor}"


def newest_minor(release: str, namespace: str) -> int:
    """The highest minor that a release speaks. Raises KeyError for an unknown release."""
    first, second = RELEASES[release]
    return second if namespace in _SECOND_GROUP else first


@cache
def catalog(namespace: str, minor: int) -> Catalog:
    """The contract of a namespace as it stood at ``minor``."""
    document = json.loads(_data(f"{namespace}.json"))
    models: dict[str, Any] = copy.deepcopy(document["models"])
    operations = {(op["method"], _template(op["path"])): copy.deepcopy(op) for op in document["operations"]}
    for line in _newer_than(namespace, minor):
        _undo(line, models, operations)
    _drop_undescribed(models)
    return Catalog(
        namespace,
        minor,
        {name: _model(name, raw) for name, raw in models.items()},
        tuple(_operation(namespace, key, raw) for key, raw in operations.items()),
    )


def list_fields(namespace: str, path: str) -> dict[str, list[str]]:
    """The published filter, order and select fields of a list operation; empty when none were published."""
    published: dict[str, dict[str, list[str]]] = _filter_fields()
    return published.get(f"GET /api/{namespace}/v4.x/{path}", {})


@lru_cache(maxsize=1)
def _filter_fields() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(_data("filter_fields_v4.0.json"))
    return fields


def _data(name: str) -> str:
    return (resources.files("prismsim") / "data" / name).read_text(encoding="utf-8")


def _template(path: str) -> str:
    """``/api/microseg/v4.3/config/x`` or ``/api/microseg/v4/config/x`` as ``config/x``."""
    return path.split("/", 4)[4]


def _newer_than(namespace: str, minor: int) -> Iterator[str]:
    """The difference lines that lead from ``minor`` to the newest one, newest step first."""
    steps: list[tuple[int, list[str]]] = []
    for line in _data(f"diff-{namespace}.txt").splitlines():
        heading = _MINOR_HEADING.match(line)
        if heading:
            steps.append((int(heading.group(2)), []))
        elif steps and line:
            steps[-1][1].append(line)
    for older, lines in reversed(steps):
        if older >= minor:
            yield from reversed(lines)


def _undo(line: str, models: dict[str, Any], operations: dict[tuple[str, str], Any]) -> None:
    word, rest = line.split(" ", 1)
    if word == "+model":
        models.pop(rest.strip(), None)
    elif word == "+field":
        model, name = rest.split(":", 1)[0].rsplit(".", 1)
        models.get(model, {}).get("fields", {}).pop(name, None)
    elif word == "~field":
        where, change = rest.split(": ", 1)
        model, name = where.rsplit(".", 1)
        if name in models.get(model, {}).get("fields", {}):
            models[model]["fields"][name] = ast.literal_eval(change.split(" -> ", 1)[0])
    elif word in ("~enum", "~oneOf"):
        _undo_members(rest, models, "values" if word == "~enum" else "alternatives")
    elif word == "+op":
        method, path = rest.split(" ")[:2]
        operations.pop((method, _template(path)), None)
    elif word == "~op":
        _undo_operation(rest, operations)
    elif word == "-field":
        model, name = rest.strip().rsplit(".", 1)
        models.get(model, {}).get("fields", {})[name] = {"type": "string"}
    elif word not in ("-op", "-model"):  # what a later minor took away is described nowhere: it is not simulated
        raise ValueError(f"unknown line in a difference file: {line}")


def _drop_undescribed(models: dict[str, Any]) -> None:
    """Fields whose model a later minor took away can be neither checked nor shown."""
    for raw in models.values():
        fields = raw.get("fields", {})
        for name in [name for name, field in fields.items() if "." in field["type"] and field["type"] not in models]:
            del fields[name]


def _undo_members(rest: str, models: dict[str, Any], member: str) -> None:
    name, change = rest.split(": ", 1)
    added, removed = _added_removed(change)
    if name in models:
        kept = [value for value in models[name][member] if value not in added]
        models[name][member] = kept + removed


def _undo_operation(rest: str, operations: dict[tuple[str, str], Any]) -> None:
    method, path, what, change = rest.split(" ", 3)
    operation = operations.get((method, _template(path)))
    if operation is None:
        return
    if what == "queryParams:":
        for name in _added_removed(change)[0]:
            operation["queryParams"].pop(name, None)
    elif what == "body:":
        operation["body"] = ast.literal_eval(change.split(" -> ", 1)[0])


def _added_removed(change: str) -> tuple[list[str], list[str]]:
    """``+['A'] -['B']`` as two lists."""
    added, removed = change.split(" -[", 1)
    return ast.literal_eval(added.lstrip("+")), ast.literal_eval("[" + removed)


def _model(name: str, raw: dict[str, Any]) -> Model:
    return Model(
        name,
        raw["kind"],
        {key: _field(key, value) for key, value in raw.get("fields", {}).items()},
        frozenset(raw.get("values", ())),
        tuple(raw.get("alternatives", ())),
    )


def _field(name: str, raw: dict[str, Any]) -> Field:
    pattern = raw.get("pattern")
    return Field(
        name,
        raw["type"],
        bool(raw.get("array")),
        bool(raw.get("required")),
        re.compile(pattern) if pattern else None,
        raw.get("min"),
        raw.get("max"),
        raw.get("minLength"),
        raw.get("maxLength"),
    )


def _operation(namespace: str, key: tuple[str, str], raw: dict[str, Any]) -> Operation:
    body = raw.get("body") or {}
    return Operation(
        raw["id"],
        namespace,
        key[0],
        tuple(key[1].split("/")),
        frozenset(raw.get("queryParams") or ()),
        body.get("type"),
        bool(body.get("required")),
        raw["response"],
    )
