"""Protection policies: spellings, the rules that a policy must keep, and the wire both ways."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.recovery_registry import RECOVERY_ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotRepresentable
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import decode
from tests.unit.entities.conftest import Written

POLICY = RECOVERY_ENTITIES["protection_policy"]
PLACES = "locations: [{name: n, prism_central: pc-n, primary: true}, {name: s, prism_central: pc-s}]"
GOOD = f"""
name: gold
categories: {{Protect: [Gold, Silver]}}
{PLACES}
schedules: [{{between: [n, s], rpo: 60 minutes, retention: {{local: 2, remote: 3}}, start: '15:30'}}]
"""


@pytest.fixture
def directory() -> Directory:
    found = Directory("north")
    for kind, name in (("category", "Protect/Gold"), ("category", "Protect/Silver"), ("prism_central", "pc-n"), ("prism_central", "pc-s")):
        found.add(kind, name, f"id {name}")
    found.add("location_cluster", "pc-s/c1", "id c1")
    return found


def test_between_stands_for_both_directions(protection_policy: Written) -> None:
    apart = GOOD.replace(
        "{between: [n, s], rpo: 60 minutes, retention: {local: 2, remote: 3}, start: '15:30'}",
        "{from: s, to: n, rpo: 1h, retention: {local: 2, remote: 3}, start: '15:30', consistency: crash}, "
        "{from: n, to: s, rpo: 1 hour, retention: {local: 2, remote: 3}, start: '15:30'}",
    )
    assert protection_policy.canonical(GOOD) == protection_policy.canonical(apart)


@pytest.mark.parametrize(("text", "said"), [
    (f"name: x\n{PLACES}\nschedules: [{{from: n, to: s, rpo: 1h}}]", ["no schedule from 's' to 'n'"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 7h, rollup: {{local: {{every: day, keep: 2}}}}}}]", ["rpo of 7h", "rpo of 7h"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h, paused: true}}]", ["can't be paused"] * 2),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 0, auto_suspend: 6m}}]", ["5m is the longest"] * 2),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h}}, {{from: n, rpo: 0}}]", ["leads nowhere"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h}}, {{from: n, to: q, rpo: 1h}}]", ["unknown location 'q'"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h}}, {{from: n, to: s, rpo: 2h}}]", ["2 schedules from 'n' to 's'"]),
    ("name: x\nlocations: [{name: n, prism_central: a}]\nschedules: [{from: n, rpo: 1h}]", ["none is primary"]),
    (
        "name: x\nlocations: [{name: n, prism_central: a, primary: true}, {name: n, prism_central: a, clusters: [c, d]}]\nschedules: [{from: n, rpo: 1h}]",
        ["two locations are called 'n'", "'n' has 2 clusters"],
    ),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h, retention: {{local: 1}}, rollup: {{local: {{every: day, keep: 1}}}}}}]", ["has both"] * 2),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 90s}}]", ["can't be said"] * 2),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n], rpo: 1h}}]", ["not a list of two"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], from: n, rpo: 1h}}]", ["beside from or to"]),
    (f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 1h, start: '25:00'}}]", ["15:30"] * 2),
])  # fmt: skip
def test_a_broken_rule_is_found(protection_policy: Written, text: str, said: list[str]) -> None:
    found = protection_policy.findings(text)
    assert len(found) == len(said), found
    assert all(words in finding for words, finding in zip(said, found, strict=True)), found


def test_two_that_are_not_primary_do_not_replicate(protection_policy: Written) -> None:
    three = PLACES.replace("]", ", {name: t, prism_central: pc-t}]")
    ways = "{between: [n, s], rpo: 1h}, {between: [n, t], rpo: 1h}, {from: s, to: t, rpo: 1h}"
    (finding,) = protection_policy.findings(f"name: x\n{three}\nschedules: [{ways}]")
    assert "from 's' to 't', and neither is primary" in finding


def test_a_new_policy_is_not_paused(protection_policy: Written) -> None:
    text = f"name: x\n{PLACES}\nschedules: [{{between: [n, s], rpo: 0, paused: true}}]"
    assert protection_policy.findings(text) == []
    assert all("can't begin paused" in finding for finding in protection_policy.findings(text, new=True))


def test_the_wire_both_ways(protection_policy: Written, directory: Directory) -> None:
    rich = yaml.safe_load(GOOD)
    rich["locations"][1]["clusters"] = ["c1"]
    rich["schedules"] = [
        {"from": "n", "to": "s", "rpo": "0", "auto_suspend": "10s", "paused": True, "keep_latest": "0"},
        {"from": "s", "to": "n", "rpo": "2w", "day": "sunday", "rollup": {"local": {"every": "week", "keep": 4}, "remote": {"every": "year", "keep": 1}}},
    ]
    canonical = protection_policy.canonical(yaml.safe_dump(rich))
    body = encode(POLICY, canonical, directory)
    assert [each["schedule"]["recoveryPointObjectiveTimeSeconds"] for each in body["replicationConfigurations"]] == [0, 14 * 86400]
    below = {each["label"]: each.get("replicationSubLocation", {}).get("clusterExtIds") for each in body["replicationLocations"]}
    assert below == {"n": None, "s": ["id c1"]}
    assert decode(POLICY, {"extId": "1", **body}, directory).canonical == canonical


def test_an_update_goes_on_with_its_schedules(protection_policy: Written, directory: Directory) -> None:
    assert POLICY.carry is not None
    body = encode(POLICY, protection_policy.canonical(GOOD), directory)
    old: dict[str, Any] = {"replicationConfigurations": [{"sourceLocationLabel": "n", "remoteLocationLabel": "s", "schedule": {"scheduleExtId": "one"}}]}
    sent = POLICY.carry(body, old)["replicationConfigurations"]
    assert {each["sourceLocationLabel"]: each["schedule"].get("scheduleExtId") for each in sent} == {"n": "one", "s": None}


def test_an_object_store_is_refused(protection_policy: Written, directory: Directory) -> None:
    body = encode(POLICY, protection_policy.canonical(GOOD), directory)
    body["replicationLocations"][0]["replicationSubLocation"] = {"$objectType": "datapolicies.v4.config.Mst"}
    with pytest.raises(NotRepresentable, match="object stores"):
        decode(POLICY, body, directory)
