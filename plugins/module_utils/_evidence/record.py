# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run: an append-only file of events, each chained to the one before by its hash. It testifies; nothing is decided by it."""

from __future__ import annotations

import datetime
import fcntl
import hashlib
import json
import os
import typing as t

from .._errors import Finding, InvalidInput

FILE = "record.jsonl"
FIRST = "0" * 64
CUT = "RECORD_CUT"

Data = t.Mapping[str, t.Any]


class Event(t.NamedTuple):
    """One line. ``time`` is UTC, RFC 3339; ``type`` says what ``data`` holds: start, gate, plan, intent, outcome,
    check, finding, state, note, time, end."""

    seq: int
    time: str
    step: str
    type: str
    data: Data
    previous: str
    hash: str


class Chain(t.NamedTuple):
    """A record as it was read. ``broken``: what is wrong with the line after the ``events``, if anything is. ``cut``: the begin of a
    last line that the end of a process, or of the power, left without its end; whoever appends next sets it aside."""

    events: list[Event]
    broken: Finding | None
    cut: str


def append(path: str, step: str, events: t.Sequence[tuple[str, Data]], *, now: t.Callable[[], datetime.datetime] | None = None) -> None:
    """Add events (type, data) to the record in the directory ``path``, made when missing, and see them on the disk.

    A last line that was cut off becomes a finding. Data must be JSON and hold no secret. Raises OSError.
    """
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, FILE), "a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        lines, half = _lines(stream.read())
        if half:
            stream.truncate(sum(len(line) + 1 for line in lines))
            events = [cut_off(half.decode(errors="replace")), *events]
        seq, previous = _last(lines)
        time = (now or _now)().astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for kind, data in events:
            seq += 1
            body = {"seq": seq, "time": time, "step": step, "type": kind, "data": data, "previous": previous}
            previous = _hash(body)
            stream.write(json.dumps({**body, "hash": previous}, sort_keys=True, ensure_ascii=False).encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_record(path: str) -> list[Event]:
    """All whole events. Raises InvalidInput with the line where the chain is broken, and if there is no record."""
    chain = read_chain(path)
    if chain.broken:
        raise InvalidInput([chain.broken], verb="read", kind="record")
    return chain.events


def read_chain(path: str) -> Chain:
    """The record as far as its chain holds. Raises InvalidInput if there is none."""
    file = os.path.join(path, FILE)
    try:
        with open(file, "rb") as stream:
            lines, half = _lines(stream.read())
    except FileNotFoundError as error:
        raise InvalidInput([Finding(file, "is missing, there is no record of this run")], verb="read", kind="record") from error
    events: list[Event] = []
    previous = FIRST
    for number, line in enumerate(lines, start=1):
        try:
            body = json.loads(line)
            event = Event(**body)
        except (ValueError, TypeError):
            return Chain(events, Finding(f"{file}:{number}", "is no event of a record"), "")
        own = body.pop("hash")
        if event.previous != previous or own != _hash(body) or event.seq != number:
            return Chain(events, Finding(f"{file}:{number}", "doesn't follow from the line before: the record was changed after the run"), "")
        events.append(event)
        previous = own
    return Chain(events, None, half.decode(errors="replace"))


def cut_off(lost: str) -> tuple[str, Data]:
    """The event (type, data) that takes the place of a line that was cut off."""
    problem = "a line of the record was cut off while it was written: the process was killed, or the power went"
    return "finding", {"check": "record", "severity": "warning", "code": CUT, "problem": problem, "fix": f"What there was of it: {lost}"}


def last_of_type(path: str, kind: str) -> Data | None:
    """The data of the last event of a type, whether the chain holds or not; None without one. Reads one line of many, for records are long."""
    try:
        with open(os.path.join(path, FILE), "rb") as stream:
            lines = [line for line in stream if line.endswith(b"\n") and f'"type": "{kind}"'.encode() in line]
        events = [json.loads(line) for line in lines]
    except (FileNotFoundError, ValueError):
        return None
    return next((event["data"] for event in reversed(events) if event.get("type") == kind), None)


def _lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what follows the last line end."""
    *lines, half = content.split(b"\n")
    return lines, half


def _last(lines: t.Sequence[bytes]) -> tuple[int, str]:
    if not lines:
        return 0, FIRST
    try:
        body = json.loads(lines[-1])
        return int(body["seq"]), str(body["hash"])
    except (ValueError, TypeError, KeyError):
        # A damaged record is still added to; reading it tells the damage.
        return len(lines), hashlib.sha256(lines[-1]).hexdigest()


def _hash(body: Data) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)
