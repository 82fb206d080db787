# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries a call until its answer is worth keeping; `retry_waits.py` knows how long to wait after which answer. Knows not what the call means.

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


class Retry:
    """Repeats calls of one session under one policy."""

    def __init__(
        self,
        session: HttpSession,
        policy: RetryPolicy = DEFAULT_POLICY,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = randomlib.random,
    ) -> None:
        self._session = session
        self._policy = policy
        self._sleep = sleep
        self._clock = clock
        self._random = random

    def run(self, attempt: Callable[[float], Response], *, deadline: float | None = None, repeatable: bool = True) -> Response:
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
                lost = error.sent = lost or error.sent
                # Imported here, as below: a call that is answered well waits for nothing.
                from .retry_waits import wait_after_failure

                wait = None if lost and not repeatable else wait_after_failure(self._policy, error, tried, self._random, answered=self._session.answered)
                if wait is None or self._clock() + wait >= limit:
                    raise
            except DeadlineExceeded as error:
                error.outcome_unknown = lost
                raise
            else:
                response.lost = lost
                if response.status < 300:
                    return response
                from .retry_waits import wait_after_answer

                wait = None if response.status != 429 and not repeatable else wait_after_answer(self._policy, response, tried, self._random)
                if wait is None or self._clock() + wait >= limit:
                    return response
            self._sleep(wait)
