# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How categories are written that must all be there: as a mapping of keys to values. Knows no wire format."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .directory import Reference, category_name, split_category
from .form import Form
from .problems import Problems


class Categories(Form):
    """Categories that must all be there: ``{AppType: Web}``, or a list of values under one key. Sorted by key and value."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "dict"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, Mapping) or not value:
            problems.add(at, f"{value!r} is not a mapping of category keys to values", "write {AppType: Web}")
            return {}
        names: list[str] = []
        for key, values in value.items():
            if isinstance(key, bool) or "/" in str(key):
                problems.add(at, f"{key!r} is not a category key", "quote it if it reads like yes/no")
                continue
            for one in values if isinstance(values, (list, tuple)) else [values]:
                if not isinstance(one, (str, int, float)) or isinstance(one, bool) or not str(one).strip():
                    problems.add(f"{at}.{key}", f"{one!r} is not a category value", "quote it if it reads like yes/no")
                    continue
                names.append(category_name(str(key), str(one)))
        if not names and not problems.any_at(at):
            problems.add(at, "names no category", "write {AppType: Web}")
        return from_category_names(names)

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference("category", name) for name in category_names(value))


def category_names(mapping: t.Mapping[str, t.Any]) -> list[str]:
    """``{AppType: Web, Zone: [a, b]}`` -> the sorted names ``AppType/Web``, ``Zone/a``, ``Zone/b``."""
    names = []
    for key, values in mapping.items():
        names += [category_name(key, value) for value in (values if isinstance(values, list) else [values])]
    return sorted(names)


def from_category_names(names: t.Iterable[str]) -> dict[str, t.Any]:
    """The canonical mapping of a set of category names; a single value stands without a list."""
    values: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        key, value = split_category(name)
        values.setdefault(key, []).append(value)
    return {key: found[0] if len(found) == 1 else found for key, found in values.items()}
