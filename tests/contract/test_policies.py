# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that policies can say goes in and comes out again; what they must not say is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.contract.compare import in_order, without_server_fields
from tests.contract.kinds import KINDS
from tests.contract.policies import Ids, bodies, flex_bodies
from tests.contract.sdk import Site, data_of, refusal, sdk_minor

POLICY = KINDS["network_security_policy"]


def there_and_back(site: Site, about: str, body: dict[str, Any]) -> None:
    """Create a policy, compare what is answered, replace it by itself, and delete it."""
    ext_id = POLICY.create(site, body)
    try:
        read = POLICY.get(site, ext_id)
        answered = site.plain("microseg", read)
        assert without_server_fields(in_order(body), in_order(answered)) == in_order(body), about
        rules = data_of(site.api("microseg", POLICY.api).list_network_security_policy_rules(ext_id))
        assert {rule.ext_id for rule in rules} == {rule.ext_id for rule in read.rules}, about
        site.wait(POLICY.update(site, ext_id, read))
        again = POLICY.get(site, ext_id)
        assert without_server_fields(in_order(body), in_order(site.plain("microseg", again))) == in_order(body), about
        assert not {rule.ext_id for rule in again.rules} & {rule.ext_id for rule in read.rules}, f"{about}: rule ids must be new after a PUT"
    finally:
        site.wait(POLICY.delete(site, ext_id))


def test_everything_a_policy_can_say(site: Site) -> None:
    found = bodies(Ids(site), site.minor("microseg"))
    assert len(found) >= 15
    for about, body in found.items():
        there_and_back(site, about, body)


@pytest.mark.skipif(sdk_minor("microseg") < 3, reason="Flex came with minor 4.3, which this SDK lacks")
def test_every_flex_policy(world: Any) -> None:
    site = Site("flex", world.ready)
    for about, body in flex_bodies(Ids(site)).items():
        there_and_back(site, about, body)


def test_quarantine_policies_are_updated_but_neither_made_nor_deleted(site: Site) -> None:
    (found,) = data_of(POLICY.list(site, filter="name eq 'Quarantine Forensics VLAN'"))
    assert found.is_system_defined
    policy = POLICY.get(site, found.ext_id)
    policy.is_hitlog_enabled = True
    site.wait(POLICY.update(site, found.ext_id, policy))
    assert POLICY.get(site, found.ext_id).is_hitlog_enabled
    site.wait(POLICY.delete(site, found.ext_id), status="FAILED")
    body = {**copy.deepcopy(POLICY.body(site)), "name": "own-quarantine", "type": "QUARANTINE"}
    model = site.model("microseg", POLICY.model, body)
    answer = POLICY.methods(site).create_network_security_policy(model)
    assert site.wait(answer, status="FAILED").error_messages


def test_unknown_references_fail_in_the_task(site: Site) -> None:
    body = POLICY.body(site)
    body["rules"][1]["spec"]["srcAddressGroupReferences"] = ["11111111-2222-4333-8444-555555555555"]
    answer = POLICY.methods(site).create_network_security_policy(site.model("microseg", POLICY.model, body))
    assert site.wait(answer, status="FAILED").error_messages


@pytest.mark.parametrize("field", ["rules", "vpcReferences"])
def test_empty_lists_are_refused(site: Site, field: str) -> None:
    model = site.model("microseg", POLICY.model, {**POLICY.body(site), field: []})
    refusal("microseg", lambda: POLICY.methods(site).create_network_security_policy(model), 400)


def test_a_group_in_use_is_not_deleted(site: Site) -> None:
    group = Ids(site).group("address_group", "branches")
    assert site.wait(KINDS["address_group"].delete(site, group), status="FAILED").error_messages
    assert KINDS["address_group"].get(site, group).policy_references
