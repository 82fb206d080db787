# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated clock: real time plus what ``POST /clock/advance`` added. Knows nothing of what waits on it."""

from __future__ import annotations

import time
from datetime import datetime, timezone


class Clock:
    """Seconds since the epoch, as the simulated world sees them."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """The current simulated time in seconds since the epoch."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Jump forward."""
        self.offset += seconds


def timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with milliseconds, as the API writes times."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def seconds(moment: str) -> float:
    """A time of the API (RFC 3339, any number of decimals) in seconds since the epoch."""
    whole, _dot, rest = moment.replace("Z", "+00:00").partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return datetime.fromisoformat(whole + rest[len(digits) :]).timestamp() + float(f"0.{digits or 0}")
