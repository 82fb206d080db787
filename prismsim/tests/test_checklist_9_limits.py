# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 9, and the realistic profile: rate limits with headers, tasks that take time, an odd 503."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ESTATE, Client

from prismsim.contract import catalog, newest_minor
from prismsim.limits import operation_limit
from prismsim.testing import Running, running

AG = "microseg/v4.2/config/address-groups"


@pytest.fixture(scope="module")
def simulator() -> Iterator[Running]:
    with running(ESTATE, profile="realistic") as started:
        yield started


def body(name: str) -> dict[str, object]:
    return {"name": name, "ipv4Addresses": [{"value": "10.0.0.1", "prefixLength": 32}]}


def test_answers_carry_what_is_left(north: Client) -> None:
    headers = north("GET", AG).headers
    assert headers["x-api-ratelimit-limit"] == "5"
    assert headers["x-api-ratelimit-refresh-period-seconds"] == "1"
    assert 0 <= int(headers["x-api-ratelimit-remaining"]) <= 4
    assert headers["x-ratelimit-limit"] == "80"


def test_one_call_too_many_is_told_to_wait(simulator: Running) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: Client(simulator, "north")("GET", AG), range(16)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(answer.headers["Retry-After"] == "1" for answer in refused)
    assert refused[0].json()["data"]["error"][0]["errorGroup"] == "RATE_LIMIT_EXCEEDED"
    assert any(answer.status_code == 200 for answer in answers)


def test_a_task_takes_time_and_its_effect_comes_with_its_end(north: Client) -> None:
    time.sleep(1)
    answer = north("POST", AG, json=body("patience"))
    task = north.task(answer)
    assert task["status"] == "RUNNING"
    assert "entitiesAffected" not in task
    assert "data" not in north("GET", AG, params={"$filter": "name eq 'patience'"}).json()
    deadline = time.monotonic() + 5
    while task["status"] == "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.1)
        task = north.task(answer)
    assert task["status"] == "SUCCEEDED"
    while "entitiesAffected" not in task and time.monotonic() < deadline:
        time.sleep(0.05)
        task = north.task(answer)
    assert task["entitiesAffected"][0]["rel"] == "microseg:config:address-group"


def test_the_clock_can_be_advanced_past_a_task(north: Client) -> None:
    time.sleep(1)
    answer = north("POST", AG, json=body("leap"))
    north.simulator.advance(5)
    assert north.task(answer)["status"] == "SUCCEEDED"


def test_an_occasional_503_is_a_fault_away(north: Client) -> None:
    north.simulator.fault(do="status", status=503, site="north", match={"path": "categories", "every": 3})
    statuses = [north("GET", "prism/v4.3/config/categories").status_code for _ignored in range(6)]
    assert statuses == [200, 200, 503, 200, 200, 503]


@pytest.mark.parametrize(
    ("namespace", "operation", "limit"),
    [
        ("datapolicies", "list_protection_policies", 2),
        ("datapolicies", "update_protection_policy_by_id", 1),
        ("datapolicies", "create_protection_policy", 2),
        ("datapolicies", "list_recovery_stages", 10),
        ("datapolicies", "create_recovery_stage", 2),
        ("datapolicies", "list_consistency_rules_by_protection_policy_id", 20),
        ("dataprotection", "list_recovery_plan_jobs", 5),
        ("dataprotection", "list_execution_steps_by_recovery_plan_job_id", 10),
        ("dataprotection", "create_recovery_point", 2),
        ("dataprotection", "planned_failover_recovery_plan", None),
        ("microseg", "list_address_groups", 5),
        ("vmm", "list_vms", 2),
    ],
)
def test_published_limits(namespace: str, operation: str, limit: int | None) -> None:
    (found,) = [each for each in catalog(namespace, newest_minor("pc.7.6", namespace)).operations if each.id == operation]
    assert operation_limit(found) == limit
