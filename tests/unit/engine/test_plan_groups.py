# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which writes of a plan go side by side, and which wait for which: by what the objects refer to, whatever their kind."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan import CREATE, DELETE, UPDATE, Plan, Step
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan_groups import Group, groups, hindered
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Reference
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Canonical, name_of, read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems

CATEGORY = {"key": "AppType", "value": "Shop"}
ADDRESSES = {"name": "branches", "addresses": ["10.0.0.0/24"]}
SERVICES = {"name": "https-alt", "services": ["tcp/8443"]}
GROUP = {"name": "clinical", "members": [{"categories": {"AppType": "Shop"}}]}


def rule(name: str, **peer: object) -> dict[str, object]:
    entry = {"from": peer or "any", "services": ["tcp/443"]}
    return {"name": name, "type": "application", "mode": "enforce", "groups": [{"secured": {"categories": {"Env": "Prod"}}, "inbound": [entry]}]}


def step(verb: str, kind: str, params: dict[str, object], before: dict[str, object] | None = None) -> Step:
    wanted = canonical(kind, params)
    name = name_of(ENTITIES[kind], wanted)
    if verb == DELETE:
        return Step(verb, kind, name, wanted, None)
    return Step(verb, kind, name, canonical(kind, before) if before else None, wanted)


def canonical(kind: str, params: dict[str, object]) -> Canonical:
    problems = Problems()
    found = read_params(ENTITIES[kind], params, problems)
    problems.check()
    return found


def told(made: list[Group]) -> list[tuple[str, str, list[str], set[int]]]:
    return [(group.verb, group.kind, [one.name for one in group.steps], set(group.needs)) for group in made]


def test_kinds_that_do_not_refer_to_each_other_need_nothing():
    plan = Plan((step(CREATE, "category", CATEGORY), step(CREATE, "address_group", ADDRESSES), step(UPDATE, "service_group", SERVICES)))
    assert told(groups(plan, ENTITIES)) == [
        ("create", "category", ["AppType/Shop"], set()),
        ("create", "address_group", ["branches"], set()),
        ("update", "service_group", ["https-alt"], set()),
    ]


def test_a_rule_waits_for_what_it_refers_to_and_for_nothing_else():
    plan = Plan((
        step(CREATE, "category", CATEGORY),
        step(CREATE, "address_group", ADDRESSES),
        step(CREATE, "entity_group", GROUP),
        step(CREATE, "security_rule", rule("by-address", address_groups=["branches"])),
        step(CREATE, "security_rule", rule("by-group", entity_group="clinical")),
        step(UPDATE, "security_rule", rule("changed")),
        step(CREATE, "security_rule", rule("free")),
    ))  # fmt: skip
    assert told(groups(plan, ENTITIES)) == [
        ("create", "category", ["AppType/Shop"], set()),
        ("create", "address_group", ["branches"], set()),
        ("update", "security_rule", ["changed"], set()),
        ("create", "security_rule", ["free"], set()),
        ("create", "entity_group", ["clinical"], {0}),
        ("create", "security_rule", ["by-address"], {1}),
        ("create", "security_rule", ["by-group"], {4}),
    ]


def test_deletes_wait_for_all_writes_and_for_those_who_may_use_what_goes():
    plan = Plan((
        step(CREATE, "address_group", ADDRESSES),
        step(DELETE, "security_rule", rule("old")),
        step(DELETE, "service_group", SERVICES),
        step(DELETE, "category", CATEGORY),
    ))  # fmt: skip
    assert told(groups(plan, ENTITIES)) == [
        ("create", "address_group", ["branches"], set()),
        ("delete", "security_rule", ["old"], {0}),
        ("delete", "service_group", ["https-alt"], {0, 1}),
        ("delete", "category", ["AppType/Shop"], {0, 1}),
    ]


def test_groups_need_only_groups_before_them_and_keep_every_step():
    plan = Plan((
        step(CREATE, "category", CATEGORY), step(CREATE, "entity_group", GROUP), step(CREATE, "security_rule", rule("r", entity_group="clinical")),
        step(DELETE, "security_rule", rule("old")), step(DELETE, "address_group", ADDRESSES),
    ))  # fmt: skip
    made = groups(plan, ENTITIES)
    assert all(needed < number for number, group in enumerate(made) for needed in group.needs)
    assert sorted(one.reference for group in made for one in group.steps) == sorted(one.reference for one in plan.steps)


def test_what_refers_to_a_failed_object_is_hindered_by_it():
    bad = step(CREATE, "address_group", ADDRESSES)
    rules = (step(CREATE, "security_rule", rule("needs-it", address_groups=["branches"])), step(CREATE, "security_rule", rule("free")))
    group = Group(CREATE, "security_rule", rules, frozenset())
    assert hindered(ENTITIES, group, {}) == {}
    assert hindered(ENTITIES, group, {bad.reference: bad}) == {Reference("security_rule", "needs-it"): Reference("address_group", "branches")}


def test_what_a_failed_update_or_delete_still_uses_is_not_deleted():
    group = Group(DELETE, "address_group", (step(DELETE, "address_group", ADDRESSES),), frozenset())
    uses = rule("keeps", address_groups=["branches"])
    for user in (step(UPDATE, "security_rule", rule("keeps"), before=uses), step(DELETE, "security_rule", uses)):
        assert hindered(ENTITIES, group, {user.reference: user}) == {Reference("address_group", "branches"): Reference("security_rule", "keeps")}
    made = step(CREATE, "security_rule", uses)
    assert hindered(ENTITIES, group, {made.reference: made}) == {}, "what was not created uses nothing"
