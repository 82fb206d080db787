# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits come home, are kept, or conflict; and what could not be read is never called equal."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.drift import drift, overall
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.export import select
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.replicate import translated
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.scope import Scope
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.three_way import in_home_words, merge_three
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput, NotRepresentable
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Reference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.unreadable import Unreadable

from .kinds import ENTITIES, group, held, rule
from .test_site_map import MAP

EVERYTHING = Scope()
OLD = rule("r", mode="monitor", type="application")
NEW = {**OLD, "mode": "enforce"}
OTHER = {**OLD, "mode": "save"}
TOLD = {**OLD, "description": "told"}


@pytest.mark.parametrize(
    ("old", "recovery", "primary", "verdict", "result"),
    [
        (OLD, NEW, OLD, "take", NEW),
        (OLD, OLD, NEW, "keep", NEW),
        (OLD, NEW, NEW, "same", None),
        (OLD, NEW, OTHER, "conflict", OTHER),
        (OLD, NEW, TOLD, "take", {**NEW, "description": "told"}),
        (None, NEW, None, "take", NEW),
        (None, None, NEW, "keep", NEW),
        (None, NEW, OTHER, "conflict", OTHER),
        (OLD, None, OLD, "take", None),
        (OLD, OLD, None, "keep", None),
        (OLD, None, NEW, "conflict", NEW),
        (OLD, NEW, None, "conflict", None),
        (OLD, None, None, "same", None),
    ],
)
def test_who_edited_what_decides(old, recovery, primary, verdict, result):
    def one(item):
        return {"security_rule": [item] if item else []}

    merged = merge_three(ENTITIES, one(old), one(recovery), one(primary))
    if verdict == "same":
        assert merged.edits == ()
        return
    assert [(edit.verdict, edit.result) for edit in merged.edits] == [(verdict, result)]
    assert merged.objects() == ({"security_rule": [result]} if verdict == "take" and result else {})
    assert merged.removed() == ({Reference("security_rule", "r")} if verdict == "take" and not result else frozenset())


def test_a_conflict_names_the_fields_of_both_sides():
    merged = merge_three(ENTITIES, {"security_rule": [OLD]}, {"security_rule": [NEW]}, {"security_rule": [OTHER]})
    assert merged.of("conflict")[0].as_result() == {
        "kind": "security_rule", "name": "r", "fields": ["mode"],
        "recovery": [{"at": "mode", "before": "monitor", "after": "enforce"}],
        "primary": [{"at": "mode", "before": "monitor", "after": "save"}],
    }


def test_a_translation_without_a_way_back_is_no_edit():
    site_map = parse_site_map(MAP, "map.yml")

    def there(objects):
        return translated(ENTITIES, objects, site_map, "north", "south")[0]

    def home(objects):
        return translated(ENTITIES, objects, site_map, "south", "north")[0]

    old = {"address_group": [group("g", "10.1.2.3", "10.9.1.1")]}
    now = there(old)
    assert now["address_group"][0]["addresses"] == ["10.2.2.3"]
    assert in_home_words(ENTITIES, old, now, there, home) == old
    now["address_group"][0] = {**now["address_group"][0], "description": "edited"}
    merged = merge_three(ENTITIES, old, in_home_words(ENTITIES, old, now, there, home), old)
    assert merged.objects() == {"address_group": [{**old["address_group"][0], "description": "edited"}]}


def verdicts(expected, here, unreadable=(), scope=EVERYTHING):
    return drift(ENTITIES, {"security_rule": expected}, {"security_rule": here}, unreadable, scope)


@pytest.mark.parametrize(
    ("expected", "here", "status", "verdict"),
    [
        ([OLD], [held("security_rule", OLD)], "equal", "equal"),
        ([OLD], [held("security_rule", NEW)], "differs", "drift"),
        ([OLD], [], "missing", "drift"),
        ([], [held("security_rule", OLD)], "extra", "drift"),
        ([OLD], [held("security_rule", OLD, ext_id="1"), held("security_rule", OLD, ext_id="2")], "cannot_tell", "cannot_tell"),
    ],
)
def test_each_object_has_a_verdict(expected, here, status, verdict):
    found = verdicts(expected, here)
    assert [item.status for item in found] == [status]
    assert overall(found) == verdict


@pytest.mark.parametrize("expected", [[OLD], []])
def test_an_unreadable_object_is_never_called_missing_or_equal(expected):
    hidden = Unreadable("security_rule", "r", "1", NotRepresentable("no words"))
    found = verdicts(expected, [], [hidden])
    assert [(item.status, item.reason) for item in found] == [("cannot_tell", "no words")]
    assert overall([*found, *verdicts([], [held("security_rule", NEW)])]) == "cannot_tell"


def test_what_nobody_declared_and_what_every_site_brings_along_is_no_drift():
    here = [held("security_rule", rule("Quarantine"), system=True), held("security_rule", rule("lab"))]
    assert verdicts([], here, scope=Scope(exclude={"security_rule": ("lab",)})) == []


def selected(*objects, unreadable=(), scope=EVERYTHING, accept=()):
    by_kind: dict[str, list] = {}
    for item in objects:
        by_kind.setdefault(item.kind, []).append(item)
    return select(ENTITIES, by_kind, unreadable, scope, accept=accept, source={}, membership={})


def test_a_baseline_holds_the_scope_and_all_that_it_refers_to():
    content = selected(
        held("security_rule", rule("shop", "used")), held("security_rule", rule("lab", "unused")), held("security_rule", rule("Quarantine"), system=True),
        held("address_group", group("used")), held("address_group", group("unused")),
        held("service_group", {"name": "dns", "services": ["udp/53"]}, system=True),
        scope=Scope(include={"security_rule": ("shop", "Quarantine"), "address_group": ()}),
    )
    names = {kind: [item["name"] for item in items] for kind, items in content.objects.items()}
    assert names == {"security_rule": ["shop"], "address_group": ["used"]} | {"security_rule": ["Quarantine", "shop"]}
    assert content.system == {Reference("security_rule", "Quarantine")}


HIDDEN = [Unreadable("security_rule", name, "1", NotRepresentable(f"{name} has no words")) for name in ("odd", "strange")]


def test_every_object_without_words_is_refused_at_once_or_left_out_by_name():
    with pytest.raises(InvalidInput) as error:
        selected(unreadable=HIDDEN)
    assert len(error.value.findings) == 2
    with pytest.raises(InvalidInput, match="strange has no words"):
        selected(unreadable=HIDDEN, accept=["security_rule/odd"])
    content = selected(unreadable=HIDDEN, accept=["security_rule/odd", "security_rule/strange"])
    assert [item["name"] for item in content.excluded] == ["odd", "strange"]
    assert selected(unreadable=HIDDEN, scope=Scope(include={"security_rule": ("shop",)})).excluded == []


def test_what_is_referred_to_cannot_be_left_out():
    hidden = [Unreadable("address_group", "odd", "1", NotRepresentable("no words"))]
    with pytest.raises(InvalidInput, match="refer to it"):
        selected(held("security_rule", rule("shop", "odd")), unreadable=hidden, accept=["address_group/odd"])


def test_two_objects_of_one_name_make_no_baseline():
    with pytest.raises(InvalidInput, match="is there twice: 1 and 2"):
        selected(held("address_group", group("a"), ext_id="1"), held("address_group", group("a"), ext_id="2"))
