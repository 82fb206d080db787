"""failover_gate and run_report: what the sites say decides, and nothing is ever taken for dead that only doesn't answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.integration.pair import Pair
from tests.tools.report_schema import check_reports


def problems(result: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in result["reasons"] if reason["status"] == "problem"}


@pytest.fixture
def in_sync(ready_pair: Pair) -> Pair:
    """South has what north has."""
    ready_pair.result("replicate")
    return ready_pair


def test_planned_goes_when_all_is_well(in_sync: Pair) -> None:
    mark = in_sync.sim.mark()
    result = in_sync.result("failover_gate", mode="planned", interval=30, record=in_sync.record("check", "run-2"))
    assert (result["verdict"], problems(result)) == ("go", set())
    assert result["sites"]["south"] == {"state": "up", "tries": ["ok"], "seen": None}, "a site that answers is not asked again"
    assert in_sync.sim.writes(mark) == []


def test_planned_does_not_go_with_drift(in_sync: Pair) -> None:
    in_sync.sim.edit("south", "security_policy", "shop", {"state": "SAVE"})
    waiver = {"code": "DRIFT_RECOVERY", "by": "j.doe", "reason": "known", "expires": "2999-12-31"}
    assert problems(in_sync.result("failover_gate", mode="planned")) == {"DRIFT_RECOVERY"}
    assert in_sync.result("failover_gate", mode="planned", waivers=[waiver])["verdict"] == "go_with_waivers"


def test_unplanned_goes_when_the_primary_is_down_and_nothing_there_is_needed(in_sync: Pair) -> None:
    in_sync.sim.down("north")
    result = in_sync.result("failover_gate", mode="unplanned")
    assert (result["verdict"], result["sites"]["north"]["state"]) == ("go", "down")
    assert problems(in_sync.result("failover_gate", mode="planned")) == {"PRIMARY_DOWN", "SYNC_CANNOT_TELL_PRIMARY"}


def test_unplanned_does_not_go_while_the_primary_answers(in_sync: Pair) -> None:
    assert problems(in_sync.result("failover_gate", mode="unplanned")) == {"PRIMARY_ANSWERS"}
    assert in_sync.result("failover_gate", mode="unplanned", fenced="powered off by hand")["verdict"] == "go_with_waivers"


def test_a_wrong_password_is_not_a_dead_site(in_sync: Pair) -> None:
    sites = [{**site, "nutanix_password": "wrong"} if site["id"] == "north" else site for site in in_sync.sites]
    result = in_sync.result("failover_gate", mode="unplanned", sites=sites)
    assert result["sites"]["north"] == {"state": "cannot_tell", "tries": ["Unauthorized"] * 3, "seen": "CONNECTED"}
    assert problems(result) == {"PRIMARY_CANNOT_TELL"}


def test_a_black_hole_is_dead_only_when_the_other_site_lost_it_too(in_sync: Pair) -> None:
    sites = [{**site, "timeout": 1} for site in in_sync.sites]
    in_sync.sim.fault(site="north", match={"path": "."}, do="blackhole")
    result = in_sync.result("failover_gate", mode="unplanned", sites=sites, tries=2)
    assert (result["sites"]["north"]["state"], problems(result)) == ("cannot_tell", {"PRIMARY_CANNOT_TELL"})
    in_sync.sim.clear_faults()
    in_sync.sim.down("north", mode="blackhole")
    result = in_sync.result("failover_gate", mode="unplanned", sites=sites, tries=2)
    assert (result["sites"]["north"]["state"], result["verdict"]) == ("down", "go")


def test_a_broken_baseline_is_never_waived(in_sync: Pair) -> None:
    (in_sync.baseline / "security_rules" / "shop.yml").unlink()
    in_sync.sim.down("north")
    result = in_sync.result("failover_gate", mode="unplanned")
    assert (result["verdict"], problems(result)) == ("no_go", {"BASELINE_BROKEN"})


def test_a_run_that_was_not_closed_is_told_until_it_is(in_sync: Pair) -> None:
    in_sync.sim.delete("south", "security_policy", "shop")
    in_sync.result("replicate", record=in_sync.record("apply"))
    assert problems(in_sync.result("failover_gate", mode="planned")) == {"UNFINISHED_RUN"}
    foretold = in_sync.result("run_report", verb="pre_dr", outcome="ok", source="north", target="south", check=True)
    assert not (in_sync.reports / "run-1" / "report.md").exists()
    done = in_sync.result("run_report", verb="pre_dr", outcome="ok", source="north", target="south")
    assert foretold["changed"] is done["changed"] is True
    assert (in_sync.reports / "run-1" / "report.md").read_text().startswith("# PRE_DR north -> south run-1: OK")
    assert in_sync.result("run_report", verb="pre_dr", outcome="ok", source="north", target="south")["changed"] is False
    others = in_sync.result("run_report", verb="pre_dr", outcome="ok", source="north", target="south", formats=["csv", "junit", "dot", "svg"])
    assert (others["changed"], others["report_json"], others["sha256"]) == (True, None, done["sha256"])
    assert sorted(others["files"]) == ["csv", "dot", "junit", "svg"]
    assert all(Path(path).stat().st_size for path in others["files"].values())
    assert check_reports(in_sync.reports) == 1
    assert in_sync.result("failover_gate", mode="planned")["verdict"] == "go"


def test_a_record_that_was_edited_is_refused(in_sync: Pair) -> None:
    record = in_sync.reports / "run-1" / "record.jsonl"
    record.write_text(record.read_text().replace('"verdict": "equal"', '"verdict": "EQUAL"'))
    result = in_sync.result("run_report", verb="pre_dr", outcome="ok")
    assert "was changed after the run" in result["msg"]
