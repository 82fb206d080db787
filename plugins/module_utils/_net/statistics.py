# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what went over the wire to one host; knows no meaning of the calls."""

from __future__ import annotations

import threading
import typing as t


class Statistics:
    """Numbers of calls, answers by status and repeated tries; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.calls = 0
        self.retries = 0
        self.by_status: dict[int, int] = {}
        self.failures: dict[str, int] = {}

    def answered(self, status: int) -> None:
        with self._lock:
            self.calls += 1
            self.by_status[status] = self.by_status.get(status, 0) + 1

    def failed(self, reason: str) -> None:
        with self._lock:
            self.calls += 1
            self.failures[reason] = self.failures.get(reason, 0) + 1

    def retried(self) -> None:
        with self._lock:
            self.retries += 1

    def as_dict(self) -> dict[str, t.Any]:
        """``calls`` counts every try; ``rate_limited`` the 429 among them; ``failures`` those without an answer, by reason."""
        with self._lock:
            return {
                "calls": self.calls,
                "by_status": {str(status): count for status, count in sorted(self.by_status.items())},
                "failures": dict(sorted(self.failures.items())),
                "retries": self.retries,
                "rate_limited": self.by_status.get(429, 0),
            }
