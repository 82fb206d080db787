# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of progress that a long task leaves in a file while it runs, for its action plugin to show. Knows the option and the file."""

from __future__ import annotations

import threading
import time
import typing as t

Spec = dict[str, dict[str, t.Any]]


def progress_spec() -> Spec:
    return {"progress_file": {"type": "path"}}


class ProgressLines:
    """Appends lines, each with the time of day. Safe to share between threads; without a file it does nothing."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._lock = threading.Lock()

    def tell(self, line: str) -> None:
        if not self._path:
            return
        with self._lock, open(self._path, "a", encoding="utf-8") as stream:
            stream.write(f"{time.strftime('%H:%M:%S')} {line}\n")
