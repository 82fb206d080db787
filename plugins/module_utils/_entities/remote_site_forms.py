# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the parts of a remote site are written: maps of names, host addresses, speeds, times of the day. Knows no wire format."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from collections.abc import Mapping

from .._model.form import Choice, Form, listed
from .._model.problems import Problems

DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_TIME = re.compile(r"^([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9]))?$")
_DAY_SECONDS = 24 * 3600


class NameMap(Form):
    """Names of this cluster and what each becomes on the peer: ``{here: there}``. Several may become one, one can't become several."""

    def __init__(self, what: str) -> None:
        self.what = what

    def option(self) -> dict[str, t.Any]:
        return {"type": "dict"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, Mapping):
            problems.add(at, f"{value!r} is not a mapping of {self.what}s", "write {here: there}")
            return {}
        found = {}
        for here, there in value.items():
            if isinstance(there, (list, tuple)):
                problems.add(f"{at}.{here}", f"a {self.what} becomes one {self.what} of the peer, not {len(there)}", "choose one")
            elif not isinstance(here, str) or not isinstance(there, str) or not here.strip() or not there.strip():
                problems.add(f"{at}.{here}", f"{there!r} is not the name of a {self.what}", "quote names that read like numbers or yes/no")
            else:
                found[here.strip()] = there.strip()
        return dict(sorted(found.items()))


class HostAddresses(Form):
    """A set of addresses of hosts, without prefixes."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str"}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = set()
        for item in listed(value, at, "addresses", problems):
            try:
                found.add(str(ipaddress.ip_address(str(item).strip())))
            except ValueError:
                problems.add(at, f"{item!r} is not an IP address", "write 10.0.0.1, without a prefix or a port")
        return in_order(found)


def in_order(addresses: t.Iterable[str]) -> list[str]:
    """Addresses by family and number; what is no address comes last."""
    return sorted(addresses, key=_order)


def _order(address: str) -> tuple[int, int, str]:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return 9, 0, address
    return found.version, int(found), address


class Speed(Form):
    """Megabytes (of 1,000,000 bytes) per second, to the byte. Whole numbers are written without a fraction."""

    type = "float"

    def __init__(self, highest: float) -> None:
        self.highest = highest

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= self.highest:
            problems.add(at, f"{value!r} is no speed above 0 and up to {self.highest:g} MB/s", "leave it out for no limit")
            return 0
        return plain_number(float(value))


def plain_number(value: float) -> float | int:
    """A number as people write it: 10 rather than 10.0, and no more digits than a byte in a megabyte needs."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


class TimeOfDay(Form):
    """``08:00`` or ``08:00:30``; ``24:00`` is the end of the day."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        try:
            return time_of(seconds_of(str(value).strip()))
        except ValueError as error:
            problems.add(at, str(error), 'write "08:00", in quotes')
            return "00:00"


def seconds_of(text: str) -> int:
    """Seconds since midnight of a time of the day. Raises ``ValueError`` for anything else."""
    match = _TIME.match(text)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (99, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total > _DAY_SECONDS:
        raise ValueError(f"{text!r} is no time of the day")
    return total


def time_of(seconds: int) -> str:
    """The time of the day, with seconds only where there are some."""
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


class Days(Form):
    """A set of days of the week, in the order of the week."""

    def option(self) -> dict[str, t.Any]:
        return {"type": "list", "elements": "str", "choices": list(DAYS)}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        one = Choice(DAYS)
        found = {one.canonical(day, at, problems) for day in listed(value, at, "days", problems)}
        if not found and not problems.any_at(at):
            problems.add(at, "names no day", "leave it out for every day")
        return [day for day in DAYS if day in found]


def windows_overlap(windows: t.Sequence[Mapping[str, t.Any]]) -> str:
    """A day on which two windows hold at once, with both; empty if there is none. ``windows`` are canonical."""
    for index, one in enumerate(windows):
        for other in windows[index + 1 :]:
            days = [day for day in one["days"] if day in other["days"]]
            if days and seconds_of(one["from"]) < seconds_of(other["to"]) and seconds_of(other["from"]) < seconds_of(one["to"]):
                return f"{days[0]} {one['from']}-{one['to']} and {other['from']}-{other['to']}"
    return ""
