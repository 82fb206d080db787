# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a call is tried again and how long to wait before; knows statuses and time, not what the call means.

Reads, and writes that carry an ``NTNX-Request-Id``, may be repeated; other calls only while none has reached the server.
"""

from __future__ import annotations

import random as randomlib
import time
import typing as t

from .._errors import ConnectionFailed, DeadlineExceeded

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .session import HttpSession, Response
    from .statistics import Statistics

#: The server is busy or in between: later it may answer.
BUSY = frozenset({408, 429, 502, 503, 504})
#: Failures of the way rather than of the set-up; the others do not get better by waiting.
TRANSIENT = frozenset({"refused", "timeout", "reset", "truncated", "empty"})


class RetryPolicy(t.NamedTuple):
    """Numbers of tries, and waits in seconds."""

    tries: int = 8
    #: For what seldom heals: 500, or a host that has not answered once (a dead primary must be told quickly).
    few_tries: int = 2
    first_wait: float = 0.25
    longest_wait: float = 8.0
    longest_retry_after: float = 60.0
    #: For one call with all its tries.
    total: float = 120.0
    #: Statuses that are an answer where others would be tried again.
    final: frozenset[int] = frozenset()


DEFAULT_POLICY = RetryPolicy()


class Answer(t.NamedTuple):
    """What came in the end; ``lost``: an earlier try was sent and never answered, so it may have done its work."""

    response: Response
    lost: bool


class Retry:
    """Repeats calls of one session under one policy."""

    def __init__(
        self,
        session: HttpSession,
        statistics: Statistics,
        policy: RetryPolicy = DEFAULT_POLICY,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = randomlib.random,
    ) -> None:
        self._session = session
        self._statistics = statistics
        self._policy = policy
        self._sleep = sleep
        self._clock = clock
        self._random = random

    def run(self, attempt: Callable[[float], Response], *, deadline: float | None = None, repeatable: bool = True) -> Answer:
        """Call ``attempt(deadline)`` until it gives an answer worth keeping, or the last one there is.

        What is not ``repeatable`` is tried again only if it was never sent, or was turned away by a limit (429).
        Raises what the last try raised; ``sent`` is then true when any of the tries may have reached the server.
        """
        limit = self._clock() + self._policy.total
        if deadline is not None:
            limit = min(limit, deadline)
        lost = False
        tried = 0
        while True:
            tried += 1
            try:
                response = attempt(limit)
            except ConnectionFailed as error:
                self._statistics.failed(error.reason)
                lost = lost or error.sent
                error.sent = lost
                wait = None if lost and not repeatable else self._wait_after_failure(error, tried)
                if wait is None or self._clock() + wait >= limit:
                    raise
            except DeadlineExceeded as error:
                error.outcome_unknown = lost
                raise
            else:
                self._statistics.answered(response.status)
                wait = None if response.status != 429 and not repeatable else self._wait_after_answer(response, tried)
                if wait is None or self._clock() + wait >= limit:
                    return Answer(response, lost)
            self._statistics.retried()
            self._sleep(wait)

    def _wait_after_failure(self, error: ConnectionFailed, tried: int) -> float | None:
        tries = self._policy.tries if self._session.answered else self._policy.few_tries
        if not self._session.answered and error.reason == "timeout":
            # Each further try at a host that swallows packets costs a whole connect timeout.
            return None
        if error.reason not in TRANSIENT or tried >= tries:
            return None
        return self._backoff(tried)

    def _wait_after_answer(self, response: Response, tried: int) -> float | None:
        if response.status in self._policy.final:
            return None
        if response.status == 500:
            return self._backoff(tried) if tried < self._policy.few_tries else None
        if response.status not in BUSY or tried >= self._policy.tries:
            return None
        return retry_after(response, self._policy.longest_retry_after, self._backoff(tried))

    def _backoff(self, tried: int) -> float:
        longest = min(self._policy.longest_wait, self._policy.first_wait * 2.0 ** (tried - 1))
        # Between half and the whole: never zero, and not all threads at once.
        return longest * (0.5 + 0.5 * self._random())


def retry_after(response: Response, longest: float, otherwise: float) -> float:
    """Seconds that the server asks for (a number or an HTTP date), at most ``longest``; ``otherwise`` if it does not say."""
    value = (response.headers.get("Retry-After") or "").strip()
    if not value:
        return otherwise
    try:
        seconds = float(value)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return otherwise
    # A little above what is asked: the server's clock and ours do not tick together.
    return min(longest, max(otherwise if seconds <= 0 else seconds + 0.02, 0.0))
