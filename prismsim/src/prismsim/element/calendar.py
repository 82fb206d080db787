# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule strikes next. Pure: microseconds since the epoch in, microseconds out."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from prismsim.objects import Document

_SECONDS = {"SECONDLY": 1, "MINUTELY": 60, "HOURLY": 3600, "DAILY": 86400, "WEEKLY": 7 * 86400}
TYPES = (*_SECONDS, "MONTHLY")
_SEARCH_DAYS = 400


def next_strike(schedule: Document, now: int) -> int | None:
    """The first moment after ``now``, or None when the schedule has ended. Week days count from Sunday = 1."""
    start = schedule["user_start_time_in_usecs"]
    every = schedule["every_nth"] or 1
    kind = schedule["type"]
    if start > now:
        found: int | None = start
    elif kind == "MONTHLY" or (kind == "WEEKLY" and schedule["values"]):
        found = _next_day(kind, schedule["values"] or [], start, now)
    else:
        step = _SECONDS[kind] * every * 1_000_000
        found = start + ((now - start) // step + 1) * step
    end = schedule["end_time_in_usecs"]
    return None if found is None or (end and found > end) else found


def _next_day(kind: str, values: list[int], start: int, now: int) -> int | None:
    first = datetime.fromtimestamp(start / 1_000_000, timezone.utc)
    days = set(values) or {first.day}
    moment = datetime.fromtimestamp(now / 1_000_000, timezone.utc)
    day = moment.replace(hour=first.hour, minute=first.minute, second=first.second, microsecond=first.microsecond)
    for ahead in range(_SEARCH_DAYS):
        candidate = day + timedelta(days=ahead)
        number = candidate.day if kind == "MONTHLY" else candidate.isoweekday() % 7 + 1
        if candidate > moment and number in days:
            return int(candidate.timestamp() * 1_000_000)
    return None
