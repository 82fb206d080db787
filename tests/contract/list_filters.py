# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter texts for a field, one for each operator that fits its type, and which SDK models each must find; calls nothing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

Test = Callable[[Any], bool]

_NUMBERS: dict[str, Callable[[Any, Any], bool]] = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
_TEXTS: dict[str, Callable[[str, str], bool]] = {"startswith": str.startswith, "endswith": str.endswith, "contains": operator.contains}


class Filter(NamedTuple):
    """A filter text and which entries it must find."""

    text: str
    holds: Test


class _Place(NamedTuple):
    """Where a value stands: the value and the type that the SDK gives it."""

    value: Any
    type: str


def has(entry: Any, field: str) -> bool:
    """Whether an entry has a value that the field could be filtered by."""
    collection, _member = _split(entry, field)
    return bool(value_of(entry, collection)) if collection else _scalar(entry, field) is not None


def filters(entry: Any, field: str) -> Iterator[Filter]:
    """The filters that fit a field, made with the value of an entry which ``has`` one."""
    collection, member = _split(entry, field)
    if not collection:
        for make, test in _tests(_need(entry, field)):
            yield Filter(make(field), _of_value(field, test))
        return
    first = value_of(entry, collection)[0]
    place = _need(first, member) if member else _Place(first, _type(entry, collection).removeprefix("list[").removesuffix("]"))
    for make, test in _tests(place):
        inside = make(f"x/{member}" if member else "x")
        yield Filter(f"{collection}/any(x:{inside})", _of_items(collection, member, any, test))
        yield Filter(f"{collection}/all(x:{inside})", _of_items(collection, member, all, test))


def _of_value(field: str, test: Test) -> Test:
    return lambda entry: test(_plain(entry, field))


def _of_items(collection: str, member: str, decide: Callable[[Iterable[bool]], bool], test: Test) -> Test:
    return lambda entry: decide(test(_plain(item, member) if member else item) for item in value_of(entry, collection) or [])


def value_of(entry: Any, field: str) -> Any:
    """The value at ``a/b`` of an SDK model; None when something on the way is missing."""
    for step in field.split("/"):
        names = wire_names(entry) if hasattr(entry, "attribute_map") else {}
        entry = getattr(entry, names[step]) if step in names else None
    return entry


def wire_names(model: Any) -> dict[str, str]:
    """The name in Python by the name on the wire."""
    return {wire: name for name, wire in model.attribute_map.items()}


def _split(entry: Any, field: str) -> tuple[str, str]:
    """The list on the way to a field ("" when there is none), and which member of its entries is meant ("" for themselves)."""
    steps = field.split("/")
    for number in range(1, len(steps) + 1):
        found = value_of(entry, "/".join(steps[:number]))
        if isinstance(found, list):
            member = "/".join(steps[number:])
            if found and not member and hasattr(found[0], "attribute_map"):
                # Only the list itself is published: any member of its entries that has a simple value serves.
                member = next(name for name in ("extId", *sorted(wire_names(found[0]))) if not name.startswith("$") and _scalar(found[0], name))
            return "/".join(steps[:number]), member
    return "", field


def _scalar(entry: Any, field: str) -> _Place | None:
    value = value_of(entry, field)
    if hasattr(value, "ext_id"):
        return _Place(value.ext_id, "str")
    return None if value is None or isinstance(value, list) or hasattr(value, "attribute_map") else _Place(value, _type(entry, field))


def _need(entry: Any, field: str) -> _Place:
    place = _scalar(entry, field)
    assert place is not None, field
    return place


def _plain(entry: Any, field: str) -> Any:
    place = _scalar(entry, field)
    return None if place is None else place.value


def _type(entry: Any, field: str) -> str:
    way, _slash, last = field.rpartition("/")
    owner = value_of(entry, way) if way else entry
    return str(owner.swagger_types[wire_names(owner)[last]])


def _tests(place: _Place) -> Iterator[tuple[Callable[[str], str], Test]]:
    """Per operator: the text about a field or variable, and the test of a value (``None`` where there is none)."""
    value, literal = place.value, _literal(place)
    yield _operation("eq", literal), lambda other: other == value
    yield _operation("ne", literal), lambda other: other != value
    if not isinstance(value, (bool, datetime)):
        yield _operation("in", f"({literal})"), lambda other: other == value
    if isinstance(value, (int, datetime)) and not isinstance(value, bool):
        for name in _NUMBERS:
            yield _operation(name, literal), _number_test(name, value)
    if isinstance(value, str) and "." not in place.type:
        middle = len(value) // 2
        parts = {"startswith": value[: middle + 1], "endswith": value[middle:], "contains": value[1:-1] or value}
        for name, part in parts.items():
            yield _call(name, part), _text_test(name, part)


def _operation(name: str, literal: str) -> Callable[[str], str]:
    return lambda field: f"{field} {name} {literal}"


def _number_test(name: str, value: Any) -> Test:
    return lambda other: other is not None and _NUMBERS[name](other, value)


def _call(name: str, part: str) -> Callable[[str], str]:
    return lambda field: f"{name}({field},{_quoted(part)})"


def _text_test(name: str, part: str) -> Test:
    return lambda other: other is not None and _TEXTS[name](other, part)


def _literal(place: _Place) -> str:
    value = place.value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (bool, int)):
        return str(value).lower()
    if "." in place.type:
        # microseg.v4.config.SecurityPolicyState -> Microseg.Config.SecurityPolicyState'SAVE'
        words = [word for word in place.type.split(".") if word != "v4"]
        return ".".join(word[:1].upper() + word[1:] for word in words) + _quoted(value)
    return _quoted(value)


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
