# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 11: the same thing has another id on each Prism Central; system objects are there already."""

from __future__ import annotations

from conftest import ESTATE, Client, category

from prismsim.testing import running


def test_ids_differ_between_sites_and_are_the_same_at_every_load(north: Client, south: Client) -> None:
    assert category(north) != category(south)
    with running(ESTATE) as again:
        assert category(Client(again, "north")) == category(north)


def test_system_objects_are_preloaded(north: Client, south: Client) -> None:
    for client in (north, south):
        groups = client("GET", "microseg/v4.2/config/service-groups", params={"$filter": "isSystemDefined eq true"}).json()["data"]
        assert {"ssh", "dns", "https"} <= {group["name"] for group in groups}
        policies = client("GET", "microseg/v4.2/config/policies", params={"$filter": "isSystemDefined eq true"}).json()["data"]
        assert {policy["type"] for policy in policies} == {"QUARANTINE"}
        keys = client("GET", "prism/v4.0/config/categories", params={"$filter": "type eq 'SYSTEM'"}).json()["data"]
        assert {"AppType", "Environment", "Quarantine"} <= {entry["key"] for entry in keys}


def test_system_objects_are_not_deleted_and_quarantine_is_updated_only(north: Client) -> None:
    path = "microseg/v4.2/config/policies"
    quarantine = north("GET", path, params={"$filter": "type eq 'QUARANTINE'"}).json()["data"][0]
    assert "cannot be deleted" in north.refused(north("DELETE", f"{path}/{quarantine['extId']}"))
    read = north("GET", f"{path}/{quarantine['extId']}")
    fresh = {"If-Match": read.headers["ETag"]}
    north.done(north("PUT", f"{path}/{quarantine['extId']}", json={**read.json()["data"], "isHitlogEnabled": True}, headers=fresh))
    after = north("GET", f"{path}/{quarantine['extId']}").json()["data"]
    assert after["isHitlogEnabled"] is True
    assert after["isSystemDefined"] is True
    group = north.find("microseg/v4.2/config/service-groups", name="ssh")["extId"]
    assert "cannot be deleted" in north.refused(north("DELETE", f"microseg/v4.2/config/service-groups/{group}"))
