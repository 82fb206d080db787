# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of the world: one line per call, for tests that count calls. Knows nothing of their content."""

from __future__ import annotations

from collections import deque
from typing import Any

CAPACITY = 500_000
#: A restarted process goes on with numbers that are higher than any given before.
NUMBERS_PER_START = 1_000_000
#: In place of a method: somebody connected to a black hole. What they would have asked, nobody read.
SWALLOWED = "CONNECT"


class RequestLog:
    """The calls since the process started, the latest ``CAPACITY`` of them."""

    def __init__(self, start_number: int) -> None:
        self._last = (start_number - 1) * NUMBERS_PER_START
        self._lines: deque[dict[str, Any]] = deque(maxlen=CAPACITY)

    def add(self, **line: Any) -> dict[str, Any]:
        """Note a call as it arrives; status and size are filled in when it is answered."""
        self._last += 1
        noted = {"seq": self._last, **line, "status": None, "bytes": 0}
        self._lines.append(noted)
        return noted

    def since(self, number: int) -> list[dict[str, Any]]:
        """The calls with a higher number than this."""
        return [line for line in self._lines if line["seq"] > number]

    @property
    def last(self) -> int:
        """The number of the latest call."""
        return self._last
