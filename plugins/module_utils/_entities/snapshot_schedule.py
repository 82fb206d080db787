# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a protection domain takes snapshots, how long they are kept here and on remote sites (contract/element section 4.3).

Knows our words and those of Prism Element v1, both ways. A schedule has no name; what tells it from others is when it strikes.
"""

from __future__ import annotations

import typing as t

from .._errors import NotRepresentable
from .._model.form import Flag, Form, Number, Text, listed
from .._model.form_names import Name
from .._model.problems import Problems
from .._model.spans import Length, Span, parse_span, simplest
from .._model.struct import Field, ListOf, Struct, as_set, without_absent

Body = dict[str, t.Any]
Canonical = dict[str, t.Any]

EVERY_UNITS = ("s", "m", "h", "d")
KEEP_UNITS = ("d", "mo")
#: In the order of the API, which counts them from 1.
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_TYPES = {"s": "SECONDLY", "m": "MINUTELY", "h": "HOURLY", "d": "DAILY"}
_UNITS = {word: unit for unit, word in _TYPES.items()}
_PERIODS = {"DAYS": "d", "WEEKS": "w", "MONTHS": "mo"}
_DAY_USECS = 86_400_000_000
_MINUTE_USECS = 60_000_000
_MOST = 100_000


class Weekdays(Form):
    """A set of days of the week, in the order of the week."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str", "choices": list(WEEKDAYS)}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        days = [str(day).lower() for day in listed(value, at, "days", problems)]
        for day in days:
            if day not in WEEKDAYS:
                problems.unknown(at, day, WEEKDAYS, "day")
        return sorted({day for day in days if day in WEEKDAYS}, key=WEEKDAYS.index)


class DaysOfMonth(Form):
    """A set of days of the month, 1 to 31."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "int"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        one = Number(1, 31)
        return sorted({one.canonical(day, f"{at}[{index}]", problems) for index, day in enumerate(listed(value, at, "days", problems))})


_KEEP = Field("keep", Number(1, _MOST), required=True)
_KEEP_FOR = Field("keep_for", Span(KEEP_UNITS))
SCHEDULE = Struct(
    (
        Field("every", Span(EVERY_UNITS)),
        Field("weekdays", Weekdays(), absent=[]),
        Field("days_of_month", DaysOfMonth(), absent=[]),
        Field("at", Text(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", allowed="write it as 22:00, UTC")),
        _KEEP,
        _KEEP_FOR,
        Field("remotes", ListOf(Struct((Field("site", Name("remote_site"), required=True), _KEEP, _KEEP_FOR))), absent=[]),
        Field("app_consistent", Flag(), absent=False),
        Field("suspended", Flag(), absent=False),
    ),
    example="{every: 1h, keep: 4, remotes: [{site: south-ahv, keep: 8}]}",
)
RECURRENCES = ("every", "weekdays", "days_of_month")


def strikes(schedule: t.Mapping[str, t.Any]) -> str:
    """When it strikes, as a key and for people: "every 1h", "on monday, friday"."""
    if schedule.get("every"):
        return f"every {schedule['every']}"
    days = schedule.get("weekdays") or [f"day {day}" for day in schedule.get("days_of_month") or ()]
    return f"on {', '.join(days)}"


def check_schedules(schedules: t.Sequence[Canonical], where: str, problems: Problems) -> None:
    """What must hold of all schedules of a protection domain together."""
    seen: set[str] = set()
    for index, schedule in enumerate(schedules):
        at = f"{where}.schedules[{index}]"
        said = [name for name in RECURRENCES if schedule.get(name)]
        if len(said) != 1:
            problems.add(at, f"has {' and '.join(said) or 'no recurrence'}", f"give exactly one of {', '.join(RECURRENCES)}")
            continue
        key = f"{strikes(schedule)} {schedule.get('at', '')}"
        if key in seen:
            problems.add(at, f"strikes {strikes(schedule)} like another one", "merge the two, or tell them apart with 'at'")
        seen.add(key)
        sites = [remote["site"] for remote in schedule.get("remotes") or ()]
        for site in sorted({site for site in sites if sites.count(site) > 1}):
            problems.add(f"{at}.remotes", f"names {site} twice", "say once how many it keeps")


def read_schedule(body: t.Mapping[str, t.Any], where: str) -> Canonical:
    """What Prism Element says of a schedule, in our words. Raises NotRepresentable."""
    policy = body.get("retentionPolicy") or {}
    kept = policy.get("remoteMaxSnapshots") or {}
    periods, types = policy.get("remoteRetentionPeriod") or {}, policy.get("remoteRetentionType") or {}
    remotes = [_present({"site": site, "keep": most, "keep_for": _keep_for(periods.get(site), types.get(site))}) for site, most in kept.items()]
    start = body.get("userStartTimeInUsecs")
    found = {
        **_read_recurrence(body, where),
        "at": None if start is None else _time_of_day(int(start)),
        "keep": policy.get("localMaxSnapshots"),
        "keep_for": _keep_for(policy.get("localRetentionPeriod"), policy.get("localRetentionType")),
        "remotes": as_set(remotes),
        "app_consistent": bool(body.get("appConsistent")),
        "suspended": bool(body.get("suspended")),
    }
    return without_absent(SCHEDULE.fields, found)


def write_schedule(schedule: t.Mapping[str, t.Any], name: str, now_usecs: int, old: t.Mapping[str, t.Any] | None = None) -> Body:
    """The body that says a schedule; ``old`` is the one that it replaces, of which everything is kept that we have no words for.
    ``now_usecs`` is the cluster's time: a schedule without ``at`` starts then."""
    body: Body = {**(old or {}), "pdName": name, **_write_recurrence(schedule)}
    if old is None or _time_of_day(int(old.get("userStartTimeInUsecs") or 0)) != schedule.get("at"):
        body["userStartTimeInUsecs"] = _start(schedule.get("at"), now_usecs)
        body["startTimesInUsecs"] = None
    body["appConsistent"] = bool(schedule.get("app_consistent"))
    body["suspended"] = bool(schedule.get("suspended"))
    body["retentionPolicy"] = {**((old or {}).get("retentionPolicy") or {}), **_write_retention(schedule)}
    return body


