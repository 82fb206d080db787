# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How canonical values travel in API bodies, both ways. Knows property names and ids; no HTTP, no minor versions."""

from __future__ import annotations

import abc
import typing as t
from collections.abc import Mapping

from .._errors import Ambiguous, NotRepresentable, UnknownReference
from .directory import Directory

Body = dict[str, t.Any]
_ENVELOPE = ("links", "tenantId")
FIX_ON_SERVER = "Correct the object on the server, or exclude it from the scope"
FIX_UPDATE = "Update the collection, remove the field on the server, or exclude the object from the scope"


class Reader:
    """One API object being read. Every property must be taken by somebody, or ``finish`` refuses the object (law 2)."""

    def __init__(self, body: t.Mapping[str, t.Any], at: str) -> None:
        self.at = at
        self.object_type = str(body.get("$objectType") or "")
        self._left = {key: value for key, value in body.items() if not key.startswith("$") and key not in _ENVELOPE}

    def take(self, name: str) -> t.Any:
        """The property, or None. An empty list counts as not there."""
        value = self._left.pop(name, None)
        return None if value == [] else value

    def ignore(self, names: t.Iterable[str]) -> None:
        """Properties that the server makes by itself."""
        for name in names:
            self._left.pop(name, None)

    def inner(self, name: str) -> Reader | None:
        """The object held by a property, to be read and finished by the caller."""
        body = self.take(name)
        return None if body is None else _reader_of(body, f"{self.at}.{name}")

    def each(self, name: str) -> list[Reader]:
        """The objects of a list property."""
        return [_reader_of(body, f"{self.at}.{name}[{index}]") for index, body in enumerate(self.take(name) or [])]

    def refuse(self, name: str, reason: str, fix: str = FIX_ON_SERVER) -> t.NoReturn:
        """Raise NotRepresentable about one property, or about the whole object if ``name`` is empty."""
        path = f"{self.at}.{name}" if name else self.at
        raise NotRepresentable(f"{path} {reason}", path=path, fix=fix)

    def finish(self) -> None:
        """Raises NotRepresentable if anything is left that says something."""
        left = sorted(name for name, value in self._left.items() if value not in (None, [], {}))
        if left:
            raise NotRepresentable(
                f"this collection has no words for {', '.join(f'{self.at}.{name}' for name in left)}",
                path=f"{self.at}.{left[0]}",
                fix=FIX_UPDATE,
            )


def _reader_of(body: t.Any, at: str) -> Reader:
    if not isinstance(body, Mapping):
        raise NotRepresentable(f"{at} is {body!r} where an object is expected", path=at, fix=FIX_ON_SERVER)
    return Reader(body, at)


class Codec(abc.ABC):
    """The wire side of one field; may use several properties of the body."""

    @abc.abstractmethod
    def encode(self, value: t.Any, directory: Directory) -> Body:
        """Properties that say ``value`` (canonical, present)."""

    @abc.abstractmethod
    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        """The canonical value, None if there is none."""


class Property(Codec):
    """One property, the value as it is; blanks around a text say nothing unless it is ``exact``."""

    def __init__(self, name: str, *, exact: bool = False) -> None:
        self.name, self.exact = name, exact

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: value}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        value = reader.take(self.name)
        return value.strip() if isinstance(value, str) and not self.exact else value


class Word(Codec):
    """One property with an enum; ``words`` maps ours to the wire's, ``missing`` is what leaving it out means."""

    def __init__(self, name: str, words: t.Mapping[str, str], *, missing: str | None = None) -> None:
        self.name = name
        self.missing = missing
        self.words = dict(words)
        self._ours = {wire: word for word, wire in self.words.items()}

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: self.words[value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        wire = reader.take(self.name)
        if wire is None:
            return self.missing
        if wire not in self._ours:
            reader.refuse(self.name, f"is {wire!r}, which this collection doesn't know", FIX_UPDATE)
        return self._ours[wire]


class IdOf(Codec):
    """One property with the id of another object."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: directory.id_of(self.kind, value)}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        ext_id = reader.take(self.name)
        return None if ext_id is None else name_at(reader, self.name, directory, self.kind, ext_id)


class IdsOf(Codec):
    """One property with ids of other objects of one kind; a set of names."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: [directory.id_of(self.kind, name) for name in value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        ids = reader.take(self.name)
        return None if ids is None else sorted({name_at(reader, self.name, directory, self.kind, ext_id) for ext_id in ids})


def name_at(reader: Reader, property_name: str, directory: Directory, kind: str, ext_id: str) -> str:
    """The name of an id found in a body. Raises UnknownReference or Ambiguous that say where the id stands."""
    try:
        return directory.name_of(kind, ext_id)
    except (Ambiguous, UnknownReference) as error:
        error.cause = f"{reader.at}.{property_name}: {error.cause}"
        raise
