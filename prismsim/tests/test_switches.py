# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each switch that no other test turns: both answers."""

from __future__ import annotations

import uuid
from dataclasses import fields
from pathlib import Path

from conftest import ESTATE, Client, category, inbound, policy

from prismsim.switches import Switches
from prismsim.testing import running

POLICIES = "microseg/v4.2/config/policies"
README = Path(__file__).parents[1] / "README.md"


def ports(client: Client, ext_id: str) -> list[int]:
    rules = client("GET", f"{POLICIES}/{ext_id}").json()["data"]["rules"]
    return [rule["spec"]["tcpServices"][0]["startPort"] for rule in rules]


def test_the_other_answers() -> None:
    chosen = {"empty_list_omits_data": False, "shuffle": False, "refuse_delete_in_use": False, "enforce_array_maxima": True}
    with running({**ESTATE, "switches": chosen}) as simulator:
        client = Client(simulator, "north")
        assert client("GET", POLICIES, params={"$filter": "name eq 'nobody'"}).json()["data"] == []
        web = category(client)
        group = client.find("microseg/v4.2/config/address-groups", name="branches")["extId"]
        rules = [inbound(web, srcAddressGroupReferences=[group], tcpServices=[{"startPort": n, "endPort": n}]) for n in range(1, 21)]
        ext_id = client.done(client("POST", POLICIES, json=policy("kept", *rules)))
        assert ports(client, ext_id) == list(range(1, 21))
        client.done(client("DELETE", f"microseg/v4.2/config/address-groups/{group}"))
        too_many = client("POST", POLICIES, json=policy("many", *[inbound(web)] * 81))
        assert too_many.status_code == 400
        assert "rules" in too_many.text


def test_the_stricter_answers() -> None:
    names = ("request_id_ignores_path", "delete_requires_etag", "name_conflict_answers_409", "refuse_server_set_fields")
    with running({**ESTATE, "switches": dict.fromkeys(names, True)}) as simulator:
        client = Client(simulator, "north")
        groups = "microseg/v4.2/config/address-groups"
        body = {"name": "strict", "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}
        request_id = str(uuid.uuid4())
        first = client("POST", groups, json=body, request_id=request_id)
        ext_id = client.done(first)
        assert client("DELETE", f"{groups}/{ext_id}", request_id=request_id).json() == first.json()
        assert client("DELETE", f"{groups}/{ext_id}").status_code == 428
        assert client("POST", groups, json=body).status_code == 409
        read = client("GET", f"{groups}/{ext_id}")
        fresh = {"If-Match": read.headers["ETag"]}
        refused = client("PUT", f"{groups}/{ext_id}", json=read.json()["data"], headers=fresh)
        assert refused.status_code == 400
        assert "createdBy" in refused.text
        client.done(client("PUT", f"{groups}/{ext_id}", json={**body, "description": "mine"}, headers=fresh))
        client.done(client("DELETE", f"{groups}/{ext_id}", headers={"If-Match": client("GET", f"{groups}/{ext_id}").headers["ETag"]}))


def test_every_switch_is_documented_with_its_default() -> None:
    text = README.read_text(encoding="utf-8")
    for field in fields(Switches):
        assert f"| `{field.name}` | {str(field.default).lower()} |" in text
