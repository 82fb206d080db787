# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 10: several minors side by side, unknown ones 404, version negotiation."""

from __future__ import annotations

import pytest
from conftest import ESTATE, Client, category, inbound, intra, policy

from prismsim.testing import running


@pytest.mark.parametrize("minor", range(4))
def test_every_older_minor_is_served_beside_the_newest(south: Client, minor: int) -> None:
    assert south("GET", f"microseg/v4.{minor}/config/policies").status_code == 200


def test_a_newer_minor_is_unknown(north: Client, old: Client) -> None:
    assert north("GET", "microseg/v4.3/config/policies").status_code == 404
    assert north("GET", "prism/v4.3/config/categories").status_code == 200
    assert old("GET", "microseg/v4.1/config/policies").status_code == 404
    assert old("GET", "microseg/v5.0/config/policies").status_code == 404


def test_an_operation_of_a_later_minor_is_unknown(north: Client) -> None:
    assert north("GET", "microseg/v4.0/config/entity-groups").status_code == 404
    assert north("GET", "microseg/v4.1/config/entity-groups").status_code == 200
    assert north("GET", "networking/v4.0/config/network-functions").status_code == 404


def test_the_newest_version_can_be_asked_for(north: Client, south: Client, old: Client) -> None:
    assert north("OPTIONS", "microseg/unversioned/info").json()["data"] == "v4.2"
    assert north("OPTIONS", "prism/unversioned/info").json()["data"] == "v4.3"
    assert south("OPTIONS", "networking/unversioned/info").json()["data"] == "v4.4"
    assert old("OPTIONS", "microseg/unversioned/info").status_code == 404
    assert north("OPTIONS", "microseg/unversioned/info", auth=("admin", "wrong")).status_code == 401


def test_an_old_release_may_answer_the_question_too() -> None:
    with running({**ESTATE, "switches": {"version_info_before_4_2": True}}) as simulator:
        assert Client(simulator, "old")("OPTIONS", "microseg/unversioned/info").json()["data"] == "v4.0"


def test_an_older_minor_shows_an_object_without_what_it_did_not_know(south: Client) -> None:
    web = category(south)
    body = policy("newest", intra(web, name="named", isLoggingEnabled=True), inbound(web), isIpv6AddressScope=True)
    ext_id = south.done(south("POST", "microseg/v4.3/config/policies", json=body))
    newest = south("GET", f"microseg/v4.3/config/policies/{ext_id}").json()["data"]
    oldest = south("GET", f"microseg/v4.0/config/policies/{ext_id}").json()["data"]
    assert newest["isIpv6AddressScope"] is True
    assert "isIpv6AddressScope" not in oldest
    assert any(rule.get("name") == "named" for rule in newest["rules"])
    assert all("name" not in rule for rule in oldest["rules"])
