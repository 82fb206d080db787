# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One running simulator for all tests that leave it usable for others, and a small HTTP client that knows what every call needs."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from prismsim.testing import Running, running

Json = Any

ESTATE: dict[str, Any] = {
    "name": "two-sites",
    "sites": {
        "north": {
            "prism_central": {"name": "pc-north", "release": "pc.7.5.1", "api_keys": ["key-north"]},
            "clusters": [{"name": "north-ahv", "virtual_ip": "10.1.0.10"}],
            "categories": [
                {"key": "AppType", "value": "Web"},
                {"key": "AppTier", "value": "DB"},
                {"key": "SharedService", "value": "DNS"},
            ],
            "vpcs": [{"name": "prod"}],
            "subnets": [
                {"name": "vlan10", "type": "vlan", "vlan_id": 10, "cluster": "north-ahv", "prefix": "10.1.1.0/24"},
                {"name": "app", "type": "overlay", "vpc": "prod", "prefix": "10.2.1.0/24"},
            ],
            "network_functions": [{"name": "ids"}],
            "address_groups": [{"name": "branches", "ipv4Addresses": [{"value": "10.9.0.0", "prefixLength": 16}]}],
            "vms": [
                {
                    "name": "web-1",
                    "cluster": "north-ahv",
                    "categories": ["@category:AppType/Web"],
                    "nics": [{"subnet": "vlan10", "ip": "10.1.1.11"}],
                },
                {"name": "db-1", "cluster": "north-ahv", "nics": [{"subnet": "prod/app", "ip": "10.2.1.12"}]},
            ],
            "availability": {"registered_with": ["south"]},
            "entity_sync": [{"entity_type": "ADDRESS_GROUP", "name": "branches", "remote_site": "south", "status": "OUT_OF_SYNC"}],
        },
        "south": {
            "prism_central": {"name": "pc-south", "release": "pc.7.6"},
            "clusters": [{"name": "south-ahv"}],
            "categories": [{"key": "AppType", "value": "Web"}],
            "vpcs": [{"name": "prod"}],
            "subnets": [
                {"name": "vlan10", "type": "vlan", "vlan_id": 10, "cluster": "south-ahv", "prefix": "10.3.1.0/24"},
                {"name": "app", "type": "overlay", "vpc": "prod", "prefix": "10.2.1.0/24"},
            ],
        },
        "old": {"prism_central": {"name": "pc-old", "release": "pc.2024.3"}, "clusters": [{"name": "old-ahv"}]},
    },
}


class Client:
    """Calls one Prism Central; paths are written ``<namespace>/v4.<minor>/...`` below ``/api``."""

    def __init__(self, simulator: Running, site: str) -> None:
        self.simulator = simulator
        self._site = site
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        """One call with a fresh request id; ``request_id=None`` sends none."""
        site = self.simulator.site(self._site)
        headers = dict(options.pop("headers", {}))
        request_id = options.pop("request_id", str(uuid.uuid4()))
        if request_id is not None:
            headers["NTNX-Request-Id"] = request_id
        auth = options.pop("auth", (site["username"], site["password"]))
        return self.session.request(
            method, f"{site['url']}/api/{path}", headers=headers, auth=auth,
            verify=self.simulator.ready["ca"], timeout=options.pop("timeout", 10), **options,
        )  # fmt: skip

    def task(self, response: requests.Response) -> Json:
        """The task that a 202 answer refers to."""
        assert response.status_code == 202, response.text
        return self("GET", f"prism/v4.0/config/tasks/{response.json()['data']['extId']}").json()["data"]

    def done(self, response: requests.Response) -> str:
        """The id of what a task made or changed; the task must have succeeded."""
        task = self.task(response)
        assert task["status"] == "SUCCEEDED", task
        ext_id: str = task["entitiesAffected"][0]["extId"]
        return ext_id

    def refused(self, response: requests.Response) -> str:
        """The first error text of a task that must have failed."""
        task = self.task(response)
        assert task["status"] == "FAILED", task
        text: str = task["errorMessages"][0]["message"]
        return text

    def refused_later(self, response: requests.Response) -> str:
        """The first error text of a task that fails as soon as its time has come."""
        self.simulator.advance(3)
        return self.refused(response)

    def find(self, path: str, **wanted: str) -> Json:
        """The one object of a list whose members have these values."""
        condition = " and ".join(f"{name} eq '{value}'" for name, value in wanted.items())
        found = self("GET", path, params={"$filter": condition}).json().get("data", [])
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="session")
def simulator() -> Iterator[Running]:
    with running(ESTATE) as started:
        yield started


@pytest.fixture
def north(simulator: Running) -> Iterator[Client]:
    yield Client(simulator, "north")
    simulator.clear_faults()


@pytest.fixture
def south(simulator: Running) -> Client:
    return Client(simulator, "south")


@pytest.fixture
def old(simulator: Running) -> Client:
    return Client(simulator, "old")


def category(client: Client, key: str = "AppType", value: str = "Web") -> str:
    """The id of a category."""
    ext_id: str = client.find("prism/v4.0/config/categories", key=key, value=value)["extId"]
    return ext_id


def intra(category_id: str, **more: Any) -> dict[str, Any]:
    """An intra-group rule."""
    spec = {
        "$objectType": "microseg.v4.config.IntraEntityGroupRuleSpec",
        "securedGroupAction": "ALLOW",
        "securedGroupCategoryReferences": [category_id],
    }
    return {"type": "INTRA_GROUP", "spec": spec, **more}


def inbound(category_id: str, **spec: Any) -> dict[str, Any]:
    """An application rule with TCP 443 from the given peer."""
    whole = {
        "$objectType": "microseg.v4.config.ApplicationRuleSpec",
        "securedGroupCategoryReferences": [category_id],
        "tcpServices": [{"startPort": 443, "endPort": 443}],
        **(spec or {"srcAllowSpec": "ALL"}),
    }
    return {"type": "APPLICATION", "spec": whole}


def policy(name: str, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An application policy in monitor mode."""
    return {"name": name, "type": "APPLICATION", "state": "MONITOR", "scope": "ALL_VLAN", "rules": list(rules), **more}
