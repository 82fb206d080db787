# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses of an interface out of what the API tells of it: all of them, each once, the assigned one first."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.inventory import addresses_of, addresses_unknown

from .fake_central import FakeCentral, site_with


def told(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "prefixLength": 32} for value in values]


@pytest.mark.parametrize(("info", "expected"), [
    ({}, []),
    ({"ipv4Config": {"shouldAssignIp": True}, "ipv4Info": {}}, []),
    ({"ipv4Config": {"ipAddress": told("10.1.1.9")[0]}, "ipv4Info": {"learnedIpAddresses": told("10.1.1.9")}}, ["10.1.1.9"]),
    ({"ipv4Info": {"learnedIpAddresses": told("10.1.1.10", "10.1.1.9")}}, ["10.1.1.9", "10.1.1.10"]),
    (
        {
            "ipv4Config": {"ipAddress": told("10.1.1.9")[0], "secondaryIpAddressList": told("10.1.1.200", "10.1.1.3")},
            "ipv4Info": {"learnedIpAddresses": told("10.1.1.3", "10.1.1.77", "10.1.1.9")},
            "ipv6Info": {"learnedIpv6Addresses": told("2001:db8::9")},
        },
        ["10.1.1.9", "10.1.1.3", "10.1.1.77", "10.1.1.200", "2001:db8::9"],
    ),
])
def test_all_addresses_are_taken_the_assigned_one_first(info: dict[str, Any], expected: list[str]) -> None:
    assert addresses_of(info) == expected


@pytest.mark.parametrize(("minor", "unknown"), [((4, 0), True), ((4, 1), False), ((4, 3), False)])
def test_an_old_prism_central_tells_no_ipv6(minor: tuple[int, int], unknown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    central = FakeCentral()
    monkeypatch.setattr(central, "minor", lambda namespace: minor)
    assert bool(addresses_unknown(site_with(central))) is unknown
