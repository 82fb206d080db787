# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How names of other objects are written: one, or a set of them. Knows no wire format."""

from __future__ import annotations

import typing as t

from .directory import Reference
from .form import Form
from .problems import Problems


class Name(Form):
    """The name of one other object."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, str) or not value.strip():
            problems.add(at, f"{value!r} is not the name of a {self.kind.replace('_', ' ')}")
            return ""
        return value.strip()

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        yield Reference(self.kind, value)


class Names(Form):
    """A set of names of other objects of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._one = Name(kind)

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, (list, tuple)):
            problems.add(at, f"{value!r} is not a list of names")
            return []
        return sorted({self._one.canonical(item, f"{at}[{index}]", problems) for index, item in enumerate(values)})

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        return (Reference(self.kind, name) for name in value)
