# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values made of parts: a Field is a named part, a Struct has fields, a ListOf has equals. Knows no entity."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

from .codec import Codec, Reader
from .directory import Directory, Reference
from .form import Form, Minor
from .problems import Problems


class Field(t.NamedTuple):
    """One part of an entity or of a Struct.

    ``absent`` is the canonical value that says the same as leaving the field out on the server; it is never stored
    in a canonical object, but a person may write it to clear a field. ``default`` is what a whole object has when nothing
    was said, and is always stored. ``codec`` is None where the owner translates. ``since`` is the API minor that brought
    the field.
    """

    name: str
    form: Form
    codec: Codec | None = None
    required: bool = False
    immutable: bool = False
    since: Minor | None = None
    absent: t.Any = None
    default: t.Any = None


def option_of(fields: t.Iterable[Field]) -> dict[str, dict[str, t.Any]]:
    """The Ansible options of some fields. Nothing has a default: not given means not managed."""
    options = {}
    for field in fields:
        option = field.form.option()
        if field.required:
            option["required"] = True
        options[field.name] = option
    return options


def canonical_fields(fields: t.Sequence[Field], value: t.Mapping[str, t.Any], at: str, problems: Problems) -> dict[str, t.Any]:
    """The mentioned fields in the order of the table, each canonical. None means not mentioned."""
    known = {field.name for field in fields}
    for word in value:
        if word not in known and value[word] is not None:
            problems.unknown(at, word, known)
    result = {}
    for field in fields:
        given = value.get(field.name)
        here = f"{at}.{field.name}" if at else field.name
        if given is not None:
            clears = given == field.absent and type(given) is type(field.absent)
            result[field.name] = given if clears else field.form.canonical(given, here, problems)
        elif field.required:
            problems.add(at or field.name, f"'{field.name}' is missing")
    return result


def without_absent(fields: t.Sequence[Field], value: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Only what says something, in the order of the table; defaults where nothing was said."""
    result = {}
    for field in fields:
        found = value.get(field.name)
        if found is None:
            found = field.default
        if found is not None and found != field.absent:
            result[field.name] = found
    return result


def decode_fields(fields: t.Sequence[Field], reader: Reader, directory: Directory) -> dict[str, t.Any]:
    """What the properties say, None where they say nothing. Raises NotRepresentable and UnknownReference."""
    return {field.name: field.codec.decode(reader, directory) for field in fields if field.codec is not None}


def references_in(fields: t.Sequence[Field], value: t.Mapping[str, t.Any]) -> t.Iterator[Reference]:
    for field in fields:
        found = value.get(field.name)
        if found:  # what is empty or false names nothing
            yield from field.form.references(found)


class Struct(Form):
    """A mapping with known fields. ``words`` (like ``any``) may stand for the whole mapping; each has the API minor that
    brought it, or None. ``exclusive``: exactly one of the fields is there."""

    def __init__(
        self,
        fields: t.Sequence[Field],
        *,
        words: t.Mapping[str, Minor | None] | None = None,
        exclusive: bool = False,
        example: str = "",
    ) -> None:
        self.fields = tuple(fields)
        self.words = dict(words or {})
        self.exclusive = exclusive
        self.example = example

    def option(self) -> dict[str, t.Any]:
        return {"type": "raw"} if self.words else {"type": "dict", "options": option_of(self.fields)}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, str) and self.words:
            if value not in self.words:
                problems.unknown(at, value, self.words, "word", self.example)
            return value
        if not isinstance(value, Mapping):
            problems.add(at, f"{value!r} is not understood", self.example)
            return {}
        found = without_absent(self.fields, canonical_fields(self.fields, value, at, problems))
        if self.exclusive and len(found) != 1 and not problems.any_at(at):
            names = ", ".join(field.name for field in self.fields)
            problems.add(at, f"has {' and '.join(found) or 'nothing'}; it takes exactly one of {names}", self.example)
        return found

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return iter(()) if isinstance(value, str) else references_in(self.fields, value)


_in_order = json.JSONEncoder(sort_keys=True, default=str).encode


def sort_key(value: t.Any) -> str:
    """A total order over canonical values; what a person wrote wrongly has a place in it too."""
    return _in_order(value)


def as_set(values: t.Iterable[t.Any]) -> list[t.Any]:
    """Canonical values in canonical order, without doubles."""
    given = list(values)
    if len(given) < 2:
        return given
    by_key = {sort_key(value): value for value in given}
    return [by_key[key] for key in sorted(by_key)]


class ListOf(Form):
    """Several values of one form. ``ordered`` keeps a person's order, else order and doubles say nothing."""

    def __init__(self, form: Form, *, ordered: bool = False) -> None:
        self.form = form
        self.ordered = ordered

    def option(self) -> dict[str, t.Any]:
        inner = self.form.option()
        option: dict[str, t.Any] = {"type": "list", "elements": inner["type"]}
        return {**option, **{part: inner[part] for part in ("options", "choices") if part in inner}}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, (list, tuple)):
            problems.add(at, f"{value!r} is not a list")
            return []
        return self.arranged([self.form.canonical(item, f"{at}[{index}]", problems) for index, item in enumerate(value)])

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        for item in self.items(value):
            yield from self.form.references(item)

    def items(self, value: list[t.Any]) -> t.Sequence[t.Any]:
        """What a canonical value holds."""
        return value

    def arranged(self, items: list[t.Any]) -> t.Any:
        """The canonical value that holds these."""
        return items if self.ordered else as_set(items)
