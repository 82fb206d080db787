# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How one value is written in our language: its option, its canonical form, what it refers to. Knows no wire format."""

from __future__ import annotations

import re
import typing as t

from .directory import Reference
from .problems import Problems

Minor = tuple[int, int]


class Form:
    """Base: any scalar, taken as it is."""

    type = "str"

    def option(self) -> dict[str, t.Any]:
        """The Ansible option without its name."""
        return {"type": self.type}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        """The one spelling of ``value``; what is wrong with it goes to ``problems`` under the path ``at``."""
        return value

    def references(self, value: t.Any) -> t.Iterator[Reference]:
        """Everything ``value`` (canonical) names."""
        return iter(())


class Text(Form):
    """A string; ``pattern`` and ``longest`` are the server's, checked before the first write. Blanks around it say nothing
    unless it is ``exact``."""

    def __init__(self, *, longest: int | None = None, pattern: str | None = None, allowed: str = "", exact: bool = False) -> None:
        self.longest = longest
        self.exact = exact
        self.pattern = pattern
        self.allowed = allowed

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, (str, int, float)) or isinstance(value, bool):
            problems.add(at, f"{value!r} is not a text")
            return ""
        text = str(value) if self.exact else str(value).strip()
        if self.longest is not None and len(text) > self.longest:
            problems.add(at, f"has {len(text)} characters, {self.longest} are allowed")
        if text and self.pattern and not re.match(self.pattern, text):
            problems.add(at, f"{text!r} has characters that the API refuses", self.allowed)
        return text


class Choice(Form):
    """One word out of a few; ``since`` says which words came with a later API minor."""

    def __init__(self, words: t.Sequence[str], *, since: t.Mapping[str, Minor] | None = None) -> None:
        self.words = tuple(words)
        self.since = dict(since or {})

    def option(self) -> dict[str, t.Any]:
        return {"type": "str", "choices": list(self.words)}

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if value not in self.words:
            problems.unknown(at, value, self.words, "value")
        return value


class Flag(Form):
    type = "bool"

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if not isinstance(value, bool):
            problems.add(at, f"{value!r} is neither true nor false")
        return value


class Number(Form):
    type = "int"

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, bool) or not isinstance(value, int) or not self.lowest <= value <= self.highest:
            problems.add(at, f"{value!r} is not a number from {self.lowest} to {self.highest}")
        return value


def listed(value: t.Any, at: str, what: str, problems: Problems) -> t.Sequence[t.Any]:
    """One value or several, as several; anything but that is a finding."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return [value]
    problems.add(at, f"{value!r} is not a list of {what}")
    return []
