# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an empty listing may mean, and what must not follow from it."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.vanished import check_not_vanished, check_shows_something
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import SafetyLimit

BEFORE = {"security_rule": ["a", "b"], "address_group": ["c"], "category": ["d", "e", "f"]}


def test_a_site_that_shows_nothing_at_all_hides_it() -> None:
    with pytest.raises(SafetyLimit, match="plan on south: the site shows no objects of any kind"):
        check_shows_something({"category": [], "security_rule": []}, verb="plan", site="south")
    check_shows_something({"category": ["AppType/Default"], "security_rule": []}, verb="plan", site="south")


@pytest.mark.parametrize(
    ("now", "named"),
    [
        ({}, "3 category, 2 security rule"),
        ({"category": ["d"], "address_group": ["c"]}, "2 security rule"),
        ({"category": ["d"], "security_rule": ["z"]}, None),
        (BEFORE, None),
    ],
    ids=["everything", "one kind", "the only one of its kind", "nothing"],
)
def test_what_vanished_kind_by_kind(now: dict[str, list[str]], named: str | None) -> None:
    if named is None:
        check_not_vanished(BEFORE, now, verb="export", site="north", otherwise="x")
        return
    with pytest.raises(SafetyLimit, match=f"export baseline on north: the baseline had {named} objects, the site shows none of them"):
        check_not_vanished(BEFORE, now, verb="export", site="north", otherwise="x")
