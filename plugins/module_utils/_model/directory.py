# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a site calls its objects: names <-> ids per kind. Holds what it is given; asks nobody."""

from __future__ import annotations

import typing as t

from .._errors import Ambiguous, UnknownReference


class Reference(t.NamedTuple):
    """A name used by one object for another: the kind and the name there (a category is ``key/value``)."""

    kind: str
    name: str


def category_name(key: str, value: str) -> str:
    """The one-string name of a category. '/' can't occur in either part (contract/v4, pattern CAT)."""
    return f"{key}/{value}"


def split_category(name: str) -> tuple[str, str]:
    key, _slash, value = name.partition("/")
    return key, value


class Directory:
    """Names and ids of one site. ``site`` is only a label for messages."""

    def __init__(self, site: str = "") -> None:
        self.site = site
        self._ids: dict[str, dict[str, list[str]]] = {}
        self._names: dict[str, dict[str, str]] = {}

    def add(self, kind: str, name: str, ext_id: str) -> None:
        """One id may have several names; the last one is what it is called by."""
        ids = self._ids.setdefault(kind, {}).setdefault(name, [])
        if ext_id not in ids:
            ids.append(ext_id)
        self._names.setdefault(kind, {})[ext_id] = name

    def forget(self, kind: str) -> None:
        """Drop all names of a kind."""
        self._ids.pop(kind, None)
        self._names.pop(kind, None)

    def knows(self, kind: str, name: str) -> bool:
        return name in self._ids.get(kind, {})

    def has_id(self, kind: str, ext_id: str) -> bool:
        return ext_id in self._names.get(kind, {})

    def names(self, kind: str) -> list[str]:
        return sorted(self._ids.get(kind, {}))

    def id_of(self, kind: str, name: str) -> str:
        """The id of a name. Raises UnknownReference or Ambiguous."""
        ids = self._ids.get(kind, {}).get(name, [])
        if not ids:
            raise UnknownReference(
                f"there is no {kind.replace('_', ' ')} '{name}'", site=self.site, fix="Create it first, or correct the name"
            )
        if len(ids) > 1:
            raise Ambiguous(
                f"{len(ids)} {kind.replace('_', ' ')} objects are called '{name}': {', '.join(sorted(ids))}",
                ids=sorted(ids),
                site=self.site,
                fix="Rename all but one",
            )
        return ids[0]

    def called(self, kind: str, name: str) -> str:
        """What the site calls the object that somebody calls ``name``; ``name`` itself if that isn't one object's name."""
        ids = self._ids.get(kind, {}).get(name, []) if self.knows(kind, name) else []
        return self._names[kind][ids[0]] if len(ids) == 1 else name

    def name_of(self, kind: str, ext_id: str) -> str:
        """The name of an id. Raises UnknownReference for a dangling id and Ambiguous for a name that can't be used to refer."""
        name = self._names.get(kind, {}).get(ext_id)
        if name is None:
            raise UnknownReference(
                f"id {ext_id} names no {kind.replace('_', ' ')} of this site",
                site=self.site,
                fix="The object it pointed to was deleted, or may not be listed with these permissions",
            )
        self.id_of(kind, name)
        return name
