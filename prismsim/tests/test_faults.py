# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault, as a client feels it; and that the write behind it is done or not done as told."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from conftest import ESTATE, Client

from prismsim.testing import ControlError, running

AG = "microseg/v4.2/config/address-groups"
POSTS = {"method": "POST", "path": "address-groups", "times": 1}


def body(name: str) -> dict[str, object]:
    return {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}


def exists(client: Client, name: str) -> bool:
    return "data" in client("GET", AG, params={"$filter": f"name eq '{name}'"}).json()


@pytest.mark.parametrize(("do", "written"), [("refuse", False), ("reset_before", False), ("reset_after", True)])
def test_broken_connections(north: Client, do: str, written: bool) -> None:
    north.simulator.fault(do=do, site="north", match=POSTS)
    with pytest.raises(requests.ConnectionError):
        north("POST", AG, json=body(f"broken-{do}"))
    assert exists(north, f"broken-{do}") is written


@pytest.mark.parametrize(("do", "written"), [("blackhole", False), ("blackhole_after", True)])
def test_blackhole_answers_never(north: Client, do: str, written: bool) -> None:
    north.simulator.fault(do=do, match={**POSTS, "method": ["POST", "PUT", "DELETE"]})
    with pytest.raises(requests.ReadTimeout):
        north("POST", AG, json=body(do.replace("_", "-")), timeout=0.5)
    assert exists(north, do.replace("_", "-")) is written


def test_slow(north: Client) -> None:
    north.simulator.fault(do="slow", ms=300, match={"times": 1})
    started = time.monotonic()
    assert north("GET", AG).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_held_before_and_after_the_work_until_released(north: Client) -> None:
    for do in ("hold", "hold_after"):
        north.simulator.fault(do=do, match={"method": "POST", "path": "address-groups"})
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(north, "POST", AG, json=body("held"))
        assert held(north) == ["before POST"]
        assert not exists(north, "held")
        north.simulator.release()
        assert held(north, "after") == ["after POST"]
        assert exists(north, "held")
        assert not answer.done()
        north.simulator.clear_faults()
        assert answer.result(10).status_code == 202


def test_a_held_call_whose_caller_gives_up_is_never_carried_out(north: Client) -> None:
    north.simulator.fault(do="hold", match=POSTS)
    with pytest.raises(requests.ReadTimeout):
        north("POST", AG, json=body("given-up"), timeout=0.5)
    time.sleep(0.1)
    assert north.simulator.held() == []
    assert not exists(north, "given-up")


def held(client: Client, when: str = "before") -> list[str]:
    """What is held, once something is held at that moment."""
    deadline = time.monotonic() + 10
    while not any(call["when"] == when for call in client.simulator.held()):
        assert time.monotonic() < deadline, "nothing is held"
        time.sleep(0.01)
    return [f"{call['when']} {call['method']}" for call in client.simulator.held()]


def test_truncated_answer(north: Client) -> None:
    north.simulator.fault(do="truncate", match={"method": "GET", "times": 1})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        north("GET", AG).json()


def test_html_instead_of_json(north: Client) -> None:
    north.simulator.fault(do="html", match={"times": 1})
    answer = north("GET", AG)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"] == "text/html"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_statuses(north: Client, status: int) -> None:
    north.simulator.fault(do="status", status=status, retry_after=7, match=POSTS)
    answer = north("POST", AG, json=body(f"status-{status}"))
    assert answer.status_code == status
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["data"]["error"][0]["severity"] == "ERROR"
    assert not exists(north, f"status-{status}")


def test_stale_etag(north: Client) -> None:
    ext_id = north.done(north("POST", AG, json=body("stale")))
    read = north("GET", f"{AG}/{ext_id}")
    fresh = {"If-Match": read.headers["ETag"]}
    north.simulator.fault(do="stale_etag", match={"method": "PUT", "times": 1})
    assert north("PUT", f"{AG}/{ext_id}", json=read.json()["data"], headers=fresh).status_code == 412
    north.done(north("PUT", f"{AG}/{ext_id}", json=read.json()["data"], headers=fresh))


@pytest.mark.parametrize(("do", "status"), [("task_failed", "FAILED"), ("task_canceled", "CANCELED"), ("task_never_ends", "RUNNING")])
def test_tasks_that_end_badly_or_never(north: Client, do: str, status: str) -> None:
    north.simulator.fault(do=do, match=POSTS)
    answer = north("POST", AG, json=body(do.replace("_", "-")))
    assert north.task(answer)["status"] == status
    north.simulator.advance(3600)
    assert north.task(answer)["status"] == status
    assert not exists(north, do.replace("_", "-"))


def test_empty_list(north: Client) -> None:
    north.simulator.fault(do="empty_list", match={"path": "service-groups"})
    answer = north("GET", "microseg/v4.2/config/service-groups").json()
    assert "data" not in answer
    assert answer["metadata"]["totalAvailableResults"] == 0


def test_only_the_nth_call_and_only_so_often(north: Client) -> None:
    north.simulator.fault(do="status", status=500, match={"path": "categories", "nth": 2})
    north.simulator.fault(do="status", status=503, match={"path": "service-groups", "times": 2})
    assert [north("GET", "prism/v4.0/config/categories").status_code for _ignored in range(3)] == [200, 500, 200]
    assert [north("GET", "microseg/v4.0/config/service-groups").status_code for _ignored in range(3)] == [503, 503, 200]


@pytest.mark.parametrize("bad", [{"do": "explode"}, {"do": "slow", "site": "moon"}, {"do": "slow", "when": 1}, {"do": "slow", "match": {"path": "("}}])
def test_a_bad_fault_is_refused(north: Client, bad: dict[str, object]) -> None:
    with pytest.raises(ControlError):
        north.simulator.control("POST", "/faults", bad)


@pytest.mark.parametrize(("do", "written"), [("kill_before", False), ("kill_after", True)])
def test_death_at_a_write(do: str, written: bool) -> None:
    with running(ESTATE) as simulator:
        client = Client(simulator, "north")
        simulator.fault(do=do, match={"method": "POST", "path": "address-groups", "nth": 2})
        client.done(client("POST", AG, json=body("first")))
        with pytest.raises(requests.ConnectionError):
            client("POST", AG, json=body("second"))
        simulator.restart()
        assert exists(client, "first")
        assert exists(client, "second") is written
        client("POST", AG, json=body("third"))  # the fault is used up: it does not strike again
        assert simulator.alive()


def test_faults_of_the_estate_are_armed_from_the_start() -> None:
    estate = {**ESTATE, "faults": [{"do": "status", "status": 500, "site": "north", "match": {"path": "policies"}}]}
    with running(estate) as simulator:
        assert Client(simulator, "north")("GET", "microseg/v4.2/config/policies").status_code == 500
