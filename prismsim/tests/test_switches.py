# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each switch that no other test turns: both answers."""

from __future__ import annotations

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


def test_every_switch_is_documented_with_its_default() -> None:
    text = README.read_text(encoding="utf-8")
    for field in fields(Switches):
        assert f"| `{field.name}` | {str(field.default).lower()} |" in text
