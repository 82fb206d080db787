# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""File names for objects: readable, safe on every file system, and never two the same, not even where case doesn't count."""

from __future__ import annotations

import hashlib
import re
import typing as t

_LONGEST = 120
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_names(names: t.Iterable[str], suffix: str = ".yml") -> dict[str, str]:
    """Name -> file name. A category's ``key/value`` becomes ``key.value``; names that would meet get a piece of their hash."""
    plain = {name: _plain(name) for name in names}
    count: dict[str, int] = {}
    for found in plain.values():
        count[found.lower()] = count.get(found.lower(), 0) + 1
    return {name: (found if count[found.lower()] == 1 and _usable(found) else _told_apart(name, found)) + suffix for name, found in plain.items()}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name.replace("/", ".")) or "_"


def _usable(plain: str) -> bool:
    return len(plain) <= _LONGEST and not plain.startswith((".", "-")) and not _RESERVED.fullmatch(plain)


def _told_apart(name: str, plain: str) -> str:
    return f"{plain[: _LONGEST - 10].lstrip('.-')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
