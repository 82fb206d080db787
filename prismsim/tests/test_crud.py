# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, read, update, delete of each kind, over the wire."""

from __future__ import annotations

import pytest
from conftest import Client, category, inbound, intra, policy

GROUPS = [
    ("address-groups", {"ipv4Addresses": [{"value": "10.0.0.0", "prefixLength": 8}]}),
    ("service-groups", {"tcpServices": [{"startPort": 80, "endPort": 81}]}),
]


@pytest.mark.parametrize(("plural", "content"), GROUPS)
def test_group_lives_its_life(north: Client, plural: str, content: dict[str, object]) -> None:
    path = f"microseg/v4.2/config/{plural}"
    ext_id = north.done(north("POST", path, json={"name": "life", **content}))
    read = north("GET", f"{path}/{ext_id}")
    assert read.json()["data"]["name"] == "life"
    changed = {**read.json()["data"], "description": "changed"}
    north.done(north("PUT", f"{path}/{ext_id}", json=changed, headers={"If-Match": read.headers["ETag"]}))
    again = north("GET", f"{path}/{ext_id}")
    assert again.json()["data"]["description"] == "changed"
    assert again.headers["ETag"] != read.headers["ETag"]
    north.done(north("DELETE", f"{path}/{ext_id}"))
    assert north("GET", f"{path}/{ext_id}").status_code == 404


def test_policy_lives_its_life(north: Client) -> None:
    path = "microseg/v4.2/config/policies"
    web = category(north)
    body = policy("life", intra(web), inbound(web))
    ext_id = north.done(north("POST", path, json=body))
    read = north("GET", f"{path}/{ext_id}")
    data = read.json()["data"]
    assert data["securedGroups"] == [web]
    assert data["isSystemDefined"] is False
    north.done(north("PUT", f"{path}/{ext_id}", json={**data, "state": "ENFORCE"}, headers={"If-Match": read.headers["ETag"]}))
    assert north("GET", f"{path}/{ext_id}").json()["data"]["state"] == "ENFORCE"
    assert north("GET", f"{path}/{ext_id}/rules").json()["metadata"]["totalAvailableResults"] == 2
    north.done(north("DELETE", f"{path}/{ext_id}"))


def test_entity_group_lives_its_life(north: Client) -> None:
    path = "microseg/v4.2/config/entity-groups"
    entities = [{"type": "VM", "selectBy": "CATEGORY_EXT_ID", "referenceExtIds": [category(north)]}]
    ext_id = north.done(north("POST", path, json={"name": "web", "allowedConfig": {"entities": entities}}))
    assert north("GET", f"{path}/{ext_id}").json()["data"]["allowedConfig"]["entities"][0]["type"] == "VM"
    north.done(north("DELETE", f"{path}/{ext_id}"))
