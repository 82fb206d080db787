# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A killed process comes back as it was: objects, ETags, tasks, replays, ports, ids."""

from __future__ import annotations

import uuid

import pytest
from conftest import ESTATE, Client

from prismsim.estate import EstateError, load
from prismsim.testing import running

AG = "microseg/v4.2/config/address-groups"


def body(name: str) -> dict[str, object]:
    return {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}


def test_everything_survives_a_kill() -> None:
    with running(ESTATE) as simulator:
        client = Client(simulator, "north")
        request_id = str(uuid.uuid4())
        accepted = client("POST", AG, json=body("survivor"), request_id=request_id)
        ext_id = client.done(accepted)
        etag = client("GET", f"{AG}/{ext_id}").headers["ETag"]
        state, ready, mark = simulator.state("north"), simulator.ready, simulator.mark()
        simulator.restart()
        assert simulator.ready == ready
        assert simulator.state("north") == state
        assert client("GET", f"{AG}/{ext_id}").headers["ETag"] == etag
        assert client.task(accepted)["status"] == "SUCCEEDED"
        assert client("POST", AG, json=body("survivor"), request_id=request_id).json() == accepted.json()
        assert [line["path"] for line in simulator.writes(mark)] == [f"/api/{AG}"]


def test_a_task_that_was_running_is_performed_after_the_restart() -> None:
    with running(ESTATE, profile="realistic") as simulator:
        client = Client(simulator, "north")
        accepted = client("POST", AG, json=body("pending"))
        simulator.kill()
        simulator.start()
        simulator.advance(5)
        client.find(AG, name="pending")
        assert client.task(accepted)["status"] == "SUCCEEDED"


def test_a_body_that_the_release_would_refuse_is_told_before_anything_starts() -> None:
    estate = {
        "name": "too-new",
        "sites": {"old": {"prism_central": {"name": "p", "release": "pc.2024.3"}, "clusters": [{"name": "c"}],
                          "address_groups": [{"name": "v6", "ipv6Addresses": [{"value": "fd00::", "prefixLength": 8}]}]}},
    }  # fmt: skip
    with pytest.raises(RuntimeError, match=r"address_groups\.v6: ipv6Addresses.*pc\.2024\.3"), running(estate):
        raise AssertionError("it started")


def test_a_bad_estate_and_a_bad_switch_are_refused() -> None:
    with pytest.raises(EstateError):
        load({"name": "x", "sites": {}})
    for wrong, words in (({"switches": {"nonsense": True}}, "unknown switch 'nonsense'"), ({"faults": [{"do": "explode"}]}, r"faults\[0\]")):
        with pytest.raises(RuntimeError, match=words), running({**ESTATE, **wrong}):
            raise AssertionError("it started")
