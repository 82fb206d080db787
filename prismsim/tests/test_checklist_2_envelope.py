# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 2: the envelope, object types, versions, and errors under ``data.error``."""

from __future__ import annotations

from typing import Any

from conftest import Client, category, inbound, intra, policy


def test_a_list_tells_total_flags_links_and_types(north: Client) -> None:
    answer = north("GET", "prism/v4.1/config/categories", params={"$limit": 2, "$page": 1}).json()
    flags = {flag["name"]: flag["value"] for flag in answer["metadata"]["flags"]}
    assert flags == {"hasError": False, "isPaginated": True}
    assert {link["rel"] for link in answer["metadata"]["links"]} == {"self", "first", "last", "previous", "next"}
    assert answer["metadata"]["totalAvailableResults"] > 2
    assert answer["$objectType"] == "prism.v4.config.ListCategoriesApiResponse"
    assert answer["$dataItemDiscriminator"] == "List<prism.v4.config.Category>"
    assert all(item["$reserved"] == {"$fv": "v4.r1"} for item in answer["data"])


def test_a_list_without_a_hit_leaves_data_out(north: Client) -> None:
    answer = north("GET", "microseg/v4.2/config/policies", params={"$filter": "name eq 'nobody'"}).json()
    assert "data" not in answer
    assert answer["metadata"]["totalAvailableResults"] == 0


def test_every_level_of_an_object_carries_its_type_but_rules_no_discriminator(north: Client) -> None:
    web = category(north)
    ext_id = north.done(north("POST", "microseg/v4.2/config/policies", json=policy("levels", intra(web), inbound(web))))
    data = north("GET", f"microseg/v4.2/config/policies/{ext_id}").json()["data"]

    def check(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                check(item)
        if isinstance(value, dict):
            assert value["$objectType"]
            assert value["$reserved"]["$fv"]
            assert "$specItemDiscriminator" not in value
            for key, item in value.items():
                if not key.startswith("$"):
                    check(item)

    check(data)


def test_application_errors_and_schema_errors_have_their_shapes(north: Client) -> None:
    missing = north("GET", "microseg/v4.2/config/policies/11111111-1111-4111-8111-111111111111").json()
    assert missing["$dataItemDiscriminator"] == "microseg.v4.error.ErrorResponse"
    assert missing["data"]["$errorItemDiscriminator"] == "List<microseg.v4.error.AppMessage>"
    assert missing["data"]["error"][0]["errorGroup"] == "RESOURCE_NOT_FOUND"
    wrong = north("GET", "microseg/v4.2/config/policies/not-a-uuid").json()
    assert wrong["data"]["$errorItemDiscriminator"] == "microseg.v4.error.SchemaValidationError"
    assert wrong["data"]["error"]["validationErrorMessages"][0]["attributePath"] == "extId"
