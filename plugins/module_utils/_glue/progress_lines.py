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


#: The longest silence, in seconds.
SILENCE = 9.5


class ProgressLines:
    """Appends lines, each with the time of day; when nothing is told for a while, because a site doesn't answer, it says so itself.
    A context manager, safe to share between threads. Without a file it does nothing."""

    def __init__(self, path: str | None, *, silence: float = SILENCE) -> None:
        self._path = path
        self._silence = silence
        self._lock = threading.Lock()
        self._told = threading.Event()
        self._ended = False
        self._keeper: threading.Thread | None = None

    def __enter__(self) -> ProgressLines:
        if self._path:
            self._keeper = threading.Thread(target=self._break_silence, daemon=True)
            self._keeper.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended = True
        self._told.set()
        if self._keeper is not None:
            self._keeper.join()

    def tell(self, line: str) -> None:
        self._told.set()
        self._write(line)

    def _write(self, line: str) -> None:
        if not self._path:
            return
        with self._lock, open(self._path, "a", encoding="utf-8") as stream:
            stream.write(f"{time.strftime('%H:%M:%S')} {line}\n")

    def _break_silence(self) -> None:
        quiet = 0.0
        while not self._ended:
            if self._told.wait(self._silence):
                self._told.clear()
                quiet = 0.0
            else:
                quiet += self._silence
                self._write(f"nothing new for {quiet:.0f} s, still waiting for an answer")
