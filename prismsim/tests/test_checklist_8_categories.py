# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 8: categories answer at once; immutable key, ownerUuid, associations, system categories."""

from __future__ import annotations

from conftest import Client, category, intra, policy

PATH = "prism/v4.3/config/categories"


def test_create_change_delete_are_synchronous(north: Client) -> None:
    made = north("POST", PATH, json={"key": "Env", "value": "Prod"})
    assert made.status_code == 201
    assert made.json()["data"]["type"] == "USER"
    ext_id = made.json()["data"]["extId"]
    read = north("GET", f"{PATH}/{ext_id}")
    changed = north("PUT", f"{PATH}/{ext_id}", json={**read.json()["data"], "value": "Production"}, headers={"If-Match": read.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["data"][0]["severity"] == "INFO"
    assert north("GET", f"{PATH}/{ext_id}").json()["data"]["value"] == "Production"
    gone = north("DELETE", f"{PATH}/{ext_id}")
    assert gone.status_code == 204
    assert gone.content == b""


def test_key_and_value_are_unique_together(north: Client) -> None:
    assert north("POST", PATH, json={"key": "AppType", "value": "Web"}).status_code == 409
    assert north("POST", PATH, json={"key": "AppType", "value": "Unique"}).status_code == 201


def test_key_is_immutable_and_owner_must_stay(north: Client) -> None:
    ext_id = north("POST", PATH, json={"key": "Fixed", "value": "One"}).json()["data"]["extId"]
    read = north("GET", f"{PATH}/{ext_id}")
    fresh = {"If-Match": read.headers["ETag"]}
    body = read.json()["data"]
    assert north("PUT", f"{PATH}/{ext_id}", json={**body, "key": "Other"}, headers=fresh).status_code == 400
    refused = north("PUT", f"{PATH}/{ext_id}", json={k: v for k, v in body.items() if k != "ownerUuid"}, headers=fresh)
    assert refused.status_code == 400
    assert "ownerUuid" in refused.text


def test_system_categories_are_not_made_changed_or_deleted(north: Client) -> None:
    system = north.find(PATH, key="Quarantine", value="Default")
    assert system["type"] == "SYSTEM"
    read = north("GET", f"{PATH}/{system['extId']}")
    fresh = {"If-Match": read.headers["ETag"]}
    assert north("PUT", f"{PATH}/{system['extId']}", json={**read.json()["data"], "value": "X"}, headers=fresh).status_code == 400
    assert north("DELETE", f"{PATH}/{system['extId']}").status_code == 403
    assert north("POST", PATH, json={"key": "A", "value": "B", "type": "SYSTEM"}).status_code == 400


def test_associations_come_with_expand_only(north: Client) -> None:
    web = category(north)

    def associations() -> dict[str, int]:
        listed = north("GET", PATH, params={"$expand": "associations", "$filter": f"extId eq '{web}'"}).json()["data"][0]
        return {entry["resourceType"]: entry["count"] for entry in listed["associations"]}

    before = associations()
    ext_id = north.done(north("POST", "microseg/v4.2/config/policies", json=policy("associated", intra(web))))
    assert "associations" not in north("GET", f"{PATH}/{web}").json()["data"]
    assert associations() == {"VM": 1, "NETWORK_SECURITY_POLICY": before.get("NETWORK_SECURITY_POLICY", 0) + 1}
    detailed = north("GET", f"{PATH}/{web}", params={"$expand": "detailedAssociations"}).json()["data"]["detailedAssociations"]
    assert ext_id in {entry["resourceId"] for entry in detailed}
    assert north("DELETE", f"{PATH}/{web}").status_code == 409
