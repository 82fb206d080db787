# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and ids of a live site, each kind listed when it is first asked for. Knows only when to ask; the site does the asking."""

from __future__ import annotations

import typing as t

from .._model.directory import Directory

if t.TYPE_CHECKING:
    from .site import Site


class SiteDirectory(Directory):
    """The names of a site; a kind that nobody has listed yet is listed when the first name or id of it is asked for."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.label)
        self._source = site

    def add(self, kind: str, name: str, ext_id: str) -> None:
        with self._source.lock:
            super().add(kind, name, ext_id)

    def knows(self, kind: str, name: str) -> bool:
        with self._source.lock:
            self._source.know(kind)
            return super().knows(kind, name)

    def names(self, kind: str) -> list[str]:
        with self._source.lock:
            self._source.know(kind)
            return super().names(kind)

    def id_of(self, kind: str, name: str) -> str:
        with self._source.lock:
            self._source.know(kind)
            return super().id_of(kind, name)

    def name_of(self, kind: str, ext_id: str) -> str:
        with self._source.lock:
            self._source.know(kind)
            return super().name_of(kind, ext_id)

    def has_id(self, kind: str, ext_id: str) -> bool:
        with self._source.lock:
            self._source.know(kind)
            return super().has_id(kind, ext_id)
