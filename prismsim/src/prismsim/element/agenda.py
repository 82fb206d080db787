# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is yet to happen on the clusters, in the order of the simulated clock. Survives a restart.

Knows moments and names of actions; what an action does is registered by whoever knows it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from prismsim.clock import Clock
from prismsim.store import Store

if TYPE_CHECKING:
    from prismsim.element.fabric import Fabric

Facts = dict[str, Any]
Action = Callable[["Fabric", Facts], None]

#: What each action does, by name; filled at import.
ACTIONS: dict[str, Action] = {}


def action(name: str) -> Callable[[Action], Action]:
    """Register what an action of this name does."""

    def register(function: Action) -> Action:
        ACTIONS[name] = function
        return function

    return register


class Agenda:
    """Things to do, each at its moment."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._heap: list[tuple[float, int, str, Facts]] = []
        self._moment: float | None = None

    def load(self) -> None:
        """Take over what was planned before a restart."""
        self._heap = [(row["at"], int(key), row["action"], row["facts"]) for key, row in self._store.all("agenda", "")]
        heapq.heapify(self._heap)

    def now(self) -> float:
        """The moment of the action being done, else the simulated time; seconds since the epoch."""
        return self._clock.now() if self._moment is None else self._moment

    def add(self, after: float, name: str, **facts: Any) -> None:
        """Do something so many seconds from now."""
        at = self.now() + after
        number = int(self._store.get("counter", "", "agenda") or 0) + 1
        self._store.put("counter", "", "agenda", number)
        self._store.put("agenda", "", f"{number:012d}", {"at": at, "action": name, "facts": facts})
        heapq.heappush(self._heap, (at, number, name, facts))

    def work(self, fabric: Fabric) -> bool:
        """Do all that is due, in order; whether there was anything."""
        limit, worked = self._clock.now(), False
        while self._heap and self._heap[0][0] <= limit:
            at, number, name, facts = heapq.heappop(self._heap)
            self._store.delete("agenda", "", f"{number:012d}")
            self._moment, worked = at, True
            try:
                ACTIONS[name](fabric, facts)
            finally:
                self._moment = None
        return worked
