# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may call and in which version: passwords, keys, sessions, negotiation, errors that the SDK can read."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.contract.sdk import Site, data_of, package, refusal, sdk_minor

NEGOTIATES = sdk_minor("prism") >= 2


def test_wrong_password(site: Site) -> None:
    api = site.api("prism", "CategoriesApi", password="wrong")
    refusal("prism", api.list_categories, 401)


def test_api_key(site: Site) -> None:
    # Not categories: some SDK releases offer them with a password only.
    assert data_of(site.api("microseg", "AddressGroupsApi", api_key="contract-key").list_address_groups())
    refusal("microseg", site.api("microseg", "AddressGroupsApi", api_key="wrong").list_address_groups, 401)


def test_refused_queries_are_error_responses(site: Site) -> None:
    body = refusal("microseg", lambda: site.api("microseg", "AddressGroupsApi").list_address_groups(_limit=1000), 400)
    error = site.model("microseg", "error.ErrorResponse", body["data"])
    assert error.error.status_code == 400
    assert error.error.validation_error_messages[0].message


def test_unknown_objects_are_error_responses(site: Site) -> None:
    api = site.api("microseg", "AddressGroupsApi")
    body = refusal("microseg", lambda: api.get_address_group_by_id("11111111-2222-4333-8444-555555555555"), 404)
    messages = site.model("microseg", "error.ErrorResponse", body["data"]).error
    assert messages[0].code
    assert messages[0].severity == "ERROR"


@pytest.mark.skipif(not NEGOTIATES, reason="negotiation came with minor 4.2 of the SDKs, which this one lacks")
def test_negotiation_settles_on_what_both_know(site: Site) -> None:
    for namespace, api, call in (("microseg", "AddressGroupsApi", "list_address_groups"), ("prism", "CategoriesApi", "list_categories")):
        client = site.client(namespace)
        getattr(getattr(package(namespace), api)(api_client=client), call)()
        assert client.get_negotiated_version() in (None, f"v4.{site.minor(namespace)}")
        assert client.configuration.negotiation_completed


@pytest.mark.skipif(sdk_minor("prism") < 3, reason="needs an SDK with a minor that some site lacks; this one's are served by each")
def test_without_negotiation_a_newer_minor_is_unknown(world: Any) -> None:
    site = Site("pc-7-5", world.ready)
    refusal("prism", site.api("prism", "CategoriesApi", negotiate=False).list_categories, 404)


def test_highest_version_is_told(site: Site, world: Any) -> None:
    access = world.ready["sites"][site.id]["prism_central"]
    answer = requests.options(
        f"{site.url}/api/microseg/unversioned/info", auth=(access["username"], access["password"]), verify=world.ready["ca"], timeout=10
    )
    highest = {"pc-7-5": "v4.2", "pc-7-6": "v4.3"}.get(site.id)
    if highest is None:
        # Whether Prism Centrals of minors 4.0 and 4.1 answer is unknown; the default reading is that they do not.
        assert answer.status_code == 404
    else:
        assert (answer.status_code, answer.json()["data"]) == (200, highest)
