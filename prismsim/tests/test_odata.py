# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter grammar by table: what matches, what does not, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from prismsim.odata import ODataError, compile_filter, compile_order, read

DOCUMENT: dict[str, Any] = {
    "name": "it's",
    "type": "USER",
    "size": 7,
    "on": True,
    "createdTime": "2026-01-02T03:04:05.600Z",
    "tags": ["a", "b"],
    "entities": [{"extId": "1", "rel": "x"}, {"extId": "2", "rel": "y"}],
    "cluster": {"extId": "569a018e-18ac-4813-b00f-2aa0d0005042"},
}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("name eq 'it''s'", True),
        ("name ne 'x' and size ge 7 and size lt 8", True),
        ("size gt 7 or on", True),
        ("not on", False),
        ("not (on and size eq 7) or size in (1, 7)", True),
        ("type eq Prism.Config.CategoryType'USER'", True),
        ("tags/any(t:t eq 'b')", True),
        ("tags/all(t:t eq 'b')", False),
        ("entities/any(e:e/extId eq '2' and e/rel eq 'y')", True),
        ("entities/any(e:e/extId eq '1' and e/rel eq 'y')", False),
        ("cluster/extId eq '569a018e-18ac-4813-b00f-2aa0d0005042'", True),
        ("createdTime gt 2026-01-02T03:04:05Z and createdTime lt 2026-01-02T03:04:06Z", True),
        ("missing eq null", True),
        ("missing gt 3", False),
        ("size gt 'text'", False),
        ("contains(name,'t''s') and startswith(name,'it') and endswith(name,'s')", True),
        ("name", False),
        ("a eq 1 and b eq 2 or size eq 7", True),
        ("size eq 7 or a eq 1 and b eq 2", True),
    ],
)
def test_filter(text: str, matches: bool) -> None:
    assert compile_filter(text, None)(DOCUMENT) is matches


@pytest.mark.parametrize(
    "text",
    ["", "name eq", "eq 'x'", "name eq 'x", "name like 'x'", "(name eq 'x'", "name eq 'x')", "length(name) eq 1",
     "name eq 'x' 'y'", "tags/any(t)", "tags/any(:t eq 1)", "name in 'x'", "name eq #"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ODataError):
        compile_filter(text, None)


def test_fields_that_are_not_allowed() -> None:
    allowed = frozenset({"name", "entities/extId"})
    compile_filter("entities/any(e:e/extId eq '1')", allowed)
    for text in ("size eq 7", "entities/any(e:e/rel eq 'x')", "tags/any(t:t eq 'a')"):
        with pytest.raises(ODataError):
            compile_filter(text, allowed)


def test_order_and_paths() -> None:
    assert compile_order("name, size desc", None) == [("name", False), ("size", True)]
    with pytest.raises(ODataError):
        compile_order("name downwards", None)
    assert read(DOCUMENT, "entities/rel") == ["x", "y"]
    assert read(DOCUMENT, "name/of") is None
