# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs that recovery jobs made are known by their ids, whatever they are called and whatever else has their names."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.moved_vms import Recovered, as_recovered

BEFORE = [{"name": "db-1", "ext_id": "old"}]
MOVED = [Recovered("db-1", "old", "new")]


@pytest.mark.parametrize(
    ("claim", "here", "moved", "expected"),
    [
        ("called the same", [("db-1", "new")], MOVED, [("db-1", "new")]),
        ("called otherwise now", [("db-1-copy", "new"), ("web-1", "w")], MOVED, [("db-1", "new"), ("web-1", "w")]),
        ("an old copy has its name", [("db-1", "stale"), ("db-1", "new")], MOVED, [("db-1", "new")]),
        ("nothing was moved, two of a name stay", [("db-1", "a"), ("db-1", "b")], [], [("db-1", "a"), ("db-1", "b")]),
        ("not known before, so by the name that the job tells", [("db-2", "n2"), ("db-2", "stale")], [Recovered("db-2", "o2", "n2")], [("db-2", "n2")]),
        ("it isn't there", [("db-1", "stale")], MOVED, [("db-1", "stale")]),
    ],
)
def test_each_is_found(claim: str, here: list[tuple[str, str]], moved: list[Recovered], expected: list[tuple[str, str]]) -> None:
    vms: list[dict[str, Any]] = [{"name": name, "ext_id": ext_id} for name, ext_id in here]
    assert [(vm["name"], vm["ext_id"]) for vm in as_recovered(vms, moved, BEFORE)] == expected, claim
