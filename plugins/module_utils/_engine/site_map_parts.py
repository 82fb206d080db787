# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads mappings, lists, texts, words and addresses of a YAML file and collects what is wrong, with file and line. Knows no section."""

from __future__ import annotations

import typing as t

from .._evidence.marked import Marked, Path
from .._model.addresses import canonical_address, is_range
from .._model.problems import Problems


class PartReader:
    """The parts that all sections of a site map are made of. ``ids`` are the two sites, once they are known."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.problems = Problems()
        self.ids: tuple[str, ...] = ()

    def wrong(self, path: Path, problem: str, fix: str = "") -> None:
        self.problems.add(self.marked.where(*path), problem, fix)

    def mapping(self, value: t.Any, path: Path, known: t.Sequence[str] = ()) -> dict[str, t.Any]:
        if not isinstance(value, dict):
            what = ".".join(map(str, path)) or "the file"
            self.wrong(path, f"{what} is missing or no mapping")
            return {}
        for word in value:
            if known and word not in known:
                self.problems.unknown(self.marked.where(*path, str(word)), word, known, "key")
        return {str(word): item for word, item in value.items()}

    def items(self, value: t.Any, path: Path) -> list[t.Any]:
        if isinstance(value, str):
            return [value]
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(path, f"{value!r} is no list")
            return []
        return value

    def entries(self, value: t.Any, path: Path, known: t.Sequence[str]) -> t.Iterator[tuple[Path, dict[str, t.Any]]]:
        for index, entry in enumerate(self.items(value, path)):
            here = (*path, index)
            parts = self.mapping(entry, here, known)
            if parts:
                yield here, parts

    def text(self, value: t.Any, path: Path) -> str:
        if value is None:
            self.wrong(path, f"'{path[-1]}' is missing")
            return ""
        if isinstance(value, (dict, list)):
            self.wrong(path, f"{value!r} is no text")
            return ""
        return str(value).strip()

    def word(self, value: t.Any, path: Path, words: t.Sequence[str]) -> str:
        if value not in words:
            self.problems.unknown(self.marked.where(*path), value, words, "value")
        return str(value)

    def address(self, value: t.Any, path: Path) -> str:
        try:
            return canonical_address(str(value))
        except ValueError as error:
            self.wrong(path, str(error))
            return ""

    def prefix(self, value: t.Any, path: Path) -> str:
        found = self.address(value, path)
        if found and is_range(found):
            self.wrong(path, f"{found} is a range", "write a prefix like 10.1.0.0/16")
            return ""
        return found

    def unique(self, names: t.Iterable[tuple[str, Path]], problem: str, fix: str = "") -> None:
        seen: dict[str, Path] = {}
        for name, path in names:
            if name and name in seen:
                self.wrong(path, f"'{name}' {problem}", f"{fix or 'it is also at'} {self.marked.where(*seen[name])}")
            seen.setdefault(name, path)
