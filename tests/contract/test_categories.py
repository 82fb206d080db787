# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Categories: answered at once, key immutable, associations on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.kinds import category
from tests.contract.sdk import Site, check_known, data_of, refusal


@pytest.fixture
def api(site: Site) -> Any:
    return site.api("prism", "CategoriesApi")


@pytest.fixture
def made(site: Site, api: Any) -> Iterator[Any]:
    """A fresh category as the create call answers it."""
    model = site.model("prism", "config.Category", {"key": "Contract", "value": "First", "description": "made by the SDK"})
    entity = data_of(api.create_category(model))
    yield entity
    if data_of(api.list_categories(_filter=f"extId eq '{entity.ext_id}'")):
        api.delete_category_by_id(entity.ext_id)


def test_create_answers_the_entity(made: Any, api: Any) -> None:
    read = data_of(api.get_category_by_id(made.ext_id))
    assert (read.key, read.value, read.description, read.type) == ("Contract", "First", "made by the SDK", "USER")
    assert read.owner_uuid


def test_value_changes_and_the_id_stays(made: Any, api: Any) -> None:
    read = data_of(api.get_category_by_id(made.ext_id))
    read.value, read.description = "Second", "changed"
    check_known(api.update_category_by_id(made.ext_id, read))
    again = data_of(api.get_category_by_id(made.ext_id))
    assert (again.value, again.description) == ("Second", "changed")


def test_key_is_immutable(made: Any, api: Any) -> None:
    read = data_of(api.get_category_by_id(made.ext_id))
    read.key = "Other"
    refusal("prism", lambda: api.update_category_by_id(made.ext_id, read), 400)


def test_stale_etag(made: Any, api: Any) -> None:
    read = data_of(api.get_category_by_id(made.ext_id))
    read.description = "one"
    api.update_category_by_id(made.ext_id, read)
    read.description = "two"
    refusal("prism", lambda: api.update_category_by_id(made.ext_id, read), 412)


def test_key_and_value_are_unique_together(site: Site, made: Any, api: Any) -> None:
    refusal("prism", lambda: api.create_category(site.model("prism", "config.Category", {"key": "Contract", "value": "First"})), 409)


def test_delete_then_gone(made: Any, api: Any) -> None:
    assert api.delete_category_by_id(made.ext_id) is None
    refusal("prism", lambda: api.get_category_by_id(made.ext_id), 404)


def test_system_categories_stay(site: Site, api: Any) -> None:
    body = refusal("prism", lambda: api.delete_category_by_id(category(site, "Quarantine", "Default")), 403)
    assert body["data"]["error"]


def test_a_category_in_use_stays(site: Site, api: Any) -> None:
    refusal("prism", lambda: api.delete_category_by_id(category(site, "AppType", "Shop")), 409)


def test_associations_come_on_request_only(site: Site, api: Any) -> None:
    ext_id = category(site, "AppType", "Shop")
    assert data_of(api.get_category_by_id(ext_id)).associations is None
    read = data_of(api.get_category_by_id(ext_id, _expand="associations"))
    counts = {entry.resource_type: entry.count for entry in read.associations}
    assert counts["VM"] == 2
    detailed = data_of(api.get_category_by_id(ext_id, _expand="detailedAssociations")).detailed_associations
    assert sum(entry.resource_type == "VM" for entry in detailed) == 2
    listed = data_of(api.list_categories(_filter=f"extId eq '{ext_id}'", _expand="associations"))
    assert {entry.resource_type for entry in listed[0].associations} == set(counts)
