"""Each entity's modules through a whole life: create, again, change, check, diff, list, absent, absent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.play import connection_of, play

MINIMAL = Path(__file__).parents[2] / "prismsim" / "estates" / "minimal.yml"
WRITES = ("POST", "PUT", "DELETE", "PATCH")

# kind: plural, what is created, what is changed afterwards, and another one for the plural module
LIVES: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "category": (
        "categories",
        {"key": "Life", "value": "First", "description": "born"},
        {"description": "changed"},
        {"key": "Life", "value": "Second"},
    ),
    "address_group": (
        "address_groups",
        {"name": "life-one", "addresses": ["10.9.0.0/16", "10.8.0.1-10.8.0.9"]},
        {"addresses": ["10.9.0.0/16", "2001:db8::/64"]},
        {"name": "life-two", "addresses": ["10.7.0.1"]},
    ),
    "service_group": (
        "service_groups",
        {"name": "life-one", "services": ["tcp/443", "icmp/8/0"]},
        {"services": ["tcp/443", "udp/53", "icmpv6"]},
        {"name": "life-two", "services": ["tcp"]},
    ),
    "entity_group": (
        "entity_groups",
        {"name": "life-one", "members": [{"categories": {"AppType": "Shop"}}]},
        {"members": [{"categories": {"AppType": "Shop"}}, {"addresses": ["10.9.0.0/24"]}], "exceptions": [{"addresses": ["10.9.0.9"]}]},
        {"name": "life-two", "members": [{"address_groups": ["branch-offices"]}]},
    ),
    "protection_policy": (
        "protection_policies",
        {
            "name": "life-one",
            "categories": {"AppType": "Shop", "AppTier": ["Web", "App"]},
            "locations": [{"name": "north", "prism_central": "pc-north", "primary": True}, {"name": "south", "prism_central": "pc-south"}],
            "schedules": [{"between": ["north", "south"], "rpo": "60m", "start": "15:30", "retention": {"local": 2, "remote": 3}}],
        },
        {"schedules": [{"between": ["north", "south"], "rpo": "4h", "rollup": {"local": {"every": "day", "keep": 7}}}]},
        {
            "name": "life-two",
            "locations": [{"name": "here", "prism_central": "pc-north", "clusters": ["north-ahv"], "primary": True}],
            "schedules": [{"from": "here", "rpo": "1d", "consistency": "application", "retention": {"local": 5}}],
        },
    ),
    "recovery_plan": (
        "recovery_plans",
        {
            "name": "life-one",
            "primary": {"prism_central": "pc-north"},
            "recovery": {"prism_central": "pc-south"},
            "stages": [{"vms": ["db-1"], "delay": "60s"}, {"priority": 2, "categories": {"AppTier": ["App", "Web"]}}],
            "recovery_settings": [{"vm": "db-1", "power": "off"}, {"category": "AppTier/Web", "script_timeout": "2m"}],
        },
        {"description": "changed", "stages": [{"vms": ["db-1"], "delay": "2m"}, {"priority": 2, "categories": {"AppTier": "Web"}}], "recovery_settings": []},
        {"name": "life-two", "primary": {"prism_central": "pc-south"}, "recovery": {"prism_central": "pc-north"}, "stages": [{"vms": ["dns-1"]}]},
    ),
    "security_rule": (
        "security_rules",
        {
            "name": "life-one",
            "type": "application",
            "mode": "monitor",
            "groups": [
                {
                    "secured": {"categories": {"AppTier": "DB"}},
                    "intra": "allow",
                    "inbound": [
                        {"from": {"categories": {"AppTier": "App"}}, "ports": 5432},
                        {"from": {"address_groups": ["branch-offices"]}, "services": ["group:shop-api", "icmp"], "description": "branches"},
                    ],
                }
            ],
        },
        {"mode": "enforce", "hit_log": True},
        {
            "name": "life-two",
            "type": "isolation",
            "mode": "monitor",
            "isolations": [{"between": [{"categories": {"AppType": "Shop"}}, {"categories": {"Environment": "Testing"}}]}],
        },
    ),
}


@pytest.fixture(scope="module")
def prism() -> Iterator[Running]:
    with running(MINIMAL) as world:
        yield world


def key_of(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("key", "value", "name") if name in item}


@pytest.mark.parametrize("kind", LIVES)
def test_a_module_creates_changes_and_deletes_and_says_so_beforehand(prism: Running, kind: str) -> None:
    plural, first, change, second = LIVES[kind]
    module, many, info = (f"nutanix_flow.dr.{name}" for name in (kind, plural, f"{kind}_info"))
    changed = {**key_of(first), **change}
    absent = {**key_of(first), "state": "absent"}
    check = {"check_mode": True, "diff": True}
    tasks = [
        {"name": "Would create", module: first, **check},
        {"name": "Create", module: first, "diff": True},
        {"name": "Create again", module: first},
        {"name": "Would change", module: changed, **check},
        {"name": "Change", module: changed, "diff": True},
        {"name": "Change again", module: changed},
        {"name": "List", info: {"query": f"[?starts_with({'key' if kind == 'category' else 'name'}, '{'Life' if kind == 'category' else 'life'}')]"}},
        {"name": "Would have both", many: {plural: [changed, second]}, **check},
        {"name": "Have both", many: {plural: [changed, second]}, "diff": True},
        {"name": "Have both again", many: {plural: [changed, second]}},
        {"name": "Prune", many: {plural: [second], "prune": True, "scope": ["Life/*", "life-*"]}, "diff": True},
        {"name": "Prune again", many: {plural: [second], "prune": True, "scope": ["Life/*", "life-*"]}},
        {"name": "Absent already", module: absent},
        {"name": "Would be absent", many: {plural: [second], "state": "absent"}, **check},
        {"name": "Absent", many: {plural: [second], "state": "absent"}, "diff": True},
        {"name": "Absent again", many: {plural: [second], "state": "absent"}},
    ]
    played = play(tasks, connection=connection_of(prism.ready, "north"))
    assert len(played.results) == len(tasks), played.output
    by_name = {task["name"]: result for task, result in zip(tasks, played.results, strict=True)}
    wrong = {name: result.get("msg") for name, result in by_name.items() if "error" in result or "changed" not in result}
    assert not wrong, wrong
    expected = {name: not name.endswith(("again", "already")) and name != "List" for name in by_name}
    assert {name: result["changed"] for name, result in by_name.items()} == expected
    for would, really in (("Would create", "Create"), ("Would change", "Change"), ("Would have both", "Have both"), ("Would be absent", "Absent")):
        assert by_name[would]["diff"] == by_name[really]["diff"]
        assert set(by_name[would]) == set(by_name[really])
    shown = {name: value for name, value in by_name["Change"][kind].items() if name != "_prism"}
    listed = {name: value for name, value in by_name["List"]["query_result"][0].items() if name != "_prism"}
    assert shown == listed
    assert by_name["Create"]["diff"][0]["before"] == ""
    assert kind.replace("_", " ") in by_name["Create"]["diff"][0]["after_header"]


def test_check_mode_sends_no_write(prism: Running) -> None:
    before = len(prism.requests())
    tasks = []
    for kind, (plural, first, _change, second) in LIVES.items():
        tasks.append({"name": kind, f"nutanix_flow.dr.{kind}": first})
        tasks.append({"name": plural, f"nutanix_flow.dr.{plural}": {plural: [first, second], "prune": True, "scope": ["Life/*", "life-*"]}})
    played = play(tasks, connection=connection_of(prism.ready, "north"), check=True)
    assert [result["changed"] for result in played.results] == [True] * len(tasks), played.output
    seen = prism.requests()[before:]
    assert seen
    assert not [request for request in seen if request["method"] in WRITES]


def test_what_a_person_may_get_wrong_is_said_before_the_first_write(prism: Running) -> None:
    module = "nutanix_flow.dr.security_rule"
    base = LIVES["security_rule"][1]
    before = len(prism.requests())
    group = base["groups"][0]
    tasks = [
        {"name": "unknown category", module: {**base, "groups": [{**group, "secured": {"categories": {"AppTier": "Nowhere"}}}]}},
        {"name": "unknown group", module: {**base, "groups": [{**group, "inbound": [{"from": {"address_groups": ["nobody"]}, "services": ["any"]}]}]}},
        {"name": "bad name", module: {**base, "name": "a/b"}},
        {"name": "bad description", module: {**base, "description": "web, app"}},
        {"name": "bad port", module: {**base, "groups": [{**group, "inbound": [{"from": "any", "ports": 70000}]}]}},
        {"name": "unknown vpc", module: {**base, "scope": {"vpcs": ["nowhere"]}}},
        {"name": "unknown function", module: {**base, "groups": [{**group, "inbound": [{"from": "any", "ports": 1, "network_function": "ids"}]}]}},
    ]
    played = play(tasks, connection=connection_of(prism.ready, "north"))
    said = {task["name"]: result["msg"] for task, result in zip(tasks, played.results, strict=True)}
    for name, words in {
        "unknown category": ("AppTier/Nowhere", "life-one"),
        "unknown group": ("nobody",),
        "bad name": ("a/b", "letters"),
        "bad description": ("web, app", "comma"),
        "bad port": ("70000",),
        "unknown vpc": ("nowhere",),
        "unknown function": ("ids",),
    }.items():
        assert all(word in said[name] for word in words), said[name]
    assert not [request for request in prism.requests()[before:] if request["method"] in WRITES]
