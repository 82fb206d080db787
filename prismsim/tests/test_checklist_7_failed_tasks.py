# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 7: what makes no sense is accepted and ends as a FAILED task that says why."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Client, category, inbound, intra, policy

POLICIES = "microseg/v4.2/config/policies"
AG = "microseg/v4.2/config/address-groups"
EG = "microseg/v4.2/config/entity-groups"
NOBODY = "11111111-1111-4111-8111-111111111111"


def test_duplicate_names(north: Client) -> None:
    body = policy("twice", intra(category(north)))
    north.done(north("POST", POLICIES, json=body))
    assert "already exists" in north.refused(north("POST", POLICIES, json=body))


def test_unknown_references(north: Client) -> None:
    entities = [{"type": "VM", "selectBy": "CATEGORY_EXT_ID", "referenceExtIds": [NOBODY]}]
    assert "categories were not found" in north.refused(north("POST", EG, json={"name": "g", "allowedConfig": {"entities": entities}}))
    for spec in (
        {"srcAddressGroupReferences": [NOBODY]},
        {"srcCategoryReferences": [NOBODY]},
        {"srcEntityGroupReference": NOBODY},
        {"srcAllowSpec": "ALL", "serviceGroupReferences": [NOBODY]},
        {"srcAllowSpec": "ALL", "networkFunctionReference": NOBODY},
    ):
        answer = north("POST", POLICIES, json=policy("nobody", inbound(category(north), **spec)))
        assert NOBODY in north.refused(answer)


def test_what_is_in_use_or_gone_is_not_deleted(north: Client) -> None:
    group = north.find(AG, name="branches")["extId"]
    rule = inbound(category(north), srcAddressGroupReferences=[group])
    ext_id = north.done(north("POST", POLICIES, json=policy("user", rule)))
    assert "in use" in north.refused(north("DELETE", f"{AG}/{group}"))
    assert north("GET", f"{AG}/{group}").json()["data"]["policyReferences"] == [ext_id]
    assert "Could not find" in north.refused(north("DELETE", f"{EG}/{NOBODY}"))


def two_env(first: str, second: str) -> dict[str, Any]:
    spec = {"$objectType": "microseg.v4.config.TwoEnvIsolationRuleSpec", "firstIsolationGroup": [first], "secondIsolationGroup": [second]}
    return {"type": "TWO_ENV_ISOLATION", "spec": spec}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "QUARANTINE"}, "cannot be created"),
        ({"type": "ISOLATION"}, "does not belong"),
        ({"scope": "VPC_LIST"}, "needs vpcReferences"),
        ({"scope": "VPC_AS_CATEGORY"}, "needs scopeReferences"),
        ({"rules": [{**intra(NOBODY), "type": "APPLICATION"}]}, "needs a spec"),
    ],
)
def test_rules_of_section_9(north: Client, change: dict[str, Any], words: str) -> None:
    body = {**policy("section-9", intra(category(north))), **change}
    task = north.task(north("POST", POLICIES, json=body))
    assert task["status"] == "FAILED"
    assert any(words in message["message"] for message in task["errorMessages"])


def test_an_isolation_policy_is_accepted(north: Client) -> None:
    body = {**policy("isolated", two_env(category(north), category(north, "AppTier", "DB"))), "type": "ISOLATION"}
    north.done(north("POST", POLICIES, json=body))


def test_service_insertion_must_not_carry_both_directions(north: Client) -> None:
    function = north.find("networking/v4.3/config/network-functions", name="ids")["extId"]
    both = inbound(category(north), srcAllowSpec="ALL", destAllowSpec="ALL", networkFunctionReference=function)
    task = north.task(north("POST", POLICIES, json=policy("both", both)))
    assert task["errorMessages"][0]["code"] == "MIC-30108"
    one = inbound(category(north), srcAllowSpec="ALL", networkFunctionReference=function)
    ext_id = north.done(north("POST", POLICIES, json=policy("one", one)))
    assert north("GET", f"{POLICIES}/{ext_id}").json()["data"]["networkFunctionReferences"] == [function]


def test_flex_needs_flex_mode(south: Client) -> None:
    spec = {"$objectType": "microseg.v4.config.FlexRuleSpec", "shouldAllowAnySrc": True, "shouldAllowAnyDst": True,
            "isAllProtocolAllowed": True, "action": "ALLOW", "direction": "IN"}  # fmt: skip
    body = {"name": "flex", "type": "ZONE", "rules": [{"type": "FLEX", "spec": spec}]}
    assert "Flex mode" in south.refused(south("POST", "microseg/v4.3/config/policies", json=body))
