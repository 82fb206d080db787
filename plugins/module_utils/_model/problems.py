# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects everything wrong with an input, so that a person reads all of it at once. Knows nothing of entities."""

from __future__ import annotations

import typing as t

from .._errors import Finding, InvalidInput


class Problems:
    """A growing list of findings; ``check`` raises them together."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, where: str, problem: str, fix: str = "") -> None:
        self.findings.append(Finding(where, problem, fix))

    def any_at(self, where: str) -> bool:
        """Whether something was found wrong at this place or inside it."""
        return any(finding.where == where or finding.where.startswith((f"{where}.", f"{where}[")) for finding in self.findings)

    def unknown(self, where: str, word: object, known: t.Iterable[str], what: str = "option", hint: str = "") -> None:
        """Report a word that isn't one of ``known``, with the nearest one as a hint, else ``hint``, else all of them."""
        # Imported here: it takes its time, and only mistakes need it.
        import difflib

        choices = sorted(known)
        near = difflib.get_close_matches(str(word), choices, n=1)
        if near:
            hint = f"did you mean {near[0]!r}?"
        hint = hint or f"known: {', '.join(choices)}"
        self.add(where, f"unknown {what} {word!r}", hint)

    def check(self, cause: str = "", **known: str) -> None:
        """Raise InvalidInput with all findings, if there are any."""
        if self.findings:
            raise InvalidInput(self.findings, cause=cause, **known)
