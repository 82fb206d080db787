# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 5: a repeated NTNX-Request-Id gets the first answer; a missing one is refused."""

from __future__ import annotations

import uuid

from conftest import ESTATE, Client

from prismsim.testing import running

AG = "microseg/v4.2/config/address-groups"


def body(name: str) -> dict[str, object]:
    return {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}


def test_replay_returns_the_first_task(north: Client) -> None:
    request_id = str(uuid.uuid4())
    first = north("POST", AG, json=body("replayed"), request_id=request_id)
    second = north("POST", AG, json=body("replayed"), request_id=request_id)
    assert first.json() == second.json()
    north.find(AG, name="replayed")


def test_replay_of_a_synchronous_call_returns_the_first_answer(north: Client) -> None:
    request_id = str(uuid.uuid4())
    category = {"key": "Replay", "value": "One"}
    answers = [north("POST", "prism/v4.3/config/categories", json=category, request_id=request_id) for _ignored in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def test_a_refused_call_is_not_remembered(north: Client) -> None:
    request_id = str(uuid.uuid4())
    assert north("POST", AG, json={"name": "x,y"}, request_id=request_id).status_code == 400
    north.done(north("POST", AG, json=body("second-try"), request_id=request_id))


def test_a_mutation_without_request_id_is_refused_unless_switched_off(north: Client) -> None:
    assert north("POST", AG, json=body("anonymous"), request_id=None).status_code == 400
    assert north("POST", AG, json=body("anonymous"), request_id="no-uuid").status_code == 400
    assert north("GET", AG, request_id=None).status_code == 200
    with running({**ESTATE, "switches": {"require_request_id": False}}) as relaxed:
        client = Client(relaxed, "north")
        client.done(client("POST", AG, json=body("anonymous"), request_id=None))
