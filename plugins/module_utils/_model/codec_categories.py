# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a mapping of category keys to values travels as a list of category ids, both ways."""

from __future__ import annotations

import typing as t

from .codec import Body, Codec, IdsOf, Reader
from .directory import Directory
from .form_categories import category_names, from_category_names


class AnyOfCategories(Codec):
    """One property with the ids of categories."""

    def __init__(self, name: str) -> None:
        self._ids = IdsOf(name, "category")

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return self._ids.encode(category_names(value), directory)

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        names = self._ids.decode(reader, directory)
        return None if names is None else from_category_names(names)
