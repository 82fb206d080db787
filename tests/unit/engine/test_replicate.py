# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the target should have follows from baseline and map alone; what must not happen is refused before the plan is carried out."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.native_sync import Synced, check_single_master
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan import Plan, Step, plan
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.replicate import Wanted, check_prune, translated, wanted_on_target
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput, SafetyLimit
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Reference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Held

from .kinds import ENTITIES, MINORS, directory, group, held, rule
from .test_site_map import HEAD, MAP

OPEN = MAP.replace("never_touch: {address_groups: [branches]}\n", "")
OBJECTS = {
    "category": [{"key": "Site", "value": "North"}, {"key": "App", "value": "Web"}],
    "address_group": [group("branches", "10.1.64.0/18"), group("dns", "10.1.2.3")],
    "security_rule": [rule("shop", "branches", mode="enforce", vpcs=["prod"]), rule("bank", mode="monitor")],
}


def wanted(target_held=(), *, text=OPEN, objects=None, system=(), retired=(), **options) -> Wanted:
    by_kind: dict[str, list[Held]] = {}
    for item in target_held:
        by_kind.setdefault(item.kind, []).append(item)
    return wanted_on_target(
        ENTITIES, OBJECTS if objects is None else objects, {Reference(*ref) for ref in system}, {Reference(*ref) for ref in retired},
        parse_site_map(text, "map.yml"), "north", "south", by_kind, **options,
    )


def test_names_scopes_and_addresses_are_those_of_the_target():
    found = wanted().objects
    assert found["security_rule"][0]["vpcs"] == ["prod-dr"]
    assert found["address_group"] == [group("branches", "10.7.0.1", "10.8.0.0/16"), group("dns", "10.2.2.3")]
    assert found["category"] == [{"key": "Site", "value": "South"}, {"key": "App", "value": "Web"}]


def test_there_and_back_is_where_it_began():
    site_map = parse_site_map(OPEN, "map.yml")
    there, _notes = translated(ENTITIES, OBJECTS, site_map, "north", "south")
    assert translated(ENTITIES, there, site_map, "south", "north")[0] == OBJECTS


def test_everything_the_map_leaves_open_is_told_at_once():
    objects = {**OBJECTS, "security_rule": [rule("a", vpcs=["lab"]), rule("b", vpcs=["test"])], "address_group": [group("x", "10.0.0.0/15")]}
    with pytest.raises(InvalidInput) as error:
        wanted(objects=objects)
    assert len(error.value.findings) == 3


def test_two_objects_that_would_have_one_name_are_refused():
    objects = {"category": [{"key": "Site", "value": "North"}, {"key": "Site", "value": "South"}]}
    with pytest.raises(InvalidInput, match="what two objects would be called"):
        wanted(objects=objects)


@pytest.mark.parametrize(
    ("stage", "expected"),
    [("", {"shop": "enforce", "bank": "monitor"}), ("save", {"shop": "save", "bank": "save"}), ("monitor", {"shop": "monitor", "bank": "monitor"})],
)
def test_staging_writes_new_rules_weaker_and_never_stronger(stage, expected):
    assert {item["name"]: item["mode"] for item in wanted(stage=stage).objects["security_rule"]} == expected


def test_staging_leaves_the_mode_of_rules_that_are_there():
    here = [held("security_rule", rule("bank", mode="enforce"))]
    found = {item["name"]: item["mode"] for item in wanted(here, stage="save").objects["security_rule"]}
    assert found == {"shop": "save", "bank": "enforce"}


def test_system_defined_objects_are_compared_and_never_created():
    system = [("address_group", "dns"), ("security_rule", "bank")]
    here = [held("address_group", group("dns", "10.99.0.1"), system=True), held("security_rule", rule("bank"), system=True)]
    found = wanted(here, system=system)
    assert [item["name"] for item in found.objects["address_group"]] == ["branches"]
    assert found.compared == (Reference("address_group", "dns"),)
    assert "bank" in [item["name"] for item in found.objects["security_rule"]], "the mode of a quarantine rule is wanted"
    with pytest.raises(InvalidInput) as error:
        wanted(system=system)
    assert len(error.value.findings) == 2


def test_prune_takes_only_what_ancestors_owned_and_the_scope_holds():
    here = [
        held("security_rule", rule("shop-old", mode="enforce")), held("security_rule", rule("lab", mode="enforce")),
        held("security_rule", rule("shop-theirs", mode="enforce")),
    ]
    retired = [("security_rule", "shop-old"), ("security_rule", "lab"), ("security_rule", "shop-gone")]
    found = wanted(here, retired=retired, prune=True)
    assert [item.name for item in here if found.remove(item)] == ["shop-old"]
    assert not any(map(wanted(here, retired=retired).remove, here))
    assert not found.remove(here[0]._replace(system=True))


def test_what_may_never_be_touched_is_left_out_and_named():
    found = wanted(text=MAP)
    assert found.untouched == (Reference("address_group", "branches"),)
    assert [item["name"] for item in found.objects["address_group"]] == ["dns"]


def test_the_digest_of_what_is_approved_does_not_depend_on_how_much_is_done():
    done = [held("address_group", group("dns", "10.2.2.3"))]
    assert wanted().digest("north", "south") == wanted(done).digest("north", "south")
    assert wanted().digest("north", "south") != wanted().digest("north", "south", "security_rule/old")
    old, retired = held("security_rule", rule("shop-old", mode="enforce")), [("security_rule", "shop-old")]
    assert wanted([old], retired=retired, prune=True).digest("x") == wanted(retired=retired, prune=True).digest("x"), "pruned already"
    assert wanted().digest("north", "south") != wanted(stage="save").digest("north", "south")


def deletes(*names: str) -> Plan:
    return Plan(tuple(Step("delete", "security_rule", name, rule(name), None) for name in names))


def test_a_kind_that_vanished_from_the_baseline_is_not_wiped_out():
    nothing = Wanted({"security_rule": []}, frozenset({Reference("security_rule", "a")}), (), (), ())
    with pytest.raises(SafetyLimit, match="has no security rule any more, and 2 would be deleted"):
        check_prune(nothing, deletes("a", "b"), site="south")
    check_prune(nothing._replace(objects={"security_rule": [rule("c")]}), deletes("a", "b"), site="south")


VERIFY_ONLY = HEAD.replace("{name: hospital}", "{policy_transport: verify_only}")


@pytest.mark.parametrize(("text", "refused"), [(HEAD, "native entity sync owns 1"), (VERIFY_ONLY, "verify_only")])
def test_there_is_one_master_only(text, refused):
    site_map = parse_site_map(text, "map.yml")
    with pytest.raises(SafetyLimit, match=refused):
        check_single_master(deletes("a"), [Synced("security_rule", "a", "in_sync")], site_map, site="south")
    check_single_master(Plan(()), [Synced("security_rule", "a", "in_sync")], site_map, site="south")
    check_single_master(deletes("b"), [Synced("security_rule", "a", "in_sync")], parse_site_map(HEAD, "map.yml"), site="south")


def test_the_plan_of_a_replication_converges():
    target = wanted()
    here = [held(kind, item) for kind, items in target.objects.items() for item in items]
    by_kind = {kind: [item for item in here if item.kind == kind] for kind in ENTITIES}
    again = plan(ENTITIES.values(), by_kind, wanted(here).objects, whole=True, directory=directory(*here, vpcs=("prod-dr",)), minors=MINORS)
    assert not again.changed
