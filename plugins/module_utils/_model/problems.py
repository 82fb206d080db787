# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects everything wrong with an input, so that a person reads all of it at once. Knows nothing of entities."""

from __future__ import annotations

import difflib
import typing as t

from .._errors import Finding, InvalidInput


class Problems:
    """A growing list of findings; ``check`` raises them together."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, where: str, problem: str, fix: str = "") -> None:
        self.findings.append(Finding(where, problem, fix))

    def unknown(self, where: str, word: object, known: t.Iterable[str], what: str = "option") -> None:
        """Report a word that isn't one of ``known``, with the nearest one as a hint."""
        choices = sorted(known)
        near = difflib.get_close_matches(str(word), choices, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(choices)}"
        self.add(where, f"unknown {what} {word!r}", hint)

    def check(self, cause: str = "", **known: str) -> None:
        """Raise InvalidInput with all findings, if there are any."""
        if self.findings:
            raise InvalidInput(self.findings, cause=cause, **known)
