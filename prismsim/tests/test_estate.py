# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loading an estate: what comes out of a good one and what is said about a bad one."""

from __future__ import annotations

import copy
import uuid
from pathlib import Path
from typing import Any

import pytest

from prismsim.estate import EstateError, load, object_id, resolve

ESTATES = Path(__file__).parents[1] / "estates"


def small() -> dict[str, Any]:
    """A fresh document with one site that has one of most things."""
    return copy.deepcopy(
        {
            "name": "small",
            "sites": {
                "a": {
                    "prism_central": {"name": "pc-a", "release": "pc.7.5"},
                    "clusters": [{"name": "c1"}, {"name": "c2"}],
                    "categories": [{"key": "App", "value": "Web"}],
                    "vpcs": [{"name": "v"}],
                    "subnets": [
                        {"name": "lan", "type": "vlan", "vlan_id": 1, "cluster": "c1", "prefix": "10.0.0.0/24"},
                        {"name": "in", "type": "overlay", "vpc": "v"},
                    ],
                    "vms": [
                        {
                            "name": "w",
                            "cluster": "c1",
                            "power": True,
                            "categories": ["@category:App/Web"],
                            "nics": [{"subnet": "lan", "ip": "10.0.0.5"}, {"subnet": "v/in"}],
                        }
                    ],
                    "security_policies": [
                        {
                            "name": "p",
                            "type": "APPLICATION",
                            "rules": [
                                {
                                    "type": "APPLICATION",
                                    "spec": {"securedGroupCategoryReferences": ["@category:App/Web"], "srcAllowSpec": "ALL"},
                                }
                            ],
                        }
                    ],
                }
            },
        }
    )


def problems_of(document: dict[str, Any]) -> list[str]:
    with pytest.raises(EstateError) as caught:
        load(document)
    return caught.value.lines


@pytest.mark.parametrize("path", sorted(ESTATES.glob("*.yml")), ids=lambda path: path.stem)
def test_shipped_estates_load(path: Path) -> None:
    estate = load(path)
    assert estate.name == path.stem
    assert all(site.clusters for site in estate.sites.values())


def test_document_becomes_an_estate() -> None:
    site = load(small()).sites["a"]
    assert site.vms[0].power == "on"
    assert [nic.subnet for nic in site.vms[0].nics] == ["lan", "v/in"]
    assert [subnet.path for subnet in site.subnets] == ["lan", "v/in"]
    assert site.prism_central.username == "admin"


def test_spec_types_are_filled_in_and_kept_where_given() -> None:
    document = small()
    policies = document["sites"]["a"]["security_policies"]
    policies.append(
        {
            "name": "many",
            "type": "ISOLATION",
            "rules": [{"type": "MULTI_ENV_ISOLATION", "spec": {"spec": {"isolationGroups": []}}}],
        }
    )
    policies[0]["rules"][0]["spec"]["$objectType"] = "as.given"
    by_name = {policy["name"]: policy for policy in load(document).sites["a"].security_policies}
    assert by_name["p"]["rules"][0]["spec"]["$objectType"] == "as.given"
    spec = by_name["many"]["rules"][0]["spec"]
    assert spec["$objectType"] == "microseg.v4.config.MultiEnvIsolationRuleSpec"
    assert spec["spec"]["$objectType"] == "microseg.v4.config.AllToAllIsolationGroup"


def test_system_objects_are_preloaded() -> None:
    site = load(small()).sites["a"]
    assert {category.name for category in site.categories if category.type == "SYSTEM"} >= {
        "AppType/Default",
        "Quarantine/Default",
        "Quarantine/Forensics",
    }
    assert {group["name"] for group in site.service_groups if group.get("isSystemDefined")} >= {"ssh", "dns", "https"}
    quarantine = [policy for policy in site.security_policies if policy["type"] == "QUARANTINE"]
    assert len(quarantine) == 4
    assert all(policy["isSystemDefined"] for policy in quarantine)


def test_an_edited_system_policy_stays_system_defined() -> None:
    document = small()
    document["sites"]["a"]["security_policies"].append({"name": "Quarantine Forensics VLAN", "type": "QUARANTINE", "state": "MONITOR"})
    found = [p for p in load(document).sites["a"].security_policies if p["name"] == "Quarantine Forensics VLAN"]
    assert [(policy["state"], policy["isSystemDefined"]) for policy in found] == [("MONITOR", True)]


