# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What time a run took, by its record: steps, attempts, and what of it was waiting for people. Pure; knows events, no report."""

from __future__ import annotations

import datetime
import typing as t

from .record import Event

#: Event types that frame a run and belong to no step.
_FRAME = ("start", "end")


class Span(t.NamedTuple):
    """One piece of a step without a break. ``start`` and ``end`` are RFC 3339, ``waited`` seconds of it that people needed."""

    step: str
    attempt: int
    start: str
    end: str
    waited: float

    @property
    def seconds(self) -> float:
        return seconds_between(self.start, self.end)


def seconds_between(start: str, end: str) -> float:
    return round((read_time(end) - read_time(start)).total_seconds(), 1)


def read_time(text: str) -> datetime.datetime:
    """Raises ValueError."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def attempts(events: t.Sequence[Event]) -> list[list[Event]]:
    """The events of each process that worked on the run: a run that died or stopped was taken up again by another one."""
    found: list[list[Event]] = []
    for event in events:
        if not found or event.type == "start" or found[-1][-1].type == "end":
            found.append([])
        found[-1].append(event)
    return found


def spans(events: t.Sequence[Event]) -> list[Span]:
    """The pieces of all steps, in order. A task tells when it began; what a record tells no beginning of, lasts from its first event on."""
    found: list[Span] = []
    for number, attempt in enumerate(attempts(events), start=1):
        for event in attempt:
            if event.type in _FRAME or not event.step:
                continue
            start = str(event.data["began"]) if event.type == "time" else event.time
            waited = float(event.data.get("waited") or 0) if event.type == "time" else 0.0
            last = found[-1] if found else None
            if last is not None and (last.step, last.attempt) == (event.step, number):
                found[-1] = last._replace(start=min(last.start, start, key=read_time), end=event.time, waited=last.waited + waited)
            else:
                found.append(Span(event.step, number, start, event.time, waited))
    return found


def run_times(events: t.Sequence[Event], targets: t.Mapping[str, t.Any], declared: str) -> dict[str, t.Any]:
    """``steps`` with their seconds, of tools and of people, and their target; ``clock`` with the same of the whole run, and whether the
    recovery time objective was met (None: no target, or no good end yet); ``gaps`` in which nobody was at work.

    ``declared``: when people began to count; else the first event.
    """
    pieces = spans(events)
    limits = targets.get("step_minutes") or {}
    steps: dict[str, dict[str, t.Any]] = {}
    for piece in pieces:
        step = steps.setdefault(piece.step, {"step": piece.step, "start": piece.start, "end": piece.end, "seconds": 0.0, "people_seconds": 0.0})
        step["end"] = piece.end
        step["seconds"] = round(step["seconds"] + piece.seconds, 1)
        step["people_seconds"] = round(step["people_seconds"] + piece.waited, 1)
    for step in steps.values():
        step["tool_seconds"] = round(max(step["seconds"] - step["people_seconds"], 0.0), 1)
        limit = limits.get(step["step"])
        step.update(target_minutes=limit, met=None if limit is None else step["seconds"] <= limit * 60)
    gaps = _gaps(events, pieces, declared)
    return {
        "steps": list(steps.values()),
        "clock": _clock(events, pieces, gaps, targets),
        "spans": [piece._asdict() for piece in pieces],
        "gaps": [{"start": start, "end": end} for start, end in gaps],
    }


def _gaps(events: t.Sequence[Event], pieces: t.Sequence[Span], declared: str) -> list[tuple[str, str]]:
    """When nobody was at work: before the first attempt, from when people declared the disaster on, and between attempts."""
    if not events:
        return []
    tries = attempts(events)
    begins = [min([attempt[0].time] + [piece.start for piece in pieces if piece.attempt == number]) for number, attempt in enumerate(tries, start=1)]
    ends = [declared or begins[0], *(attempt[-1].time for attempt in tries[:-1])]
    return [(end, begin) for end, begin in zip(ends, begins, strict=True) if seconds_between(end, begin) > 0]


def _clock(
    events: t.Sequence[Event], pieces: t.Sequence[Span], gaps: t.Sequence[tuple[str, str]], targets: t.Mapping[str, t.Any]
) -> dict[str, t.Any]:
    if not events:
        return {"start": "", "end": "", "seconds": 0.0, "tool_seconds": 0.0, "people_seconds": 0.0, "attempts": 0, "rto_minutes": None, "rto_met": None}
    start = min([events[0].time] + [piece.start for piece in pieces] + [gap_start for gap_start, _end in gaps], key=read_time)
    end = events[-1].time
    tries = attempts(events)
    total = seconds_between(start, end)
    people = round(sum(seconds_between(*gap) for gap in gaps) + sum(piece.waited for piece in pieces), 1)
    limit = targets.get("rto_minutes")
    ended_well = events[-1].type == "end" and not events[-1].data.get("failed")
    met = None if limit is None or not ended_well else total <= limit * 60
    return {
        "start": start,
        "end": end,
        "seconds": total,
        "tool_seconds": round(max(total - people, 0.0), 1),
        "people_seconds": people,
        "attempts": len(tries),
        "rto_minutes": limit,
        "rto_met": met,
    }
