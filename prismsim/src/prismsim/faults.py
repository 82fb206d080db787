# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on command: which call they hit and how often. Knows matching and counting; the damage is done elsewhere."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prismsim.store import Store

#: Done to the connection, before anything is worked on.
BEFORE = frozenset({"refuse", "blackhole", "slow", "hold", "reset_before", "html", "status", "kill_before"})
#: Done to the answer, after the work.
AFTER = frozenset({"reset_after", "blackhole_after", "hold_after", "truncate", "kill_after"})
#: Done inside: to the work itself.
WITHIN = frozenset({"stale_etag", "task_failed", "task_canceled", "task_never_ends", "empty_list"})
ACTIONS = BEFORE | AFTER | WITHIN
_MEMBERS = frozenset({"id", "site", "match", "do", "ms", "status", "retry_after"})
_MATCH = frozenset({"method", "path", "nth", "every", "times"})


@dataclass
class Fault:
    """One armed fault. ``seen`` counts the calls it matched, ``hit`` those it struck."""

    id: str
    site: str | None
    methods: frozenset[str]
    path: re.Pattern[str]
    nth: int | None
    every: int
    times: int | None
    do: str
    ms: int
    status: int
    retry_after: int | None
    spec: dict[str, Any]
    seen: int = 0
    hit: int = 0

    def strikes(self, site: str, method: str, path: str) -> bool:
        """Count the call if it matches, and say whether it is hit."""
        if self.site not in (None, site) or (self.methods and method not in self.methods) or not self.path.search(path):
            return False
        self.seen += 1
        if (self.nth is not None and self.seen != self.nth) or self.seen % self.every:
            return False
        if self.times is not None and self.hit >= self.times:
            return False
        self.hit += 1
        return True


def parse(spec: Mapping[str, Any], number: int, sites: set[str]) -> Fault:
    """A fault from its JSON shape (prismsim/README.md). Raises ValueError naming what is wrong."""
    match = spec.get("match") or {}
    for name in [*(set(spec) - _MEMBERS), *(set(match) - _MATCH)]:
        raise ValueError(f"unknown member '{name}' of a fault")
    if spec.get("do") not in ACTIONS:
        raise ValueError(f"'{spec.get('do')}' is no fault (known: {', '.join(sorted(ACTIONS))})")
    if spec.get("site") is not None and spec["site"] not in sites:
        raise ValueError(f"unknown site '{spec['site']}'")
    try:
        path = re.compile(str(match.get("path", "")))
    except re.error as error:
        raise ValueError(f"'{match.get('path')}' is no regular expression: {error}") from error
    methods = match.get("method") or ()
    status = int(spec.get("status", 503))
    if status not in (400, 401, 403, 404, 409, 412, 429, 500, 502, 503, 504):
        raise ValueError(f"status {status} cannot be simulated")
    return Fault(
        str(spec.get("id") or f"fault-{number}"),
        spec.get("site"),
        frozenset([methods] if isinstance(methods, str) else methods),
        path,
        match.get("nth"),
        max(1, int(match.get("every", 1))),
        match.get("times"),
        spec["do"],
        int(spec.get("ms", 1000)),
        status,
        spec.get("retry_after"),
        dict(spec),
    )


def die_if(action: str, hits: list[Fault], store: Store) -> None:
    """Make what was done durable and die like after SIGKILL, if a fault says so."""
    if any(fault.do == action for fault in hits):
        store.commit()
        os.kill(os.getpid(), signal.SIGKILL)


class Faults:
    """All armed faults of the world; their counters survive a restart."""

    def __init__(self, store: Store, sites: set[str]) -> None:
        self._store = store
        self._sites = sites
        self._armed: list[Fault] = []

    def load(self) -> None:
        """Arm what was armed before the restart."""
        for number, (_position, row) in enumerate(self._store.all("fault", "")):
            fault = parse(row["spec"], number, self._sites)
            fault.seen, fault.hit = row["seen"], row["hit"]
            self._armed.append(fault)

    def arm(self, spec: Mapping[str, Any]) -> Fault:
        """Add a fault. Raises ValueError for a bad shape."""
        number = int(self._store.get("counter", "", "fault") or 0) + 1
        fault = parse({**spec, "id": spec.get("id") or f"fault-{number:04d}"}, number, self._sites)
        self._store.put("counter", "", "fault", number)
        self._armed.append(fault)
        self._save(fault)
        return fault

    def disarm(self) -> int:
        """Remove all faults; how many there were."""
        count = len(self._armed)
        for fault in self._armed:
            self._store.delete("fault", "", fault.id)
        self._armed.clear()
        return count

    def armed(self) -> list[dict[str, Any]]:
        """The armed faults with their counters."""
        return [{**fault.spec, "seen": fault.seen, "hit": fault.hit} for fault in self._armed]

    def strike(self, site: str, method: str, path: str) -> list[Fault]:
        """The faults that hit this call."""
        if not self._armed:
            return []
        hits: list[Fault] = []
        for fault in self._armed:
            before = fault.seen
            if fault.strikes(site, method, path):
                hits.append(fault)
            if fault.seen != before:
                self._save(fault)
        return hits

    def _save(self, fault: Fault) -> None:
        self._store.put("fault", "", fault.id, {"spec": fault.spec, "seen": fault.seen, "hit": fault.hit})
