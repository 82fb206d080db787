# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to wait before a call is tried again, and whether that is worth it; knows statuses and time, sends nothing."""

from __future__ import annotations

import time
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._errors import ConnectionFailed
    from .retry import RetryPolicy
    from .session import Response

#: The server is busy or in between: later it may answer.
BUSY = frozenset({408, 429, 502, 503, 504})
#: Failures of the way rather than of the set-up; the others do not get better by waiting.
TRANSIENT = frozenset({"refused", "timeout", "reset", "truncated", "empty"})


def wait_after_failure(policy: RetryPolicy, error: ConnectionFailed, tried: int, random: Callable[[], float], *, answered: bool) -> float | None:
    """Seconds to wait after a try without an answer, ``None`` for no more tries. ``answered``: the host has answered before."""
    if not answered and error.reason == "timeout":
        # Each further try at a host that swallows packets costs a whole connect timeout.
        return None
    if error.reason not in TRANSIENT or tried >= (policy.tries if answered else policy.few_tries):
        return None
    return _backoff(policy, tried, random)


def wait_after_answer(policy: RetryPolicy, response: Response, tried: int, random: Callable[[], float]) -> float | None:
    """Seconds to wait after an answer that is not a good one, ``None`` to keep it."""
    if response.status in policy.final:
        return None
    if response.status == 500:
        return _backoff(policy, tried, random) if tried < policy.few_tries else None
    if response.status not in BUSY or tried >= policy.tries:
        return None
    return retry_after(response, policy.longest_retry_after, _backoff(policy, tried, random))


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


def _backoff(policy: RetryPolicy, tried: int, random: Callable[[], float]) -> float:
    longest = min(policy.longest_wait, policy.first_wait * 2.0 ** (tried - 1))
    # Between half and the whole: never zero, and not all threads at once.
    return longest * (0.5 + 0.5 * random())
