"""Each entity's modules through a whole life: create, again, change, check, diff, list, absent, absent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.play import connection_of

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


def results(prism: Running, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each task returns: its ``module`` with its ``options``, on north."""
    connection = connection_of(prism.ready, "north")
    return [
        run_module(task["module"], {**task["options"], **connection}, check=task.get("check", False), diff=task.get("diff", False))
        for task in tasks
    ]


def key_of(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("key", "value", "name") if name in item}


@pytest.mark.parametrize("kind", LIVES)
def test_a_module_creates_changes_and_deletes_and_says_so_beforehand(prism: Running, kind: str) -> None:
    plural, first, change, second = LIVES[kind]
    one, many, info = {"module": kind}, {"module": plural}, {"module": f"{kind}_info"}
    changed = {**key_of(first), **change}
    absent = {**key_of(first), "state": "absent"}
    check = {"check": True, "diff": True}
    pruned = {plural: [second], "prune": True, "scope": ["Life/*", "life-*"]}
    none = {plural: [second], "state": "absent"}
    ours = "starts_with(key, 'Life')" if kind == "category" else "starts_with(name, 'life')"
    tasks: list[dict[str, Any]] = [
        {"name": "Would create", **one, "options": first, **check},
        {"name": "Create", **one, "options": first, "diff": True},
        {"name": "Create again", **one, "options": first},
        {"name": "Would change", **one, "options": changed, **check},
        {"name": "Change", **one, "options": changed, "diff": True},
        {"name": "Change again", **one, "options": changed},
        {"name": "List", **info, "options": {"query": f"[?{ours}]"}},
        {"name": "Would have both", **many, "options": {plural: [changed, second]}, **check},
        {"name": "Have both", **many, "options": {plural: [changed, second]}, "diff": True},
        {"name": "Have both again", **many, "options": {plural: [changed, second]}},
        {"name": "Prune", **many, "options": pruned, "diff": True},
        {"name": "Prune again", **many, "options": pruned},
        {"name": "Absent already", **one, "options": absent},
        {"name": "Would be absent", **many, "options": none, **check},
        {"name": "Absent", **many, "options": none, "diff": True},
        {"name": "Absent again", **many, "options": none},
    ]
    by_name = {task["name"]: result for task, result in zip(tasks, results(prism, tasks), strict=True)}
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
        tasks.append({"module": kind, "options": first, "check": True})
        tasks.append({"module": plural, "options": {plural: [first, second], "prune": True, "scope": ["Life/*", "life-*"]}, "check": True})
    assert [result.get("changed", result) for result in results(prism, tasks)] == [True] * len(tasks)
    seen = prism.requests()[before:]
    assert seen
    assert not [request for request in seen if request["method"] in WRITES]


def test_what_a_person_may_get_wrong_is_said_before_the_first_write(prism: Running) -> None:
    base = LIVES["security_rule"][1]
    before = len(prism.requests())
    group = base["groups"][0]
    tasks: list[dict[str, Any]] = [
        {"name": "unknown category", "options": {**base, "groups": [{**group, "secured": {"categories": {"AppTier": "Nowhere"}}}]}},
        {"name": "unknown group", "options": {**base, "groups": [{**group, "inbound": [{"from": {"address_groups": ["nobody"]}, "services": ["any"]}]}]}},
        {"name": "bad name", "options": {**base, "name": "a/b"}},
        {"name": "bad description", "options": {**base, "description": "web, app"}},
        {"name": "bad port", "options": {**base, "groups": [{**group, "inbound": [{"from": "any", "ports": 70000}]}]}},
        {"name": "unknown vpc", "options": {**base, "scope": {"vpcs": ["nowhere"]}}},
        {"name": "unknown function", "options": {**base, "groups": [{**group, "inbound": [{"from": "any", "ports": 1, "network_function": "ids"}]}]}},
    ]
    said = {task["name"]: result["msg"] for task, result in zip(tasks, results(prism, [{"module": "security_rule", **task} for task in tasks]), strict=True)}
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
