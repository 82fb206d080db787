# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan says what has to be done, in an order in which it can be done, or everything that speaks against it."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan import Plan, plan
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan_digest import plan_digest
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.writer import planned_again
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import Ambiguous, InvalidInput, NotRepresentable, TooNew
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import Held
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.unreadable import Unreadable

from .kinds import ENTITIES, MINORS, RULE, directory, group, held, rule


def planned(current=(), desired=(), *, whole=True, remove=lambda item: False, vpcs=(), unreadable=(), minors=None) -> Plan:
    """A plan over rules and address groups; current is a list of Held, desired of (kind, canonical)."""
    by_kind: dict[str, list[Held]] = {"security_rule": [], "address_group": [], "service_group": [], "category": []}
    for item in current:
        by_kind[item.kind].append(item)
    wanted: dict[str, list] = {}
    for kind, canonical in desired:
        wanted.setdefault(kind, []).append(canonical)
    return plan(
        ENTITIES.values(), by_kind, wanted, whole=whole, remove=remove,
        directory=directory(*current, vpcs=vpcs), minors=minors or MINORS, unreadable=unreadable,
    )


def done(result: Plan) -> list[str]:
    return [f"{step.verb} {step.kind} {step.name}" for step in result.steps]


def problems(error: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [str(finding) for finding in error.value.findings]


def test_what_is_as_wanted_needs_no_step():
    result = planned([held("address_group", group("a"))], [("address_group", group("a"))])
    assert not result.changed
    assert [ref.name for ref in result.unchanged] == ["a"]


def test_referred_to_kinds_are_created_first_and_deleted_last():
    result = planned(
        [held("address_group", group("old")), held("security_rule", rule("old", "old"))],
        [("security_rule", rule("new", "new")), ("address_group", group("new"))],
        remove=lambda item: True,
    )
    assert done(result) == [
        "create address_group new", "create security_rule new",
        "delete security_rule old", "delete address_group old",
    ]


@pytest.mark.parametrize(("whole", "description"), [(True, None), (False, "kept")])
def test_a_field_left_out_is_cleared_by_a_baseline_and_kept_by_a_module(whole, description):
    now = held("security_rule", {**rule("r"), "description": "kept"})
    result = planned([now], [("security_rule", {"name": "r", "mode": "enforce"})], whole=whole)
    assert result.steps[0].after.get("description") == description
    assert result.steps[0].reason.startswith("differs in")


def test_two_objects_of_one_name_are_an_error_if_the_plan_touches_them():
    twins = [held("address_group", group("a"), ext_id="1"), held("address_group", group("a"), ext_id="2")]
    with pytest.raises(Ambiguous) as error:
        planned(twins, [("address_group", group("a"))])
    assert error.value.ids == ("1", "2")
    assert not planned(twins, [("address_group", group("b"))]).count("delete")


def test_everything_wrong_is_told_at_once():
    with pytest.raises(InvalidInput) as error:
        planned(
            [held("security_rule", rule("fixed", type="application")), held("service_group", {"name": "dns", "services": ["udp/53"]}, system=True)],
            [
                ("security_rule", rule("fixed", type="isolation")),
                ("security_rule", rule("lost", "nowhere", vpcs=["prod"])),
                ("security_rule", rule("lost2", "nowhere")),
                ("service_group", {"name": "dns", "services": ["udp/5353"]}),
                ("security_rule", {"name": "empty"}),
                ("address_group", group("twice")),
                ("address_group", group("twice", "10.9.0.0/24")),
            ],
        )
    found = problems(error)
    for expected in (
        "security rule 'fixed': type can't be changed",
        "address group 'nowhere': is not on pc-b; used by security rule 'lost', security rule 'lost2'",
        "vpc 'prod': is not on pc-b",
        "service group 'dns': is system-defined on pc-b and differs in services",
        "security rule 'empty': 'mode' is missing",
        "address group 'twice': is wanted twice",
    ):
        assert any(text.startswith(expected) for text in found), (expected, found)


def test_references_to_what_the_same_plan_creates_are_known():
    assert planned(desired=[("security_rule", rule("r", "new")), ("address_group", group("new"))]).count("create") == 2


def test_fields_newer_than_the_target_are_refused_together():
    wanted = [("security_rule", rule(name, color="red")) for name in ("a", "b")]
    with pytest.raises(TooNew) as error:
        planned(desired=wanted)
    assert problems(error)[0] == "security rule 'a' color: needs API 4.3, pc-b speaks 4.2 (leave it out, or upgrade the site)"
    assert len(error.value.findings) == 2
    assert planned(desired=wanted, minors={"microseg": (4, 3), "prism": (4, 3)}).count("create") == 2


def test_a_system_defined_rule_takes_an_update_but_is_never_deleted():
    quarantine = held("security_rule", rule("Quarantine"), system=True)
    assert planned([quarantine], [("security_rule", rule("Quarantine", mode="enforce"))]).count("update") == 1
    with pytest.raises(InvalidInput, match="never deleted"):
        planned([quarantine], remove=lambda item: True)


def test_what_is_still_in_use_is_not_deleted():
    current = [held("address_group", group("a")), held("security_rule", rule("user", "a"))]
    with pytest.raises(InvalidInput, match="can't be deleted, security rule 'user' refers to it"):
        planned(current, remove=lambda item: item.kind == "address_group")
    freed = planned(current, [("security_rule", rule("user"))], remove=lambda item: item.kind == "address_group")
    assert done(freed) == ["update security_rule user", "delete address_group a"]
    with pytest.raises(InvalidInput, match="is deleted by the same plan"):
        planned(current, [("security_rule", rule("user", "a", mode="enforce"))], remove=lambda item: item.kind == "address_group")


def test_an_object_that_is_there_but_unreadable_is_not_created_again():
    hidden = Unreadable("security_rule", "r", "id-r", NotRepresentable("no words for security_rule.x"))
    with pytest.raises(InvalidInput, match="is there but can't be read: no words for"):
        planned(desired=[("security_rule", rule("r"))], unreadable=[hidden])


def test_the_digest_tells_two_plans_apart_and_not_two_runs():
    wanted = [("address_group", group("b")), ("address_group", group("a"))]
    assert plan_digest(planned(desired=wanted)) == plan_digest(planned(desired=wanted[::-1]))
    assert plan_digest(planned(desired=wanted)) != plan_digest(planned(desired=wanted[:1]))


def test_a_step_planned_again_keeps_what_somebody_else_changed_meanwhile():
    now = held("security_rule", rule("r"))
    step = planned([now], [("security_rule", {"name": "r", "mode": "enforce"})], whole=False).steps[0]
    moved = now._replace(canonical={**now.canonical, "description": "theirs"})
    again = planned_again(RULE, step, moved)
    assert again.after == {"name": "r", "description": "theirs", "mode": "enforce"}
    assert planned_again(RULE, step, now._replace(canonical=step.after)) is None
