# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the calls of all threads to one host below its published rate limits (contract/v4 section 7); sends nothing itself.

A bucket holds as many tokens as the server allows calls in one period. A call takes a token before it is sent, and the
token comes back one period after the *answer*. The server counted the call somewhere between the two, so however it draws
its windows and however long the network takes, it never sees more calls in a period than it allows.
"""

from __future__ import annotations

import re
import threading
import time
import typing as t

from .._errors import DeadlineExceeded

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ID = re.compile(r"/[^/]*[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: Beginnings of operations, of any method where none is given, and their calls per second; the first that fits wins. They hold until
#: the server's own headers say otherwise. A "$" is the end: the list of all VMs is dearer than what begins like it.
_PUBLISHED = {
    "GET microseg/": 5,
    "microseg/": 2,
    "GET datapolicies/config/protection-policies": 2,
    "PUT datapolicies/config/protection-policies": 1,
    "datapolicies/config/protection-policies": 2,
    "GET datapolicies/config/recovery-plans": 10,
    "datapolicies/config/recovery-plans": 2,
    "GET datapolicies/config/entity-sync-policies": 20,
    "datapolicies/config/entity-sync-policies": 10,
    "GET datapolicies/config/storage-policies": 5,
    "dataprotection/config/recovery-points": 2,
    "GET dataprotection/": 5,
    "dataprotection/": 2,
    "GET vmm/ahv/config/vms$": 2,
    "vmm/": 5,
}
#: For operations that nobody published a limit of, until the first answer tells.
_UNPUBLISHED = 5
_ALL_CALLS = 80
_PERIOD = 1.0
#: A time that depends on calls that have not been answered.
_NOBODY_KNOWS = float("inf")


def operation(method: str, namespace: str, path: str) -> str:
    """The operation that a call belongs to: "GET microseg/config/policies/{id}"."""
    return f"{method} {namespace}{_ID.sub('/{id}', '/' + path)}"


class Throttle:
    """The buckets of one host: one per operation, and one for all calls together. Safe to share between threads."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic) -> None:
        self._sleep = sleep
        self._clock = clock
        self._changed = threading.Condition()
        self._all = _Bucket(_ALL_CALLS)
        self._buckets: dict[str, _Bucket] = {}

    def acquire(self, name: str, *, deadline: float | None = None) -> None:
        """Wait until a call of this operation may be sent. Raises ``DeadlineExceeded`` when that is after the deadline."""
        while True:
            with self._changed:
                now = self._clock()
                buckets = (self._bucket(name), self._all)
                wait = max(bucket.ready_at(now) for bucket in buckets) - now
                if wait <= 0:
                    for bucket in buckets:
                        bucket.in_flight += 1
                    return
                under_way = wait == _NOBODY_KNOWS
                if deadline is not None and (now if under_way else now + wait) > deadline:
                    raise DeadlineExceeded(f"{name}: the rate limit of the site left no time to send it", fix="raise the timeout, or run less at a time")
                if under_way:
                    # All tokens are with calls under way. Each of these has a time limit, and tells when it ends.
                    self._changed.wait(1.0)
                    continue
            self._sleep(wait)

    def release(self, name: str, headers: Mapping[str, str] | None, *, pause: float = 0.0) -> None:
        """Give back the token of a call that was answered (``headers``) or failed (``None``).

        ``pause``: seconds for which the server wants no more calls of this operation (after a 429).
        """
        with self._changed:
            self._changed.notify_all()
            now = self._clock()
            own = self._bucket(name)
            for bucket, told in ((own, "x-api-ratelimit-"), (self._all, "x-ratelimit-")):
                bucket.give_back(now)
                if headers is not None:
                    bucket.hear(now, headers, told)
            if headers is not None and own.guessed and "x-api-ratelimit-limit" not in headers:
                # Nobody limits this operation by itself: only the limit of all calls holds.
                own.limit = max(own.limit, self._all.limit)
            own.guessed = own.guessed and headers is None
            own.pause(now + pause)

    def _bucket(self, name: str) -> _Bucket:
        if name not in self._buckets:
            path = name.partition(" ")[2]
            published = (limit for beginning, limit in _PUBLISHED.items() if f"{name}$".startswith(beginning) or path.startswith(beginning))
            self._buckets[name] = _Bucket(next(published, None))
        return self._buckets[name]


class _Bucket:
    """Tokens of one operation; the caller holds the lock. ``published``: how many there are, if anybody has said."""

    def __init__(self, published: int | None) -> None:
        self.limit = published or _UNPUBLISHED
        #: The limit is our guess, for nobody has told one yet.
        self.guessed = published is None
        self.period = _PERIOD
        self.in_flight = 0
        #: Times at which the tokens of answered calls come back, oldest first.
        self.coming: list[float] = []
        self.paused_until = 0.0

    def ready_at(self, now: float) -> float:
        """When a token is there: ``now`` or later, ``_NOBODY_KNOWS`` if that depends on calls that have not been answered."""
        while self.coming and self.coming[0] <= now:
            self.coming.pop(0)
        lacking = self.in_flight + len(self.coming) + 1 - self.limit
        if lacking > len(self.coming):
            return _NOBODY_KNOWS
        token = self.coming[lacking - 1] if lacking > 0 else now
        return max(token, self.paused_until, now)

    def give_back(self, now: float) -> None:
        self.in_flight = max(0, self.in_flight - 1)
        self.coming.append(now + self.period)

    def hear(self, now: float, headers: Mapping[str, str], told: str) -> None:
        """What the server says in the headers that begin with ``told``; strange values change nothing."""
        limit, period, remaining = (_number(headers.get(told + what)) for what in ("limit", "refresh-period-seconds", "remaining"))
        if limit is not None and limit >= 1:
            self.limit = int(limit)
        if period is not None and period > 0:
            self.period = period
        if remaining is not None and remaining <= 0 and self.in_flight + len(self.coming) < self.limit:
            # Someone else uses up the same budget.
            self.pause(now + self.period)

    def pause(self, until: float) -> None:
        self.paused_until = max(self.paused_until, until)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
