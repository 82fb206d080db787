# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 1: paths, verbs, 202 with TaskReference and Location, task ids."""

from __future__ import annotations

import re

import pytest
from conftest import Client

AG = "microseg/v4.2/config/address-groups"


def body(name: str) -> dict[str, object]:
    return {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}


def test_a_write_is_accepted_with_a_task_reference_and_its_location(north: Client) -> None:
    answer = north("POST", AG, json=body("accepted"))
    assert answer.status_code == 202
    reference = answer.json()["data"]
    assert reference["$objectType"] == "prism.v4.config.TaskReference"
    assert re.fullmatch(r"ZXJnb24=:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", reference["extId"])
    assert answer.headers["Location"].endswith(f"/api/prism/v4.3/config/tasks/{reference['extId']}")


def test_a_task_is_read_by_its_encoded_id_and_not_by_a_bare_uuid(north: Client) -> None:
    ext_id = north("POST", AG, json=body("encoded")).json()["data"]["extId"]
    encoded = ext_id.replace("=", "%3D").replace(":", "%3A")
    assert north("GET", f"prism/v4.0/config/tasks/{encoded}").json()["data"]["extId"] == ext_id
    assert north("GET", f"prism/v4.0/config/tasks/{ext_id.split(':')[1]}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "microseg/v4.2/config/no-such-things", 404),
        ("GET", "nothing/v4.0/config/policies", 404),
        ("PATCH", AG, 405),
        ("GET", f"{AG}/not-a-uuid", 400),
        ("GET", f"{AG}/11111111-1111-4111-8111-111111111111", 404),
        ("GET", "microseg/v4.2/config/category-mappings", 501),
        ("GET", "microseg/v4.2/config/directory-server-configs", 501),
    ],
)
def test_what_is_not_there_says_so(north: Client, method: str, path: str, status: int) -> None:
    answer = north(method, path)
    assert answer.status_code == status
    assert answer.json()["data"]["$objectType"] == "microseg.v4.error.ErrorResponse" or "nothing" in path


def test_tasks_are_listed_newest_first_and_filtered(north: Client) -> None:
    north.done(north("POST", AG, json=body("older")))
    north.refused(north("POST", AG, json=body("older")))
    listed = north("GET", "prism/v4.3/config/tasks", params={"$limit": 2}).json()["data"]
    assert [task["status"] for task in listed] == ["FAILED", "SUCCEEDED"]
    failed = north("GET", "prism/v4.3/config/tasks", params={"$filter": "status eq Prism.Config.TaskStatus'FAILED'"})
    assert {task["status"] for task in failed.json()["data"]} == {"FAILED"}
    ext_id = listed[1]["entitiesAffected"][0]["extId"]
    by_entity = north("GET", "prism/v4.3/config/tasks", params={"$filter": f"entitiesAffected/any(e:e/extId eq '{ext_id}')"})
    assert [task["extId"] for task in by_entity.json()["data"]] == [listed[1]["extId"]]
