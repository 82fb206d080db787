# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be right about a security rule as a whole: content against type. Knows no wire format."""

from __future__ import annotations

import re
import typing as t

from .._model.entity import Canonical
from .._model.form import Minor
from .._model.problems import Problems
from .common import DESCRIPTION_ALLOWED, DESCRIPTION_PATTERN
from .security_rule import PART_OF
from .security_rule_flex import FLEX_TYPES
from .security_rule_groups import DIRECTIONS, spell_out


def check_content(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Each type has one part with rules; the others don't belong there."""
    policy_type = canonical.get("type")
    expected = PART_OF.get(str(policy_type))
    if expected is None:
        return
    for part in ("groups", "isolations", "flex_rules"):
        if part != expected and canonical.get(part):
            problems.add(
                f"{where}.{part}",
                f"can't stand in a security rule of type {policy_type}",
                f"write {expected}, or change the type",
            )
    if canonical.get("priority") is not None and policy_type not in FLEX_TYPES:
        problems.add(
            f"{where}.priority", f"can't stand in a security rule of type {policy_type}", f"only {', '.join(FLEX_TYPES)} have one"
        )


def check_creatable(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Quarantine policies come with the site."""
    if canonical.get("type") == "quarantine":
        problems.add(where, "quarantine policies can't be created", "take the name of the one the site has, and change that")


def check_descriptions(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Since 4.3 the server refuses characters in the description of an entry that it took before."""
    if minor is not None and minor < (4, 3):
        return
    for at, entry in each_entry(canonical):
        description = entry.get("description", "")
        if not re.match(DESCRIPTION_PATTERN, description):
            problems.add(f"{where}.{at}.description", f"{description!r} has characters that the API refuses", DESCRIPTION_ALLOWED)


def each_entry(canonical: Canonical) -> t.Iterator[tuple[str, t.Mapping[str, t.Any]]]:
    """Place and content of everything that is one API rule."""
    for index, group in enumerate(canonical.get("groups", [])):
        for part in ("intra", *DIRECTIONS):
            entries = spell_out(group.get("intra")) if part == "intra" else group.get(part, [])
            for number, entry in enumerate(entries):
                yield f"groups[{index}].{part}[{number}]", entry
    for part in ("isolations", "flex_rules"):
        for number, entry in enumerate(canonical.get(part, [])):
            yield f"{part}[{number}]", entry
