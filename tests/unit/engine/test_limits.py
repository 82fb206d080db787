# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan tells which VMs it secures differently, and is refused when these, or its deletes, are more than was allowed."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.limits import BlastRadius, after_plan, blast_radius, check_limits
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.plan import Plan, Step
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map import Limits
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import SafetyLimit


def shop(mode: str, tier: str = "Web") -> dict:
    return {"name": "shop", "type": "application", "mode": mode, "scope": "vlans", "groups": [{"secured": {"categories": {"AppTier": tier}}, "intra": "allow"}]}


def vm(name: str, *categories: str, advanced: bool = True) -> dict:
    nic = {"subnet": "web", "kind": "vlan", "advanced": advanced, "vpc": "", "ip": "10.1.1.1", "subnet_categories": [], "vpc_categories": []}
    return {"name": name, "ext_id": f"id-{name}", "power": "on", "cluster": "c", "categories": list(categories), "nics": [nic]}


VMS = [vm("web-1", "AppTier/Web"), vm("web-2", "AppTier/Web"), vm("app-1", "AppTier/App"), vm("old", "AppTier/Web", advanced=False)]


def step(verb: str, before, after) -> Plan:
    return Plan((Step(verb, "security_rule", "shop", before, after),))


@pytest.mark.parametrize(
    ("current", "plan", "names"),
    [
        ([], step("create", None, shop("enforce")), ("web-1", "web-2")),
        ([], step("create", None, shop("save")), ()),
        ([shop("save")], step("update", shop("save"), shop("enforce")), ("web-1", "web-2")),
        ([shop("monitor")], step("update", shop("monitor"), shop("enforce")), ("web-1", "web-2")),
        ([shop("enforce")], step("update", shop("enforce"), shop("enforce", "App")), ("app-1", "web-1", "web-2")),
        ([shop("enforce")], step("update", shop("enforce"), {**shop("enforce"), "description": "x"}), ()),
        ([shop("enforce")], step("delete", shop("enforce"), None), ("web-1", "web-2")),
        ([shop("enforce")], Plan(()), ()),
    ],
)
def test_the_vms_that_a_plan_secures_differently_are_named(current, plan, names):
    found = blast_radius(plan, {"security_rule": current}, VMS)
    assert found.names == names
    assert found.as_result() == {"vms": 4, "changed": len(names), "percent": 25 * len(names), "deletes": plan.count("delete"), "names": list(names)}


def test_objects_after_the_plan_are_those_it_leaves_and_those_it_writes():
    category = {"key": "A", "value": "b"}
    current = {"security_rule": [shop("save"), {**shop("save"), "name": "other"}], "category": [category]}
    plan = Plan((Step("delete", "category", "A/b", category, None), *step("update", shop("save"), shop("enforce")).steps))
    assert after_plan(plan, current) == {"security_rule": [{**shop("save"), "name": "other"}, shop("enforce")]}


def test_one_of_a_thousand_is_not_nothing_and_no_vm_is_no_danger():
    assert BlastRadius(1000, ("a",), 0).percent == 1
    assert BlastRadius(0, (), 0).percent == 0


def test_every_limit_that_is_passed_is_named():
    with pytest.raises(SafetyLimit) as error:
        check_limits(BlastRadius(4, ("web-1", "web-2"), 11), Limits(25, 10), site="south")
    assert str(error.value) == (
        "plan on south: 2 of 4 VMs (50 %, allowed 25 %) would be secured differently: web-1, web-2; 11 objects would be deleted (allowed 10). "
        "Look at the plan with --check --diff, then raise the limit for this run"
    )
    check_limits(BlastRadius(4, ("web-1",), 10), Limits(25, 10), site="south")
