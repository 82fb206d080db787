# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage containers and vStores: what is there, what is used, what follows when one is renamed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Client
from element_client import PRIMARY, Element, estate

from prismsim.testing import running

GIB = 1024**3
CONTAINERS = "v2.0/storage_containers"


@pytest.fixture
def north() -> Iterator[Element]:
    with running(estate(paired=True)) as simulator:
        yield Element(simulator, PRIMARY)


def named(north: Element, name: str) -> dict[str, str]:
    return next(container for container in north("GET", CONTAINERS)["entities"] if container["name"] == name)


def test_a_vstore_comes_with_its_container(north: Element) -> None:
    assert north("POST", CONTAINERS, {"name": "fresh"}) == {"value": True}
    fresh = named(north, "fresh")
    stores = north("GET", "v2.0/vstores")["entities"]
    assert {store["name"]: store["uuid"] for store in stores}["fresh"] == fresh["storage_container_uuid"]
    assert north("GET", "v1/vstores", names="fresh")[0]["Uuid"] == fresh["storage_container_uuid"]
    assert north("GET", f"v1/containers/{fresh['storage_container_uuid']}")["containerUuid"] == fresh["storage_container_uuid"]
    central = Client(north.simulator, "north")
    central.find("clustermgmt/v4.0/config/storage-containers", name="fresh")
    assert north("DELETE", f"{CONTAINERS}/{fresh['storage_container_uuid']}") == {"value": True}
    assert "fresh" not in [store["name"] for store in north("GET", "v1/vstores")]


def test_usage_is_what_lies_on_it(north: Element) -> None:
    used = named(north, "default-container-77107")["usage_stats"]
    assert used["storage.usage_bytes"] == str((10 + 8 + 4) * GIB)
    assert used["storage.free_bytes"] == str((1000 - 22) * GIB)
    assert named(north, "NutanixManagementShare")["is_nutanix_managed"] is True
    assert named(north, "SelfServiceContainer")["is_nutanix_managed"] is None


def test_renaming_a_container_breaks_the_map(north: Element) -> None:
    old = named(north, "default-container-77107")
    body = {"id": old["id"], "storage_container_uuid": old["storage_container_uuid"], "name": "renamed", "vstore_name_list": ["renamed"]}
    assert north("PATCH", CONTAINERS, body) == {"value": True}
    assert named(north, "renamed")["mapped_remote_containers"] == {}
    assert "default-container-77107" in north.site("ahv-dr")["vstore_name_map"]


def test_what_cannot_be_is_refused(north: Element) -> None:
    full = named(north, "default-container-77107")["storage_container_uuid"]
    assert "not empty" in north.refused(500, "DELETE", f"{CONTAINERS}/{full}")
    assert "already exists" in north.refused(500, "POST", CONTAINERS, {"name": "SelfServiceContainer"})
    assert "already exists" in north.refused(500, "PUT", CONTAINERS, {"storage_container_uuid": full, "name": "SelfServiceContainer"})
    assert "does not exist" in north.refused(404, "GET", "v2.0/vstores/00000000-0000-4000-8000-000000000000")
