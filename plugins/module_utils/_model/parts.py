# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of an object that don't travel as fields do: several that share one property, or a list of their own below the object."""

from __future__ import annotations

import typing as t

from .codec import Body, Reader
from .directory import Directory
from .entity import Canonical


class PartsCodec(t.Protocol):
    """The wire side of fields that share properties (the rules of a policy)."""

    def encode(self, canonical: Canonical, directory: Directory) -> Body:
        """Properties that say these fields."""

    def decode(self, reader: Reader, directory: Directory, found: Canonical) -> Canonical:
        """The canonical values of these fields; ``found`` has the other fields, decoded before."""


class PartList(t.NamedTuple):
    """Parts of an object that the API keeps below it, in a list of their own. ``field`` has them in a canonical object, ``property`` in a
    body (put together by who reads), ``path`` is the list; ``key`` are the words that tell which of two parts are the same one."""

    field: str
    property: str
    path: str
    key: tuple[str, ...]
