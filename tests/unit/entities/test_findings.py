"""What can't be right is found before anything is written, all of it at once, with a hint at what was meant."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = "{name: shop, type: application, mode: enforce, "
WEB = "secured: {categories: {AppTier: Web}}"


def entry(text: str) -> str:
    return f"{HEAD}groups: [{{{WEB}, inbound: [{text}]}}]}}"


def isolation(text: str) -> str:
    return f"{{name: iso, type: isolation, mode: enforce, isolations: [{text}]}}"


@pytest.mark.parametrize(("text", "where", "problem", "hint"), [
    (f"{HEAD}groups: [{{secured: {{AppTier: Web}}, intra: allow}}]}}", "groups[0].secured", "holds no selector", "write {categories: {AppTier: Web}}"),
    (f"{HEAD}groups: [{{secured: {{}}, intra: allow}}]}}", "groups[0].secured", "has nothing", "exactly one of categories"),
    (f"{HEAD}groups: [{{secured: {{categories: {{A: b}}, entity_group: x}}, intra: allow}}]}}", "groups[0].secured", "categories and entity_group", ""),
    (f"{HEAD}groups: [{{{WEB}}}]}}", "groups[0]", "has neither intra nor inbound nor outbound", "from: none"),
    (f"{HEAD}groups: [{{{WEB}, intra: alow}}]}}", "groups[0].intra.action", "unknown value 'alow'", "did you mean 'allow'?"),
    (f"{HEAD}groups: [{{{WEB}, intra: {{action: allow, services: []}}}}]}}", "groups[0].intra", "has services []", "leave them out to mean all"),
    (f"{HEAD}groups: [{{{WEB}, inbuond: []}}]}}", "groups[0]", "unknown option 'inbuond'", "did you mean 'inbound'?"),
    (entry("{from: {AppTier: Web}, ports: 1}"), "inbound[0].from", "holds no selector", "write {categories: {AppTier: Web}}"),
    (entry("{from: {categorys: {AppTier: Web}}, ports: 1}"), "inbound[0].from", "unknown option 'categorys'", "did you mean 'categories'?"),
    (entry("{from: 10.0.0.0/8, ports: 1}"), "inbound[0].from", "unknown word '10.0.0.0/8'", "{cidr: 10.0.0.0/8}"),
    (entry("{from: al, ports: 1}"), "inbound[0].from", "unknown word 'al'", ""),
    (entry("{from: [any], ports: 1}"), "inbound[0].from", "is a list", "one entry per peer"),
    (entry("{from: {}, ports: 1}"), "inbound[0].from", "is empty", "write any, none"),
    (entry("{from: {categories: {A: b}, subnet_categories: {A: b}}, ports: 1}"), "inbound[0].from", "a side of a rule takes one of them", ""),
    (entry("{from: {cidr: [10.0.0.0/8, 11.0.0.0/8]}, ports: 1}"), "inbound[0].from.cidr", "several IPv4 prefixes", "use an address group"),
    (entry("{from: {cidr: 10.0.0.1-10.0.0.9}, ports: 1}"), "inbound[0].from.cidr", "is a range", "use an address group"),
    (entry("{from: {cidr: 10.0.0.300}, ports: 1}"), "inbound[0].from.cidr", "does not appear to be an IPv4 or IPv6 network", ""),
    (entry("{from: {categories: {A: true}}, ports: 1}"), "from.categories.A", "True is not a category value", "quote it"),
    (entry("{from: any}"), "inbound[0]", "'services' is missing", ""),
    (entry("{ports: 443}"), "inbound[0]", "'from' is missing", ""),
    (entry("{from: any, ports: 443, services: [udp/53]}"), "inbound[0]", "has services and ports", "write all of them as services"),
    (entry("{from: any, ports: http}"), "inbound[0].ports", "'http' is neither a port nor a range", "write 443"),
    (entry("{from: any, ports: 70000}"), "inbound[0].services", "'70000' is not a number from 0 to 65535", ""),
    (entry("{from: any, ports: 9-8}"), "inbound[0].services", "ends before it starts", ""),
    (entry("{from: any, protocol: icmp}"), "inbound[0].protocol", "unknown protocol 'icmp'", "services: [icmp/8]"),
    (entry("{from: any, services: 443}"), "inbound[0].services", "'443' is no service", "tcp/443 or ports: 443"),
    (entry("{from: any, services: 'group:'}"), "inbound[0].services", "needs the name of a service group", ""),
    (entry("{from: any, ports: 1, description: 'a, b'}"), "inbound[0].description", "has characters that the API refuses", "no comma"),
    (entry(f"{{from: any, ports: 1, name: {'x' * 65}}}"), "inbound[0].name", "has 65 characters, 64 are allowed", ""),
    (f"{HEAD}groups: [{{{WEB}, bidirectional: [{{from: any, ports: 1}}]}}]}}", "bidirectional[0]", "has only 'from'", "under inbound"),
    (
        f"{HEAD}groups: [{{{WEB}, bidirectional: [{{from: any, to: any, ports: 1, network_function: fw}}]}}]}}",
        "bidirectional[0]", "MIC-30108", "two entries",
    ),
    (isolation("{between: [{categories: {E: a}}]}"), "isolations[0].between", "at least two different groups", ""),
    (isolation("{between: [{categories: {E: a}}, {categories: {E: [a]}}]}"), "isolations[0].between", "at least two different groups", ""),
    (isolation("{between: [{entity_group: a}, {entity_group: b}], kind: two_env}"), "isolations[0].kind", "exactly two groups of VM", "multi_env"),
    (f"{HEAD}isolations: [{{between: [{{categories: {{E: a}}}}, {{categories: {{E: b}}}}]}}]}}", ".isolations", "type application", "write groups"),
    (f"{HEAD}priority: 3}}", ".priority", "type application", "only critical"),
    ("{name: x, type: zone, mode: save, priority: 351}", ".priority", "from 1 to 350", ""),
    (f"{HEAD}scope: vlan}}", ".scope", "unknown word 'vlan'", "did you mean 'vlans'?"),
    (f"{HEAD}scope: {{vpcs: [a], vpc_categories: {{A: b}}}}}}", ".scope", "vpcs and vpc_categories", "exactly one"),
    (f"{HEAD}hit_logs: true}}", "", "unknown option 'hit_logs'", "did you mean 'hit_log'?"),
    (f"{HEAD}hit_log: 1}}", ".hit_log", "neither true nor false", ""),
    (f"{HEAD}description: 'a/b'}}", ".description", "has characters that the API refuses", ""),
    ("{name: -x, type: application, mode: save}", ".name", "has characters that the API refuses", ""),
    (f"{{name: {'x' * 64}, type: application, mode: save}}", ".name", "has 64 characters, 63 are allowed", ""),
    ("{name: x, mode: save}", "", "'type' is missing", ""),
    ("{name: x, type: application}", "", "'mode' is missing", ""),
    ("{name: x, type: shared-service, mode: save}", ".type", "unknown value 'shared-service'", "did you mean 'shared_service'?"),
])
def test_each_mistake_is_told_where_it_is_and_what_was_meant(rule: Any, text: str, where: str, problem: str, hint: str) -> None:
    (finding,) = rule.findings(text)
    place, _colon, rest = finding.partition(": ")
    assert place.endswith(where)
    assert problem in rest
    assert hint in rest


def test_everything_wrong_is_found_at_once(rule: Any) -> None:
    text = f"{{name: -x, type: aplication, mode: on_, scope: vlan, groups: [{{{WEB}, inbound: [{{form: any, services: 443}}]}}]}}"
    findings = "\n".join(rule.findings(text))
    for part in (".name", ".type", ".mode", ".scope", "unknown option 'form'", "'from' is missing", "'443' is no service"):
        assert part in findings


def test_a_quarantine_policy_can_be_changed_but_not_created(rule: Any) -> None:
    text = "{name: quarantine, type: quarantine, mode: enforce}"
    assert rule.findings(text) == []
    assert "can't be created" in rule.findings(text, new=True)[0]


@pytest.mark.parametrize(("member", "problem"), [
    ("{categories: {A: b}, vms: [x]}", "has categories and vms; it takes exactly one"),
    ("{}", "has nothing; it takes exactly one"),
    ("{vm_name: {starts_with: a, ends_with: b}}", "has starts_with and ends_with"),
    ("{addresses: ['2001:db8::1']}", "is IPv6, the API takes only IPv4 here"),
    ("{kubernetes: {what: pod, by: name, names: [x]}}", "did you mean 'pods'?"),
    ("{kubernetes: {what: pods, by: name}}", "'names' is missing"),
    ("{fqdns: []}", "is empty"),
    ("{vm: [x]}", "unknown option 'vm'"),
])
def test_a_member_is_one_selector(entity_group: Any, member: str, problem: str) -> None:
    assert problem in " ".join(entity_group.findings(f"{{name: g, members: [{member}]}}"))


@pytest.mark.parametrize("service", ["any", "group:x"])
def test_a_service_group_holds_protocols_only(service_group: Any, service: str) -> None:
    assert "can't stand in a service group" in service_group.findings(f"{{name: g, services: ['{service}']}}")[0]


@pytest.mark.parametrize("junk", ["1", "x", "[1, [2]]", "{a: {b: c}}", "true", "2026-01-01", "[null]", "{1: 2}", "1.5", "''", "[[]]", "{}"])
def test_no_input_is_answered_with_a_traceback(rule: Any, entity_group: Any, address_group: Any, junk: str) -> None:
    for field in ("groups", "isolations", "flex_rules", "scope", "mode", "priority", "description", "type", "hit_log"):
        rule.findings(f"{{name: x, {field}: {junk}}}")
    for place in ("secured", "intra", "inbound", "bidirectional"):
        rule.findings(f"{{name: x, groups: [{{{place}: {junk}}}]}}")
    for place in ("from", "services", "ports", "protocol", "network_function", "name", "log"):
        rule.findings(entry(f"{{{place}: {junk}}}"))
    for place in ("categories", "cidr", "address_groups", "entity_group"):
        rule.findings(entry(f"{{from: {{{place}: {junk}}}}}"))
    for place in ("categories", "vms", "vm_name", "addresses", "fqdns", "kubernetes"):
        entity_group.findings(f"{{name: x, members: [{{{place}: {junk}}}]}}")
    address_group.findings(f"{{name: x, addresses: {junk}}}")


@pytest.mark.parametrize(("minor", "refused"), [((4, 2), False), ((4, 3), True), (None, True)])
def test_an_entry_may_hold_what_the_target_still_takes(rule: Any, minor: Any, refused: bool) -> None:
    assert bool(rule.findings(entry("{from: any, ports: 1, description: 'web, https'}"), minor=minor)) is refused


@pytest.mark.parametrize(("value", "minor", "refused"), [
    ("a:b", (4, 0), False), ("a:b", (4, 1), False), ("a:b", (4, 2), True), ("a:b", None, True),
    ("a,b", (4, 0), False), ("a,b", (4, 1), True), ("$a", (4, 0), True), ("a$", None, False), ("a/b", (4, 0), True), ("", (4, 0), True),
])
def test_a_category_may_hold_what_the_target_still_takes(category: Any, value: str, minor: Any, refused: bool) -> None:
    assert bool(category.findings(f"{{key: K, value: '{value}'}}", minor=minor)) is refused
