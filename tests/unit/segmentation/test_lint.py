"""The lint of one site: each finding where it is planted, and none on the site of the truth table but for what is really odd there."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.lint import CODES, lint
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.look_alikes import one_letter_apart, same_looks
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.site_facts import Fact
from tests.unit.segmentation.truth_fixture import APP, DEV, PROD, WEB, application, group, inbound, isolation, outbound, p3, p3_with, site, vm

TWO = [vm("a", "10.0.0.1", {"T": "Web"}), vm("b", "10.0.0.2", {"T": "App"}), vm("c", "10.0.0.3", {})]


def found(*rules: dict[str, Any], vms: Any = None, categories: Any = (), **groups: Any) -> list[Fact]:
    objects = site(*rules, vms=vms, **groups)
    return [fact for fact in lint(objects, categories) if fact.subject != "address group DNSX"]


def codes(*rules: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(fact.code, fact.severity) for fact in found(*rules, **more)]


def web(*entries: dict[str, Any], out: Any = (), **more: Any) -> dict[str, Any]:
    return application("P", group(WEB, None, entries, out), **more)


ANY_443 = inbound("any", "tcp/443")
CASES = [
    pytest.param([web(ANY_443, inbound({"cidr": ["10.7.0.0/16"]}, "tcp/443"))], ("shadowed", "note"), id="a narrower entry adds nothing"),
    pytest.param([web(ANY_443, inbound({"cidr": ["10.7.0.0/16"]}, "tcp/443")), web(ANY_443)], ("shadowed", "note"), id="the same in two rules"),
    pytest.param(
        [application("P", group(WEB, "deny", [ANY_443, inbound(WEB, "tcp/22")], [outbound(WEB, "tcp/22")]))],
        ("shadowed", "warning"),
        id="an intra deny comes before",
    ),
    pytest.param([web(inbound({"categories": {"T": "Nobody"}}, "tcp/1"), ANY_443)], ("selects_nobody", "note"), id="a peer without VMs"),
    pytest.param(
        [web(ANY_443, out=[outbound(APP, "tcp/1")]), application("Q", group({"categories": {"Quarantine": "Default"}}), kind="quarantine")],
        ("unreachable", "warning"),
        id="the other end is quarantined",
    ),
    pytest.param(
        [web(ANY_443, out=[outbound(APP, "tcp/9")]), application("R", group(APP, None, [inbound("any", "tcp/8")]))],
        ("one_sided", "warning"),
        id="no inbound counterpart",
    ),
    pytest.param([web(inbound(APP, "tcp/9")), application("R", group(APP, None, [ANY_443]))], ("one_sided", "warning"), id="no outbound counterpart"),
    pytest.param([web(ANY_443), application("E", group({"categories": {"T": "Gone"}}))], ("empty_group", "warning"), id="an empty secured group"),
    pytest.param([web(inbound("any", "any"))], ("allow_all", "warning"), id="everything in"),
    pytest.param([web(ANY_443, out=[outbound("any", "any")])], ("allow_all", "note"), id="everything out"),
    pytest.param([web(ANY_443, mode="monitor")], ("left_in_monitor", "warning"), id="left in monitor"),
    pytest.param([web(ANY_443, mode="save")], ("only_saved", "note"), id="only saved"),
]
QUARANTINED = [TWO[0], vm("b", "10.0.0.2", {"T": "App", "Quarantine": "Default"}), TWO[2]]


@pytest.mark.parametrize(("rules", "expected"), CASES)
def test_a_planted_finding_is_found_and_nothing_else(rules: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    for number, rule in enumerate(rules):
        rule["name"] = f"{rule['name']}{number}"
    told = codes(*rules, vms=QUARANTINED if expected[0] == "unreachable" else TWO)
    assert set(told) == {expected}


def test_entries_that_all_decide_are_fine() -> None:
    assert codes(web(ANY_443, inbound("any", "tcp/80"), inbound({"cidr": ["10.7.0.0/16"]}, "tcp/443-444")), vms=TWO) == []
    pair = application("P", group(WEB, None, [], [outbound(APP, "tcp/1")]), group(APP, None, [inbound(WEB, "tcp/1")]))
    assert codes(pair, vms=TWO) == []


def test_the_policy_of_the_truth_table_is_fine() -> None:
    assert codes(p3()) == []


def test_what_comes_before_and_who_lacks_a_counterpart_are_named() -> None:
    (fact,) = found(web(ANY_443, inbound({"cidr": ["10.7.0.0/16"]}, "tcp/443")), vms=TWO)
    assert fact.subject == "security rule P groups[0].inbound[1] (T/Web inbound from 10.7.0.0/16 tcp/443)"
    assert fact.problem == "adds nothing: P groups[0].inbound[0] (T/Web inbound from any tcp/443) always decides before"
    one_sided = [fact for fact in found(p3_with(0, "outbound", outbound(APP, "tcp/9000"))) if fact.code == "one_sided"]
    assert [fact.problem for fact in one_sided] == ["has no inbound counterpart for A1, A2, so P3 denies it there"]


def test_a_monitored_rule_shadows_nothing_that_is_enforced() -> None:
    monitored = isolation("I", WEB, APP, mode="monitor")
    pair = application("P", group(WEB, None, [], [outbound(APP, "tcp/1")]), group(APP, None, [inbound(WEB, "tcp/1")]))
    assert codes(pair, monitored, vms=TWO) == [("left_in_monitor", "warning")]
    assert ("shadowed", "warning") in codes(pair, isolation("I", WEB, APP), vms=TWO)


def test_entries_of_a_monitored_rule_are_looked_at_as_if_it_were_enforced() -> None:
    told = codes(web(ANY_443, inbound({"cidr": ["10.7.0.0/16"]}, "tcp/443"), mode="monitor"), vms=TWO)
    assert ("shadowed", "note") in told


def test_groups_nobody_uses_and_groups_somebody_does() -> None:
    groups = {
        "entity_groups": [{"name": "eg", "members": [{"address_groups": ["DNSX"]}]}, {"name": "spare", "members": []}],
        "service_groups": [{"name": "sg", "services": ["tcp/1"]}, {"name": "old", "services": []}],
    }
    rule = web(inbound({"entity_group": "eg"}, "group:sg"))
    unused = {fact.subject for fact in lint(site(rule, vms=TWO, **groups)) if fact.code == "unused_group"}
    assert unused == {"entity group spare", "service group old"}


@pytest.mark.parametrize(
    ("names", "same", "near"),
    [
        (["App/Web", "App/web"], 1, 0),
        (["App Type/Web", "AppType/Web"], 1, 0),
        (["Env/Pr0d", "Env/Prod"], 1, 0),
        (["Env/Production", "Env/Produktion", "Env/Productions"], 0, 2),
        (["Zone/zone-a", "Zone/zone-b"], 0, 0),
        (["Tier/web1", "Tier/web2", "Tier/app", "Tier/apps"], 0, 0),
        (["A/Production", "B/Produktion"], 0, 0),
    ],
)
def test_look_alikes(names: list[str], same: int, near: int) -> None:
    assert (len(list(same_looks(names))), len(list(one_letter_apart(names)))) == (same, near)


def test_look_alikes_are_found_among_all_categories() -> None:
    assert codes(web(ANY_443), vms=TWO, categories=["T/web"]) == [("look_alike", "warning")]


def test_flex_rules_behind_one_that_takes_all_are_shadowed() -> None:
    def flex(name: str, priority: int, action: str) -> dict[str, Any]:
        return {"name": name, "priority": priority, "action": action, "direction": "in", "from": "any", "to": "any", "services": ["any"]}

    rule = {"name": "F", "type": "workload", "mode": "enforce", "flex_rules": [flex("first", 1, "deny"), flex("last", 2, "allow")]}
    (fact,) = found(rule, vms=TWO)
    assert (fact.code, fact.severity, fact.subject) == ("shadowed", "warning", "security rule F flex_rules[1] (last)")


def test_every_code_has_a_case() -> None:
    tested = {case.values[1][0] for case in CASES} | {"unused_group", "look_alike"}
    assert set(CODES) <= tested


def test_dev_and_prod_isolated_is_fine() -> None:
    assert codes(isolation("I", PROD, DEV)) == []
