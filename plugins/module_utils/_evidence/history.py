# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the records of earlier runs tell: when a baseline was last known to be true, and which runs were never closed. Reads files only."""

from __future__ import annotations

import datetime
import os

from .._errors import InvalidInput
from .record import FILE, Event, read_chain, read_record

END, CHECK = "end", "check"
#: How the end of a run calls what it began, where the two differ.
_ENDS = {"planned_failover": "failover", "unplanned_failover": "failover", "test_failover": "drill"}


def runs(reports: str) -> dict[str, list[Event]]:
    """The events of each run below a directory that got to say anything, by run id. One whose chain is broken is a run without events."""
    found: dict[str, list[Event]] = {}
    if not os.path.isdir(reports):
        return found
    for run_id in sorted(os.listdir(reports)):
        path = os.path.join(reports, run_id)
        if os.path.exists(os.path.join(path, FILE)):
            chain = read_chain(path)
            if chain.events or chain.broken:
                found[run_id] = [] if chain.broken else chain.events
    return found


def unfinished(history: dict[str, list[Event]]) -> list[str]:
    """Runs that wrote to a site or meant to, were not closed, and whose work no later run has done to its end."""
    return [run_id for run_id, events in history.items() if not events or (_meant_to_write(events) and not _done_since(events, history))]


def _meant_to_write(events: list[Event]) -> bool:
    return events[-1].type != END and any(event.type == "intent" for event in events)


def _done_since(events: list[Event], history: dict[str, list[Event]]) -> bool:
    """Whether a later run of the same verb ended well. A failover is done by one of any mode."""
    begun = [str(event.data["verb"]) for event in events if event.type == "state" and event.data.get("what") == "begun"]
    verbs = {_ENDS.get(verb, verb) for verb in begun}
    ends = [others[-1] for others in history.values() if others and others[-1].type == END and others[0].time > events[0].time]
    return any(not end.data.get("failed") and end.data.get("verb") in verbs for end in ends)


def left_open(reports: str, run_id: str) -> bool:
    """Whether a run has a sound record that was never closed."""
    try:
        return read_record(os.path.join(reports, run_id))[-1].type != END
    except (InvalidInput, IndexError):
        return False


def last_true(history: dict[str, list[Event]], digest: str, site: str) -> datetime.datetime | None:
    """When a baseline was last seen to be equal to the site that it is of: at its export, or at a later comparison."""
    times = [
        event.time
        for events in history.values()
        for event in events
        if event.type == CHECK
        and event.data.get("verdict") == "equal"
        and event.data.get("baseline_digest") == digest
        and event.data.get("site") == site
    ]
    return max((datetime.datetime.fromisoformat(time.replace("Z", "+00:00")) for time in times), default=None)
