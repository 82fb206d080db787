# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be right about a security rule as a whole: content against type. Knows no wire format."""

from __future__ import annotations

from .._model.entity import Canonical
from .._model.problems import Problems

FLEX_TYPES = ("critical", "core_infrastructure", "zone", "workload")
TYPES = ("application", "isolation", "quarantine", "shared_service", *FLEX_TYPES)
# The part that holds the rules, per type.
CONTENT = {
    **dict.fromkeys(("application", "quarantine", "shared_service"), "groups"),
    "isolation": "isolations",
    **dict.fromkeys(FLEX_TYPES, "flex_rules"),
}


def check_content(canonical: Canonical, where: str, problems: Problems) -> None:
    """Each type has one part with rules; the others don't belong there."""
    policy_type = canonical.get("type")
    expected = CONTENT.get(str(policy_type))
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


def check_creatable(canonical: Canonical, where: str, problems: Problems) -> None:
    """Quarantine policies come with the site."""
    if canonical.get("type") == "quarantine":
        problems.add(where, "quarantine policies can't be created", "take the name of the one the site has, and change that")
