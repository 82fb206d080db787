# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The models of each minor, read backwards from the newest: facts from contract/v4 sections 1, 9 and 15."""

from __future__ import annotations

import pytest

from prismsim.contract import RELEASES, catalog, newest_minor

POLICY = "microseg.v4.config.NetworkSecurityPolicy"


@pytest.mark.parametrize(
    ("release", "microseg", "prism"),
    [("pc.2024.3", 0, 0), ("pc.7.3", 1, 1), ("pc.7.5", 2, 2), ("pc.7.5.1", 2, 3), ("pc.7.6", 3, 4)],
)
def test_releases(release: str, microseg: int, prism: int) -> None:
    assert (newest_minor(release, "microseg"), newest_minor(release, "prism")) == (microseg, prism)
    assert release in RELEASES


@pytest.mark.parametrize(
    ("model", "name", "since"),
    [
        (POLICY, "scope", 0),
        (POLICY, "scopeReferences", 1),
        (POLICY, "isIpv4AddressScope", 2),
        (POLICY, "priority", 3),
        ("microseg.v4.config.NetworkSecurityPolicyRule", "isLoggingEnabled", 3),
        ("microseg.v4.config.ApplicationRuleSpec", "networkFunctionReference", 1),
        ("microseg.v4.config.ApplicationRuleSpec", "icmpV6Services", 2),
        ("microseg.v4.config.AddressGroup", "ipv6Ranges", 2),
    ],
)
def test_fields_appear_with_their_minor(model: str, name: str, since: int) -> None:
    for minor in range(4):
        assert (name in catalog("microseg", minor).models[model].fields) is (minor >= since)


@pytest.mark.parametrize(
    ("model", "value", "since"),
    [
        ("microseg.v4.config.SecurityPolicyType", "SHAREDSERVICE", 1),
        ("microseg.v4.config.SecurityPolicyType", "ZONE", 3),
        ("microseg.v4.config.SecurityPolicyScope", "GLOBAL", 1),
        ("microseg.v4.config.RuleType", "FLEX", 3),
    ],
)
def test_values_appear_with_their_minor(model: str, value: str, since: int) -> None:
    for minor in range(4):
        assert (value in catalog("microseg", minor).models[model].values) is (minor >= since)


def test_changed_fields_have_their_old_shape() -> None:
    spec = "microseg.v4.config.ApplicationRuleSpec"
    assert catalog("microseg", 0).models[spec].fields["securedGroupCategoryReferences"].required
    assert not catalog("microseg", 1).models[spec].fields["securedGroupCategoryReferences"].required
    rule = "microseg.v4.config.NetworkSecurityPolicyRule"
    assert catalog("microseg", 2).models[rule].fields["description"].pattern is None
    assert catalog("microseg", 3).models[rule].fields["description"].pattern is not None


def test_operations_and_parameters_appear_with_their_minor() -> None:
    def operation(minor: int, name: str) -> bool:
        return any(op.id == name for op in catalog("prism", minor).operations)

    assert [operation(minor, "list_registrations") for minor in range(5)] == [False, False, True, True, True]
    assert [operation(minor, "list_products") for minor in range(5)] == [False, True, True, True, True]
    for minor in range(5):
        listing = next(op for op in catalog("prism", minor).operations if op.id == "list_categories")
        assert ("$apply" in listing.query) is (minor == 4)
    export = next(op for op in catalog("microseg", 0).operations if op.id == "export_network_security_policy")
    assert export.body is None
