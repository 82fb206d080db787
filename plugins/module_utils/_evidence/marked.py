# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value read from a file that remembers where each part of it stands. Pure."""

from __future__ import annotations

import typing as t

Path = tuple["str | int", ...]


class Marked(t.NamedTuple):
    """A value read from a file, and the line (from 1) where each part of it begins, by its path of keys and indexes."""

    value: t.Any
    file: str
    lines: t.Mapping[Path, int]

    def where(self, *path: str | int) -> str:
        """``file:line`` of a part, or of the nearest part around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.file}:{self.lines.get(path, 1)}"
