"""However a person writes it, the canonical form is one and the same."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = "name: shop\ntype: application\nmode: enforce\n"
WEB = "secured: {categories: {AppType: Shop, AppTier: Web}}"


def group(rest: str, secured: str = WEB) -> str:
    lines = "\n".join(f"    {line}" for line in rest.splitlines())
    return f"{HEAD}groups:\n  - {secured}\n{lines}"


def inbound(entry: str) -> str:
    return group(f"inbound:\n  - {entry}")


@pytest.mark.parametrize("entry", [
    "{from: any, services: [tcp/443]}",
    "{from: any, services: tcp/443}",
    "{from: any, services: [TCP/443]}",
    "{from: any, services: ['tcp/443-443', tcp/443]}",
    "{from: any, ports: 443}",
    "{from: any, ports: '443'}",
    "{from: any, ports: [443]}",
    "{from: any, ports: 443, protocol: tcp}",
    "{from: any, services: [tcp/443], description: ' ', log: false}",
])
def test_one_port_is_one_port(rule: Any, entry: str) -> None:
    assert rule.canonical(inbound(entry))["groups"][0]["inbound"] == [{"from": "any", "services": ["tcp/443"]}]


@pytest.mark.parametrize(("entry", "services"), [
    ("{from: any, ports: 8000-8099, protocol: udp}", ["udp/8000-8099"]),
    ("{from: any, protocol: udp}", ["udp"]),
    ("{from: any, services: [tcp/0-65535]}", ["tcp"]),
    ("{from: any, services: [udp/53, tcp/53, 'group:https-alt', icmp/8/0, icmp]}", ["tcp/53", "udp/53", "icmp", "icmp/8/0", "group:https-alt"]),
    ("{from: any, services: []}", []),
    ("{from: any, services: any}", ["any"]),
])
def test_services_have_one_order_and_one_spelling(rule: Any, entry: str, services: list[str]) -> None:
    assert rule.canonical(inbound(entry))["groups"][0]["inbound"][0]["services"] == services


@pytest.mark.parametrize("peer", [
    "{cidr: 10.0.0.0/8}",
    "{cidr: [10.0.0.0/8]}",
    "{cidr: 10.1.2.3/8}",
])
def test_host_bits_and_lists_of_one_say_nothing(rule: Any, peer: str) -> None:
    assert rule.canonical(inbound(f"{{from: {peer}, ports: 443}}"))["groups"][0]["inbound"][0]["from"] == {"cidr": ["10.0.0.0/8"]}


@pytest.mark.parametrize("secured", [
    "{categories: {AppType: Shop, AppTier: Web}}",
    "{categories: {AppTier: Web, AppType: Shop}}",
    "{categories: {AppTier: [Web], AppType: [Shop, Shop]}}",
])
def test_categories_are_a_set(rule: Any, secured: str) -> None:
    found = rule.canonical(group("intra: allow", f"secured: {secured}"))
    assert found["groups"][0]["secured"] == {"categories": {"AppTier": "Web", "AppType": "Shop"}}


@pytest.mark.parametrize("intra", [
    "allow", "{action: allow}", "[allow]", "[{action: allow}, allow]", "{action: allow, services: any}", "{action: allow, services: [any], name: ''}",
])
def test_intra_is_written_as_short_as_it_can(rule: Any, intra: str) -> None:
    assert rule.canonical(group(f"intra: {intra}"))["groups"][0]["intra"] == "allow"


def test_intra_keeps_what_is_more_than_a_word(rule: Any) -> None:
    found = rule.canonical(group("intra: [deny, {action: allow, ports: 22, log: true}]"))
    assert found["groups"][0]["intra"] == [{"action": "allow", "services": ["tcp/22"], "log": True}, "deny"]


def test_groups_that_secure_the_same_are_one_group(rule: Any) -> None:
    once = rule.canonical(group("intra: allow\ninbound: [{from: any, ports: 443}]\noutbound: [{to: none, services: any}]"))
    twice = rule.canonical(
        f"{HEAD}groups:\n  - {WEB}\n    outbound: [{{to: none, services: any}}]\n    intra: allow\n"
        "  - secured: {categories: {AppTier: Web, AppType: Shop}}\n    inbound: [{from: any, ports: 443}]\n"
    )
    assert once == twice


def test_entries_have_no_order(rule: Any) -> None:
    one = rule.canonical(group("inbound: [{from: any, ports: 443}, {from: {cidr: 10.0.0.0/8}, ports: 22}]"))
    other = rule.canonical(group("inbound: [{from: {cidr: 10.0.0.0/8}, ports: 22}, {from: any, ports: 443}]"))
    assert one == other


def test_flex_rules_stand_in_order_of_priority(rule: Any) -> None:
    head = "name: dns\ntype: zone\nmode: monitor\nflex_rules:\n"
    line = "  - {{action: allow, direction: in, from: any, to: none, services: any{}}}\n"
    found = rule.canonical(head + line.format("") + line.format(", priority: 20") + line.format(", priority: 3"))
    assert [one.get("priority") for one in found["flex_rules"]] == [3, 20, None]


@pytest.mark.parametrize(("between", "kind"), [
    ("[{categories: {Environment: Prod}}, {categories: {Environment: Dev}}]", "two_env"),
    ("[{categories: {Environment: Dev}}, {categories: {Environment: Prod}}]", "two_env"),
    ("[{categories: {Environment: Dev}}, {entity_group: prod}]", "multi_env"),
    ("[{categories: {Zone: a}}, {categories: {Zone: b}}, {categories: {Zone: c}}]", "multi_env"),
    ("[{subnet_categories: {Zone: a}}, {subnet_categories: {Zone: b}}]", "multi_env"),
])
def test_an_isolation_is_of_two_environments_where_that_is_possible(rule: Any, between: str, kind: str) -> None:
    found = rule.canonical(f"name: iso\ntype: isolation\nmode: enforce\nisolations: [{{between: {between}}}]")
    assert found["isolations"][0]["kind"] == kind


def test_isolated_groups_have_no_order(rule: Any) -> None:
    head = "name: iso\ntype: isolation\nmode: enforce\nisolations:\n"
    one = rule.canonical(head + "  - between: [{categories: {Environment: Prod}}, {categories: {Environment: Dev}}]")
    other = rule.canonical(head + "  - between: [{categories: {Environment: Dev}}, {categories: {Environment: Prod}}]")
    assert one == other


@pytest.mark.parametrize(("scope", "canonical"), [
    ("", "vlans"),
    ("scope: vlans", "vlans"),
    ("scope: {vpcs: prod}", {"vpcs": ["prod"]}),
    ("scope: {vpcs: [prod, prod]}", {"vpcs": ["prod"]}),
    ("scope: {vpc_categories: {Zone: [DMZ]}}", {"vpc_categories": {"Zone": "DMZ"}}),
])
def test_scope_is_vlans_unless_given(rule: Any, scope: str, canonical: Any) -> None:
    assert rule.canonical(f"{HEAD}{scope}")["scope"] == canonical


@pytest.mark.parametrize("addresses", [
    "[10.0.0.5, 10.0.1.0/24, 10.0.2.1-10.0.2.9]",
    "[10.0.2.1 - 10.0.2.9, 10.0.1.7/24, 10.0.0.5/32, 10.0.0.5]",
    "[10.0.0.5-10.0.0.5, 10.0.1.0/24, 10.0.2.1-10.0.2.9]",
])
def test_addresses_are_a_set_in_one_order(address_group: Any, addresses: str) -> None:
    assert address_group.canonical(f"name: a\naddresses: {addresses}")["addresses"] == ["10.0.0.5", "10.0.1.0/24", "10.0.2.1-10.0.2.9"]


@pytest.mark.parametrize(("written", "canonical"), [
    ("2001:DB8:0::1", "2001:db8::1"),
    ("2001:db8::/32", "2001:db8::/32"),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
    ("::ffff:a00:1", "::ffff:10.0.0.1"),
])
def test_ipv6_has_one_spelling_whatever_python_runs(address_group: Any, written: str, canonical: str) -> None:
    assert address_group.canonical(f"name: a\naddresses: ['{written}']")["addresses"] == [canonical]


def test_members_of_an_entity_group_are_a_set(entity_group: Any) -> None:
    one = entity_group.canonical("{name: g, members: [{vms: [b, a]}, {addresses: 10.0.0.9}, {vm_name: {starts_with: web-}}]}")
    other = entity_group.canonical("{name: g, members: [{vm_name: {starts_with: web-}}, {addresses: [10.0.0.9/32]}, {vms: [a, b, a]}]}")
    assert one == other


def test_a_category_keeps_its_blanks_since_the_server_does(category: Any) -> None:
    assert category.canonical("{key: Zone, value: 'a '}") == {"key": "Zone", "value": "a "}
