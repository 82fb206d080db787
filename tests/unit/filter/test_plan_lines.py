"""A plan in words says what is created, updated and deleted, kind by kind, and whom it touches."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.filter.plan_lines import plan_lines

NOTHING = {"created": [], "updated": [], "deleted": [], "unchanged": 0}


def test_each_verb_and_kind_has_its_line_with_all_names() -> None:
    summary = {
        "created": ["category/AppTier/Web", "category/AppTier/DB", "security_rule/shop"],
        "updated": ["address_group/branches"],
        "deleted": ["security_rule/old"],
        "unchanged": 12,
    }
    assert plan_lines({"summary": summary}, "south") == [
        "Plan for south",
        "  create 2 categories: AppTier/Web, AppTier/DB",
        "  create 1 security rule: shop",
        "  update 1 address group: branches",
        "  DELETE 1 security rule: old",
        "  leave 12 objects as they are",
    ]


def test_an_empty_plan_says_that_nothing_changes() -> None:
    assert plan_lines({"summary": {**NOTHING, "unchanged": 1}}, "south")[1:] == ["  nothing to do", "  leave 1 object as it is"]


def test_the_blast_radius_names_the_vms() -> None:
    radius = {"vms": 61, "changed": 2, "percent": 3, "deletes": 1, "names": ["web-1", "web-2"]}
    assert plan_lines({"summary": NOTHING, "blast_radius": radius}, "south")[2:] == [
        "  blast radius: 2 of 61 VMs change what secures them (3 %), 1 delete",
        "    they are web-1, web-2",
    ]


def test_a_three_way_plan_tells_whose_edits_win() -> None:
    result = {
        "summary": NOTHING,
        "take": [{"kind": "security_rule", "name": "shop", "fields": ["mode"]}],
        "keep": [{"kind": "address_group", "name": "branches", "fields": ["addresses"]}],
    }
    assert plan_lines(result, "north")[2:] == [
        "  edited on the other site, come over: security_rule/shop",
        "  edited on north only, stay: address_group/branches",
    ]


def test_long_lists_are_wrapped_and_lose_no_name() -> None:
    names = [f"security_rule/policy-number-{number}" for number in range(100)]
    lines = plan_lines({"summary": {**NOTHING, "created": names}}, "south")
    assert max(map(len, lines)) <= 72
    assert all(name.partition("/")[2] in " ".join(lines) for name in names)
