# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of time as people write them: 15m, 1h, 14d. Knows units; no clock, no calendar."""

from __future__ import annotations

import re
import typing as t

from .form import Form
from .problems import Problems

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
#: A month has no fixed length; it never becomes another unit.
_MONTH = "mo"
_WORDS = {
    "s": ("s", "sec", "second", "seconds"),
    "m": ("m", "min", "minute", "minutes"),
    "h": ("h", "hour", "hours"),
    "d": ("d", "day", "days"),
    "w": ("w", "week", "weeks"),
    _MONTH: ("mo", "month", "months"),
}
_UNIT_OF = {word: unit for unit, words in _WORDS.items() for word in words}
_WRITTEN = re.compile(r"^\s*([1-9][0-9]*)\s*([a-z]+)\s*$")


class Length(t.NamedTuple):
    """So many of a unit: s, m, h, d, w or mo."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


def parse_span(text: str) -> Length:
    """Raises ValueError for anything that is no length of time."""
    match = _WRITTEN.match(text.lower())
    unit = _UNIT_OF.get(match.group(2)) if match else None
    if match is None or unit is None:
        raise ValueError(f"{text!r} is no length of time")
    return Length(int(match.group(1)), unit)


def simplest(length: Length, units: t.Sequence[str]) -> Length:
    """The same length in the largest of some units that holds it whole: 60m is 1h, 2w is 14d where there are no weeks."""
    if length.unit == _MONTH:
        return length
    seconds = length.number * _SECONDS[length.unit]
    fitting = [unit for unit in units if unit in _SECONDS and seconds % _SECONDS[unit] == 0]
    if not fitting:
        return length
    unit = max(fitting, key=lambda known: _SECONDS[known])
    return Length(seconds // _SECONDS[unit], unit)


class Span(Form):
    """A length of time in some units; its canonical form is the shortest way to write it."""

    def __init__(self, units: t.Sequence[str]) -> None:
        self.units = tuple(units)

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        example = f"write 1{self.units[0]} or 3{self.units[-1]}; units are {', '.join(self.units)}"
        try:
            length = simplest(parse_span(str(value)), self.units)
        except ValueError as error:
            problems.add(at, str(error), example)
            return ""
        if length.unit not in self.units:
            problems.add(at, f"{value!r} can't be said in the units that are possible here", example)
        return str(length)