def test_all_problems_come_at_once() -> None:
    document = small()
    site = document["sites"]["a"]
    site["categories"].append({"key": "App", "value": "Web"})
    site["categories"].append({"key": "Quarantine", "value": "Default"})
    site["vms"][0]["nics"] = [{"subnet": "lan", "ip": "10.9.9.9"}, {"subnet": "in"}]
    site["vms"].append({"name": "x", "cluster": "c2", "categories": ["@category:App/Nope"], "nics": [{"subnet": "lan"}]})
    spec = site["security_policies"][0]["rules"][0]["spec"]
    spec["serviceGroupReferences"] = ["@service_group:nope", "https", "@vpc:v", "@nokind:x"]
    site["security_policies"].append({"name": "q", "type": "QUARANTINE"})
    site["availability"] = {"registered_with": ["a"]}
    document["sites"]["b"] = {"prism_central": {"name": "pc-b", "release": "pc.1"}}
    text = "\n".join(problems_of(document))
    for part in (
        "category 'App/Web' is declared twice",
        "category 'Quarantine/Default' is system-defined",
        "10.9.9.9 is not inside 10.0.0.0/24",
        "there is no subnet 'in'",
        "site 'a' has no category 'App/Nope'",
        "VLAN subnet 'lan' is not on cluster 'c2'",
        "site 'a' has no service_group 'nope'",
        "'https' must be written as a reference",
        "'@vpc:v' must be a service_group here",
        "unknown kind 'nokind'",
        "quarantine policies are system-defined",
        "'a' is not another site",
        "sites.b.prism_central.release: 'pc.1' is not one of",
    ):
        assert part in text
    assert len(text.splitlines()) == 13


def test_entity_group_members_are_checked_by_how_they_are_selected() -> None:
    document = small()
    document["sites"]["a"]["entity_groups"] = [
        {
            "name": "g",
            "allowedConfig": {
                "entities": [
                    {"type": "VM", "selectBy": "EXT_ID", "referenceExtIds": ["@vm:w"]},
                    {"type": "VM", "selectBy": "CATEGORY_EXT_ID", "referenceExtIds": ["@vm:w"]},
                ]
            },
        }
    ]
    lines = problems_of(document)
    assert len(lines) == 1
    assert "entities[1].referenceExtIds[0]: '@vm:w' must be a category here" in lines[0]


def test_yaml_problems_carry_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(
        "name: bad\nsites:\n  a:\n    prism_central: {name: p, release: pc.7.5}\n"
        "    clusters: [{name: c}]\n    vms:\n      - name: v\n        cluster: nowhere\n",
        encoding="utf-8",
    )
    with pytest.raises(EstateError) as caught:
        load(path)
    assert caught.value.lines == [f"{path}:8: sites.a.vms[0].cluster: there is no cluster 'nowhere'"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name: a\nname: b\n", ":2: key 'name' appears twice"),
        ("name: [\n", ":2: invalid YAML"),
        ("", "None is not of type 'object'"),
    ],
)
def test_broken_yaml(tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EstateError, match="bad.yml") as caught:
        load(path)
    assert part in "\n".join(caught.value.lines)


def test_broken_json_and_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"name":\n}', encoding="utf-8")
    with pytest.raises(EstateError, match=r"bad\.json:2: invalid JSON"):
        load(path)
    with pytest.raises(EstateError, match="cannot be read"):
        load(tmp_path / "none.yml")


def test_ids_are_stable_and_differ_between_sites() -> None:
    first = object_id("north", "category", "App/Web")
    assert first == object_id("north", "category", "App/Web")
    assert first != object_id("south", "category", "App/Web")
    assert first != object_id("north", "vm", "App/Web")
    assert str(uuid.UUID(first)) == first


def test_resolve_replaces_references_everywhere() -> None:
    body = {"a": ["@vpc:x", "plain"], "b": {"c": "@category:k/v:w"}, "n": 1}
    assert resolve(body, lambda kind, name: f"<{kind} {name}>") == {
        "a": ["<vpc x>", "plain"],
        "b": {"c": "<category k/v:w>"},
        "n": 1,
    }
