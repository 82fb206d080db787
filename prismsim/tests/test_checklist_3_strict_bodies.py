# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 3: the body check of each minor. Every row is refused with the path of what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Client, category, inbound, intra, policy

POLICIES = "microseg/v4.2/config/policies"
SOME_ID = "569a018e-18ac-4813-b00f-2aa0d0005042"


def problems(answer: Any) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [item["attributePath"] for item in answer.json()["data"]["error"]["validationErrorMessages"]]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": None}, "name"),
        ({"name": "x" * 64}, "name"),
        ({"name": "comma, not allowed"}, "name"),
        ({"description": "what's this?"}, "description"),
        ({"type": "FIREWALL"}, "type"),
        ({"state": "monitor"}, "state"),
        ({"isHitlogEnabled": "yes"}, "isHitlogEnabled"),
        ({"rules": []}, "rules"),
        ({"rules": {}}, "rules"),
        ({"vpcReferences": ["prod"]}, "vpcReferences[0]"),
        ({"rules": [{"type": "INTRA_GROUP"}]}, "rules[0].spec"),
        ({"rules": [{"type": "INTRA_GROUP", "spec": {"securedGroupAction": "ALLOW"}}]}, "rules[0].spec.$objectType"),
        ({"rules": [inbound(SOME_ID, tcpServices=[])]}, "rules[0].spec.tcpServices"),
        ({"rules": [inbound(SOME_ID, tcpServices=[{"startPort": 1, "endPort": 65536}])]}, "rules[0].spec.tcpServices[0].endPort"),
        ({"rules": [inbound(SOME_ID, tcpServices=[{"startPort": True, "endPort": 2}])]}, "rules[0].spec.tcpServices[0].startPort"),
        ({"rules": [inbound(SOME_ID, srcSubnet={"value": "10.0.0.0", "prefixLength": 33})]}, "rules[0].spec.srcSubnet.prefixLength"),
        ({"rules": [intra(SOME_ID, extId="no-uuid")]}, "rules[0].extId"),
    ],
)  # fmt: skip
def test_policy_body(north: Client, change: dict[str, Any], path: str) -> None:
    assert problems(north("POST", POLICIES, json={**policy("strict", intra(SOME_ID)), **change})) == [path]


def test_everything_wrong_is_told_at_once(north: Client) -> None:
    found = problems(north("POST", POLICIES, json={"type": "FIREWALL", "colour": "red", "rules": []}))
    assert sorted(found) == ["colour", "name", "rules", "type"]


def test_no_json_and_no_body(north: Client) -> None:
    assert north("POST", POLICIES, data=b"{", headers={"Content-Type": "application/json"}).status_code == 400
    assert north("POST", POLICIES).status_code == 400


@pytest.mark.parametrize(
    ("minor", "body", "path"),
    [
        (0, policy("p", intra(SOME_ID), scope="GLOBAL"), "scope"),
        (0, {**policy("p", intra(SOME_ID)), "type": "SHAREDSERVICE"}, "type"),
        (0, policy("p", inbound(SOME_ID, securedGroupCategoryReferences=None, srcAllowSpec="ALL")), "rules[0].spec.securedGroupCategoryReferences"),
        (1, policy("p", intra(SOME_ID), isIpv6AddressScope=True), "isIpv6AddressScope"),
        (1, policy("p", inbound(SOME_ID, icmpV6Services=[{"type": 1}])), "rules[0].spec.icmpV6Services"),
        (2, policy("p", intra(SOME_ID, name="rule")), "rules[0].name"),
        (2, policy("p", intra(SOME_ID), priority=10), "priority"),
    ],
)  # fmt: skip
def test_what_a_later_minor_brought_is_unknown_before(south: Client, minor: int, body: dict[str, Any], path: str) -> None:
    assert problems(south("POST", f"microseg/v4.{minor}/config/policies", json=body)) == [path]


def test_sdk_members_are_tolerated_at_every_level(north: Client) -> None:
    web = category(north)
    extra = {"$reserved": {"$fv": "v4.r2"}, "$unknownFields": {}}
    rule = intra(web, **extra)
    rule["spec"] = {**rule["spec"], **extra}
    body = {**policy("from-sdk", rule), **extra, "$objectType": "microseg.v4.config.NetworkSecurityPolicy"}
    north.done(north("POST", POLICIES, json=body))


def test_category_charset_tightens_with_the_minors(old: Client, north: Client) -> None:
    assert old("POST", "prism/v4.0/config/categories", json={"key": "K", "value": "a,b"}).status_code == 201
    assert problems(north("POST", "prism/v4.1/config/categories", json={"key": "K", "value": "a,b"})) == ["value"]
    assert problems(north("POST", "prism/v4.2/config/categories", json={"key": "K", "value": "a+b"})) == ["value"]