def _read_recurrence(body: t.Mapping[str, t.Any], where: str) -> Canonical:
    kind, every, values = str(body.get("type") or "").upper(), int(body.get("everyNth") or 1), sorted(body.get("values") or ())
    if kind in _UNITS:
        return {"every": str(simplest(Length(every, _UNITS[kind]), EVERY_UNITS))}
    if kind == "WEEKLY" and not values:
        return {"every": f"{7 * every}d"}
    if kind == "WEEKLY" and every == 1 and all(1 <= day <= len(WEEKDAYS) for day in values):
        return {"weekdays": [WEEKDAYS[day - 1] for day in values]}
    if kind == "MONTHLY" and every == 1 and values:
        return {"days_of_month": values}
    said = f"type {body.get('type')}, every {every}, values {values}"
    raise NotRepresentable(f"{where} strikes in a way that this collection has no words for ({said})", path=where, fix="Manage its schedules in Prism")


def _write_recurrence(schedule: t.Mapping[str, t.Any]) -> Body:
    if schedule.get("every"):
        length = parse_span(schedule["every"])
        return {"type": _TYPES[length.unit], "everyNth": length.number, "values": None}
    if schedule.get("weekdays"):
        return {"type": "WEEKLY", "everyNth": 1, "values": [WEEKDAYS.index(day) + 1 for day in schedule["weekdays"]]}
    return {"type": "MONTHLY", "everyNth": 1, "values": list(schedule["days_of_month"])}


def _write_retention(schedule: t.Mapping[str, t.Any]) -> Body:
    remotes = schedule.get("remotes") or []
    limited = {remote["site"]: _period(remote["keep_for"]) for remote in remotes if remote.get("keep_for")}
    period, kind = _period(schedule["keep_for"]) if schedule.get("keep_for") else (None, None)
    return {
        "localMaxSnapshots": schedule["keep"],
        "localRetentionPeriod": period,
        "localRetentionType": kind,
        "remoteMaxSnapshots": {remote["site"]: remote["keep"] for remote in remotes},
        "remoteRetentionPeriod": {site: count for site, (count, _kind) in limited.items()} or None,
        "remoteRetentionType": {site: word for site, (_count, word) in limited.items()} or None,
    }


def _keep_for(period: t.Any, kind: t.Any) -> str | None:
    unit = _PERIODS.get(str(kind or "").upper())
    return str(simplest(Length(int(period), unit), KEEP_UNITS)) if period and unit else None


def _period(text: str) -> tuple[int, str]:
    length = parse_span(text)
    return length.number, "MONTHS" if length.unit == "mo" else "DAYS"


def _time_of_day(usecs: int) -> str:
    minutes = usecs % _DAY_USECS // _MINUTE_USECS
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _start(at: str | None, now_usecs: int) -> int:
    if not at:
        return now_usecs // _MINUTE_USECS * _MINUTE_USECS
    hours, minutes = at.split(":")
    return now_usecs // _DAY_USECS * _DAY_USECS + (int(hours) * 60 + int(minutes)) * _MINUTE_USECS


def _present(values: Canonical) -> Canonical:
    return {name: value for name, value in values.items() if value is not None}
