"""vm_categories against the simulator: adds, takes away, converges, and names what could not be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.pair import MINIMAL
from tests.integration.play import connection_of


@pytest.fixture
def sim() -> Iterator[Running]:
    with running(MINIMAL) as started:
        yield started


def run(sim: Running, *vms: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
    return run_module("vm_categories", {**connection_of(sim.ready, "north"), "vms": list(vms), **options}, check=check)


def categories(sim: Running, name: str) -> list[str]:
    return sorted(category["extId"] for category in sim.state("north")["vm"][name]["categories"])


WEB_1 = {"name": "web-1", "categories": {"AppTier": ["App", "Web"]}}
TEST_1 = {"name": "test-1", "categories": {"AppTier": "Web"}}


def test_life(sim: Running) -> None:
    before = categories(sim, "web-1")
    mark = sim.mark()
    checked = run(sim, WEB_1, TEST_1, check=True)
    assert sim.writes(mark) == []
    assert (checked["changed"], checked["outcomes"]) == (True, [])
    assert [entry["after_header"] for entry in checked["diff"]] == ["categories of VM 'web-1' on 127.0.0.1", "categories of VM 'test-1' on 127.0.0.1"]
    done = run(sim, WEB_1, TEST_1)
    assert {key: done[key] for key in ("changed", "vms")} == {key: checked[key] for key in ("changed", "vms")}
    assert [(outcome["name"], outcome["status"]) for outcome in done["outcomes"]] == [("web-1", "done"), ("test-1", "done")]
    assert set(categories(sim, "web-1")) - set(before) == {"@category:AppTier/App"}
    mark = sim.mark()
    again = run(sim, WEB_1, TEST_1)
    assert (again["changed"], again["diff"], sim.writes(mark)) == (False, [], [])


def test_exactly_takes_away_user_categories_and_keeps_system_ones(sim: Running) -> None:
    done = run(sim, {"name": "web-1", "categories": {"AppTier": "App"}}, mode="exactly")
    assert done["outcomes"][0]["taken"] == {"AppTier": "Web", "AppType": "Shop"}
    assert categories(sim, "web-1") == ["@category:AppTier/App", "@category:Environment/Production"]


def test_everything_wrong_is_told_before_the_first_write(sim: Running) -> None:
    mark = sim.mark()
    result = run(sim, TEST_1, {"name": "nobody", "categories": {"AppTier": "Wbe"}})
    assert [(finding["where"], finding["problem"]) for finding in result["findings"]] == [
        ("VM 'nobody'", "there is no category 'AppTier/Wbe'"),
        ("VM 'nobody'", "is not on 127.0.0.1"),
    ]
    assert sim.writes(mark) == []


def test_messages_name_the_site_where_it_is_given(sim: Running) -> None:
    result = run(sim, {"name": "nobody", "categories": {"AppTier": "Web"}}, site="north")
    assert [finding["problem"] for finding in result["findings"]] == ["is not on north"]


def test_a_vm_that_can_not_be_written_is_named_and_a_second_run_completes(sim: Running) -> None:
    sim.fault(site="north", match={"path": "associate-categories|batch", "times": 1}, do="task_failed")
    result = run(sim, WEB_1, TEST_1)
    assert result["failed"]
    assert "failed" in {outcome["status"] for outcome in result["outcomes"]}
    again = run(sim, WEB_1, TEST_1)
    assert {outcome["status"] for outcome in again["outcomes"]} == {"done"}
    assert run(sim, WEB_1, TEST_1)["changed"] is False
