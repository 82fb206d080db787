# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The isolations of a security rule: groups that may not talk to each other. How they are written; knows no wire format."""

from __future__ import annotations

import typing as t

from .._model.form import Choice
from .._model.problems import Problems
from .._model.struct import Field, ListOf, Struct, without_absent
from .rule_entries import RULE_FIELDS
from .selectors import SECURED, Selector

TWO_ENV, MULTI_ENV = "two_env", "multi_env"


class IsolationForm(Struct):
    """One isolation. Without ``kind`` it is two_env where that is possible."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = super().canonical(value, at, problems)
        between = found.get("between", [])
        if problems.any_at(at):
            return found
        if len(between) < 2:
            problems.add(f"{at}.between", "needs at least two different groups")
        fits = fits_two_env(between)
        if found.setdefault("kind", TWO_ENV if fits else MULTI_ENV) == TWO_ENV and not fits:
            problems.add(f"{at}.kind", "two_env takes exactly two groups of VM categories", "write kind: multi_env")
        return without_absent(self.fields, found)


def fits_two_env(between: t.Sequence[Selector]) -> bool:
    return len(between) == 2 and all(isinstance(group, dict) and "categories" in group for group in between)


ISOLATION_FIELDS = (
    Field("between", ListOf(SECURED), required=True),
    Field("kind", Choice((TWO_ENV, MULTI_ENV))),
    *RULE_FIELDS,
)
ISOLATIONS = ListOf(
    IsolationForm(ISOLATION_FIELDS, example="write {between: [{categories: {Environment: Prod}}, {categories: {Environment: Dev}}]}")
)
