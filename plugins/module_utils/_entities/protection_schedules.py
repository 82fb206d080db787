# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often a protection policy makes recovery points and how many are kept, written and on the wire (contract/v4 section 11.1)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._model.codec import FIX_UPDATE, Body, Codec, Property, Reader, Word
from .._model.codec_spans import NOTHING, SpanOfSeconds
from .._model.directory import Directory
from .._model.encode import encode_fields
from .._model.form import Choice, Flag, Form, Number, Text, listed
from .._model.problems import Problems
from .._model.spans import Span
from .._model.struct import Field, ListOf, Struct, as_set, decode_fields, without_absent

#: The objective of synchronous replication.
SYNCHRONOUS = NOTHING
_PREFIX = "datapolicies.v4.config."
_LINEAR, _ROLLUP = f"{_PREFIX}LinearRetention", f"{_PREFIX}AutoRollupRetention"
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_EVERY = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_CONSISTENCY = {"crash": "CRASH_CONSISTENT", "application": "APPLICATION_CONSISTENT"}


class _Objective(Span):
    """A recovery point objective: a length of time, or 0."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        return SYNCHRONOUS if str(value).strip() == SYNCHRONOUS else super().canonical(value, at, problems)


_SPAN_UNITS = ("m", "h", "d", "w")
_KEPT = Struct(
    (Field("local", Number(1, 1000), required=True), Field("remote", Number(1, 1000))),
    example="write {local: 2, remote: 2}",
)
_STEP = Struct(
    (Field("every", Choice(tuple(_EVERY)), required=True), Field("keep", Number(1, 24), required=True)),
    example="write {every: day, keep: 7}",
)
_ROLLED_UP = Struct((Field("local", _STEP, required=True), Field("remote", _STEP)), example="write {local: {every: day, keep: 7}}")


class _StartTime(Codec):
    """``15:19`` in UTC; 15h:19m on the wire."""

    name = "startTime"

    def encode(self, value: t.Any, directory: Directory) -> Body:
        hour, _colon, minute = value.partition(":")
        return {self.name: f"{hour}h:{minute}m"}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        wire = reader.take(self.name)
        return None if wire is None else str(wire).replace("h:", ":").removesuffix("m")


_WAY = (
    Field("from", Text(longest=1000), Property("sourceLocationLabel"), required=True),
    Field("to", Text(longest=1000), Property("remoteLocationLabel")),
)
_TIMING = (
    Field("rpo", _Objective(_SPAN_UNITS), SpanOfSeconds("recoveryPointObjectiveTimeSeconds", _SPAN_UNITS), required=True),
    Field("consistency", Choice(tuple(_CONSISTENCY)), Word("recoveryPointType", _CONSISTENCY, missing="crash"), default="crash"),
    Field("retention", _KEPT),
    Field("rollup", _ROLLED_UP),
    Field("start", Text(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", allowed="write it as 15:30, in UTC"), _StartTime()),
    Field("day", Choice(_DAYS), Word("dayOfWeek", {day: day.upper() for day in _DAYS}), since=(4, 1)),
    Field("auto_suspend", Span(("s", "m")), SpanOfSeconds("syncReplicationAutoSuspendTimeoutSeconds", ("s", "m"))),
    Field("paused", Flag(), Property("isReplicationPaused"), since=(4, 2), absent=False),
    Field("keep_latest", _Objective(_SPAN_UNITS), SpanOfSeconds("latestRecoveryPointRetentionSeconds", _SPAN_UNITS), since=(4, 3)),
)
_BETWEEN = "between"
_EXAMPLE = "write {between: [north, south], rpo: 1h, retention: {local: 2, remote: 2}}"


class _Schedules(ListOf):
    """Schedules; one that is ``between`` two locations stands for both directions."""

    def option(self) -> dict[str, t.Any]:
        option = super().option()
        option["options"] = {_BETWEEN: {"type": "list", "elements": "str"}, **option["options"]}
        option["options"]["from"].pop("required", None)
        return option

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        spelled: list[t.Any] = []
        for index, item in enumerate(listed(value, at, "schedules", problems)):
            spelled += _both_ways(item, f"{at}[{index}]", problems)
        return super().canonical(spelled, at, problems)


def _both_ways(item: t.Any, at: str, problems: Problems) -> list[t.Any]:
    if not isinstance(item, Mapping) or item.get(_BETWEEN) is None:
        return [item]
    between = item[_BETWEEN]
    if not isinstance(between, list) or len(between) != 2:
        problems.add(f"{at}.{_BETWEEN}", f"{between!r} is not a list of two locations", _EXAMPLE)
        return []
    if item.get("from") is not None or item.get("to") is not None:
        problems.add(at, f"has {_BETWEEN} beside from or to", f"{_BETWEEN} stands for both directions; from and to for one")
        return []
    rest = {name: part for name, part in item.items() if name != _BETWEEN}
    return [{**rest, "from": one, "to": other} for one, other in (between, reversed(between))]


SCHEDULES: Form = _Schedules(Struct((*_WAY, *_TIMING), example=_EXAMPLE))


class SchedulesCodec(Codec):
    """The property replicationConfigurations."""

    name = "replicationConfigurations"

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: [_encoded(schedule, directory) for schedule in value]}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        return as_set([_decoded(configuration, directory) for configuration in reader.each(self.name)]) or None


def _encoded(schedule: t.Mapping[str, t.Any], directory: Directory) -> Body:
    body = encode_fields(_TIMING, schedule, directory)
    if "retention" in schedule:
        body["retention"] = {"$objectType": _LINEAR, **schedule["retention"]}
    if "rollup" in schedule:
        steps = {side: {"snapshotIntervalType": _EVERY[step["every"]], "frequency": step["keep"]} for side, step in schedule["rollup"].items()}
        body["retention"] = {"$objectType": _ROLLUP, **steps}
    return {**encode_fields(_WAY, schedule, directory), "schedule": body}


def _decoded(reader: Reader, directory: Directory) -> dict[str, t.Any]:
    found = decode_fields(_WAY, reader, directory)
    schedule = reader.inner("schedule")
    if schedule is None:
        reader.refuse("schedule", "is missing")
    schedule.ignore(("scheduleExtId",))
    found.update(decode_fields(_TIMING, schedule, directory))
    kept = schedule.inner("retention")
    if kept is not None:
        found.update(_retention(kept))
    schedule.finish()
    reader.finish()
    return without_absent((*_WAY, *_TIMING), found)


def _retention(reader: Reader) -> dict[str, t.Any]:
    sides = ("local", "remote")
    if reader.object_type == _LINEAR:
        found = {"retention": {side: number for side in sides if (number := reader.take(side)) is not None}}
    elif reader.object_type == _ROLLUP:
        found = {"rollup": {side: _step(step) for side in sides if (step := reader.inner(side)) is not None}}
    else:
        reader.refuse("", f"is a {reader.object_type or 'retention of no known type'}", FIX_UPDATE)
    reader.finish()
    return found


def _step(reader: Reader) -> dict[str, t.Any]:
    found = {"every": Word("snapshotIntervalType", _EVERY).decode(reader, Directory()), "keep": reader.take("frequency")}
    reader.finish()
    return found


def keep_schedule_ids(body: Body, old: t.Mapping[str, t.Any]) -> Body:
    """An update names the schedules that it goes on with, so that the server doesn't begin new ones in their place."""
    known = {_pair(each): each["schedule"].get("scheduleExtId") for each in old.get(SchedulesCodec.name) or ()}
    for configuration in body.get(SchedulesCodec.name, ()):
        ext_id = known.get(_pair(configuration))
        if ext_id:
            configuration["schedule"]["scheduleExtId"] = ext_id
    return body


def _pair(configuration: t.Mapping[str, t.Any]) -> tuple[t.Any, t.Any]:
    return configuration.get("sourceLocationLabel"), configuration.get("remoteLocationLabel")
