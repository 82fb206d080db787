# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits (contract/v4 section 7): per operation and for the whole Prism Central, in windows of one second."""

from __future__ import annotations

import time

from prismsim.contract import Operation
from prismsim.errors import ApiError, Message

GLOBAL_LIMIT = 80


#: Calls per second of (namespace, a segment of the path): reads, PUT, other writes; None where none is published. First match counts.
_PUBLISHED: tuple[tuple[str, str, tuple[int | None, int | None, int | None]], ...] = (
    ("microseg", "", (5, 2, 2)),
    ("datapolicies", "consistency-rules", (20, 5, 5)),
    ("datapolicies", "protection-policies", (2, 1, 2)),
    ("datapolicies", "recovery-plans", (10, 2, 2)),
    ("datapolicies", "entity-sync-policies", (20, 10, 10)),
    ("dataprotection", "execution-steps", (10, None, None)),
    ("dataprotection", "validation-errors", (10, None, None)),
    ("dataprotection", "recovery-plan-jobs", (5, 5, 5)),
    ("dataprotection", "recovery-points", (10, 2, 2)),
)


def operation_limit(operation: Operation) -> int | None:
    """The published calls per second of an operation, None where none is published."""
    which = {"GET": 0, "PUT": 1}.get(operation.method, 2)
    for namespace, segment, limits in _PUBLISHED:
        if operation.namespace == namespace and (not segment or segment in operation.path):
            return limits[which]
    if operation.namespace == "vmm" and operation.path[-1] == "vms" and which == 0:
        return 2
    if operation.namespace == "vmm" and operation.method in ("PUT", "DELETE"):
        return 5
    return None


class Limiter:
    """The counters of one Prism Central."""

    def __init__(self) -> None:
        self._window = 0
        self._counts: dict[str, int] = {}

    def count(self, operation: Operation) -> dict[str, str]:
        """Count a call; the headers that tell what is left. Raises ApiError(429) when a limit is passed."""
        window = int(time.monotonic())
        if window != self._window:
            self._window = window
            self._counts.clear()
        limit = operation_limit(operation)
        total = self._add("")
        mine = self._add(operation.id)
        headers = {
            "x-ratelimit-limit": str(GLOBAL_LIMIT),
            "x-ratelimit-remaining": str(max(0, GLOBAL_LIMIT - total)),
            "x-ratelimit-reset": "1",
        }
        if limit is not None:
            headers["x-api-ratelimit-limit"] = str(limit)
            headers["x-api-ratelimit-refresh-period-seconds"] = "1"
            headers["x-api-ratelimit-remaining"] = str(max(0, limit - mine))
        if total > GLOBAL_LIMIT or (limit is not None and mine > limit):
            message = Message("Too many requests.", "PRISMSIM-10429", "RATE_LIMIT_EXCEEDED")
            raise ApiError(429, [message], headers={**headers, "Retry-After": "1"})
        return headers

    def _add(self, key: str) -> int:
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]
