# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 6: paging, filters, order, select, expand; what is not listed answers 400."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import ESTATE, Client, category, intra, policy

from prismsim.testing import Running, running

SG = "microseg/v4.2/config/service-groups"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    """A fresh world: these tests count."""
    with running(ESTATE) as started:
        client = Client(started, "north")
        web = category(client)
        for name in ("beta", "Alpha", "it's"):
            group = {"name": name.replace("'", "-"), "tcpServices": [{"startPort": 1, "endPort": 1}], "description": "mine"}
            client.done(client("POST", SG, json=group))
        client.done(client("POST", "microseg/v4.2/config/policies", json=policy("filtered", intra(web))))
        yield started


def names(client: Client, path: str, **params: str | int) -> list[str]:
    answer = client("GET", path, params={f"${key}": value for key, value in params.items()})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json().get("data", [])]


def test_pages_are_numbered_from_zero_and_hold_fifty_by_default(north: Client) -> None:
    everything = names(north, SG, limit=100)
    assert names(north, SG, limit=2, page=1) == everything[2:4]
    assert names(north, SG, limit=100, page=9) == []
    for number in range(60):
        north("POST", "prism/v4.3/config/categories", json={"key": "Many", "value": f"v{number}"})
    assert len(north("GET", "prism/v4.3/config/categories").json()["data"]) == 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name eq 'beta'", ["beta"]),
        ("isSystemDefined eq false and name ne 'beta'", ["Alpha", "it-s"]),
        ("contains(name,'lph') or endswith(name,'ta')", ["beta", "Alpha"]),
        ("startswith(name,'be') and not (name eq 'x')", ["beta"]),
        ("name in ('beta','Alpha')", ["beta", "Alpha"]),
        ("description eq 'mine' and name gt 'a'", ["beta", "it-s"]),
    ],
)
def test_filters(north: Client, text: str, expected: list[str]) -> None:
    assert names(north, SG, filter=text, limit=100) == expected


def test_filters_with_enum_literals_and_lambdas(north: Client) -> None:
    policies = "microseg/v4.2/config/policies"
    web = category(north)
    assert names(north, policies, filter="type eq Microseg.Config.SecurityPolicyType'APPLICATION'") == ["filtered"]
    assert names(north, policies, filter=f"securedGroups/any(s:s eq '{web}')") == ["filtered"]
    assert names(north, "clustermgmt/v4.2/config/clusters",
                 filter="config/clusterFunction/any(t:t eq Clustermgmt.Config.ClusterFunctionRef'PRISM_CENTRAL')") == ["pc-north"]  # fmt: skip


def test_order_and_select(north: Client) -> None:
    mine = "description eq 'mine'"
    assert names(north, SG, filter=mine, orderby="name") == ["Alpha", "beta", "it-s"]
    assert names(north, SG, filter=mine, orderby="name desc") == ["it-s", "beta", "Alpha"]
    answer = north("GET", SG, params={"$select": "name", "$filter": mine}).json()["data"]
    assert all(set(item) == {"extId", "name", "$objectType", "$reserved"} for item in answer)


@pytest.mark.parametrize(
    ("path", "params"),
    [
        (SG, {"$limit": 0}),
        (SG, {"$limit": 101}),
        (SG, {"$limit": "many"}),
        (SG, {"$page": -1}),
        (SG, {"$filter": "tcpServices eq 1"}),
        (SG, {"$filter": "name eq"}),
        (SG, {"$filter": "name like 'x'"}),
        (SG, {"$orderby": "isSystemDefined"}),
        (SG, {"$orderby": "name up"}),
        (SG, {"$select": "nothing"}),
        (SG, {"$expand": "policies"}),
        (SG, {"limit": 5}),
        ("prism/v4.3/config/domain-managers", {"$limit": 5}),
        ("prism/v4.3/config/categories", {"$expand": "detailedAssociations"}),
        ("vmm/v4.2/ahv/config/vms", {"$filter": "categories/any(c:c/extId eq 'x')"}),
    ],
)
def test_what_is_not_listed_is_refused(north: Client, path: str, params: dict[str, str | int]) -> None:
    answer = north("GET", path, params=params)
    assert answer.status_code == 400, answer.text
    assert answer.json()["data"]["error"]["validationErrorMessages"][0]["location"] == "@query"
