# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How lengths of time travel as numbers of seconds, both ways."""

from __future__ import annotations

import typing as t

from .codec import Body, Codec, Reader
from .directory import Directory
from .spans import Length, parse_span, simplest

_SECOND = Length(1, "s")
NOTHING = "0"


def seconds_of(span: str) -> int:
    """The seconds of a canonical length of time without months; ``0`` is none. Raises ValueError."""
    if span == NOTHING:
        return 0
    found = simplest(parse_span(span), (_SECOND.unit,))
    if found.unit != _SECOND.unit:
        raise ValueError(f"{span!r} has no fixed length in seconds")
    return found.number


def span_of(seconds: int, units: t.Sequence[str]) -> str:
    """Seconds as a length of time in the largest of some units that holds them whole; in seconds if none does."""
    return str(simplest(Length(seconds, _SECOND.unit), units)) if seconds else NOTHING


class SpanOfSeconds(Codec):
    """A length of time that travels as a number of seconds; none at all is ``0``."""

    def __init__(self, name: str, units: t.Sequence[str]) -> None:
        self.name, self.units = name, tuple(units)

    def encode(self, value: t.Any, directory: Directory) -> Body:
        return {self.name: seconds_of(value)}

    def decode(self, reader: Reader, directory: Directory) -> t.Any:
        seconds = reader.take(self.name)
        return None if seconds is None else span_of(seconds, self.units)
