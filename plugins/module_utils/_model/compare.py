# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two canonical values, as paths a person can read. Knows no entity."""

from __future__ import annotations

import typing as t


class Change(t.NamedTuple):
    """One difference: where, and the value on either side (None: not there)."""

    at: str
    before: t.Any
    after: t.Any


def changes(before: t.Any, after: t.Any, at: str = "") -> list[Change]:
    """All differences, deepest paths first found, in stable order. Lists of equal things are compared as what was
    removed and what was added; lists that differ in one aligned item are followed into that item."""
    if before == after:
        return []
    if isinstance(before, t.Mapping) and isinstance(after, t.Mapping):
        found: list[Change] = []
        for key in [*before, *(key for key in after if key not in before)]:
            found += changes(before.get(key), after.get(key), f"{at}.{key}" if at else str(key))
        return found
    if isinstance(before, list) and isinstance(after, list):
        return _list_changes(before, after, at)
    return [Change(at, before, after)]


def _list_changes(before: list[t.Any], after: list[t.Any], at: str) -> list[Change]:
    removed = [item for item in before if item not in after]
    added = [item for item in after if item not in before]
    if not removed and not added:
        return [Change(at, before, after)]
    if len(removed) == len(added) and all(isinstance(item, t.Mapping) for item in removed + added):
        found: list[Change] = []
        for one, other in zip(removed, added, strict=True):
            found += changes(one, other, f"{at}[{before.index(one)}]")
        return found
    return [
        *(Change(f"{at}[{before.index(item)}]", item, None) for item in removed),
        *(Change(f"{at}[{after.index(item)}]", None, item) for item in added),
    ]
