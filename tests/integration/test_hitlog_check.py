"""hitlog_check on logs that the simulator writes: its judgement, from API bodies, and the engine's share no code."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from prismsim.estate import load
from prismsim.hitlog import Written, write
from prismsim.testing import Running, running
from tests.integration.direct import run_module
from tests.integration.pair import MINIMAL, Pair
from tests.integration.play import connection_of

HOSPITAL = MINIMAL.with_name("hospital.yml")
CONTRADICTIONS = ("allowed_though_denied", "denied_though_allowed")


def log_of(estate: Path, path: Path, **options: Any) -> Written:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        return write(load(estate).sites["north"], stream, **{"lines": 20_000, "seed": 1, **options})


def check(sim: Running, log: Path, **options: Any) -> dict[str, Any]:
    sites = [{"id": "north", **connection_of(sim.ready, "north")}]
    return run_module("hitlog_check", {"logs": [str(log)], "site": "north", "sites": sites, "fail_at": "never", **options})


@pytest.fixture(scope="module")
def hospital() -> Any:
    with running(HOSPITAL) as sim:
        yield sim


@pytest.mark.parametrize(("seed", "every_policy"), [(1, False), (2, True)])
def test_what_is_planted_is_found_and_nothing_else(hospital: Running, tmp_path: Path, seed: int, every_policy: bool) -> None:
    log = tmp_path / "hits.log.gz"
    written = log_of(HOSPITAL, log, seed=seed, wrong=15, cut=4, every_policy=every_policy)
    result = check(hospital, log, check_readings=False)
    assert (result.get("msg"), result["verdict"], result["severity"]) == (None, "contradict", "problem")
    assert result["lines"]["damaged"] == written.cut == 4
    assert result["lines"]["other"] == written.other
    assert result["lines"]["total"] == 20_000
    counts = result["counts"]
    assert counts["cannot_tell"] == counts["other_rule"] == 0
    assert sum(counts[kind] for kind in CONTRADICTIONS) == len(written.planted) == 15
    found = [group for group in result["groups"] if group["kind"] in CONTRADICTIONS]
    planted = {one.line: one for one in written.planted}
    for group in found:
        one = planted[group["example"]["line"]]
        assert (group["example"]["source"], group["example"]["destination"], group["logged"]["action"]) == (one.source, one.destination, one.logged)
    assert sum(group["lines"] for group in found) == 15
    assert counts["turned"] > 0
    assert result["rules_seen"]["allowed"] > 10


def test_offline_it_says_the_same_and_leaves_evidence(ready_pair: Pair, tmp_path: Path) -> None:
    log = tmp_path / "hits.log.gz"
    log_of(MINIMAL, log, lines=3000, wrong=2)
    live = check(ready_pair.sim, log)
    options = {"logs": [str(log)], "baseline": str(ready_pair.baseline), "fail_at": "problem", "record": ready_pair.record("logs")}
    offline = run_module("hitlog_check", options)
    assert (offline["failed"], "logged" in offline["msg"]) == (True, True)
    assert (offline["groups"], offline["rules"]) == (live["groups"], live["rules"])
    report = ready_pair.result("run_report", verb="audit", outcome="ok", source="north", target="south")["report"]
    assert {finding["code"] for finding in report["findings"]} >= {finding["code"] for finding in live["findings"]}


def test_a_renamed_policy_is_known_by_its_id(ready_pair: Pair, tmp_path: Path) -> None:
    log = tmp_path / "hits.log.gz"
    log_of(MINIMAL, log, lines=500)
    ready_pair.sim.edit("north", "security_policy", "shop", {"name": "web-shop"})
    result = check(ready_pair.sim, log)
    assert (result["renamed_policies"], result["unknown_policies"]) == ({"shop": "web-shop"}, {})
    assert result["verdict"] == "agree"


def test_what_cannot_be_read_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    refused = run_module("hitlog_check", {"logs": [str(tmp_path / name) for name in ("a.log", "b.log")], "estate": "missing.yml"})
    assert [finding["where"] for finding in refused["findings"]] == [str(tmp_path / "a.log"), str(tmp_path / "b.log")]
    (tmp_path / "a.log").write_text("x\n", encoding="utf-8")
    late = run_module("hitlog_check", {"logs": [str(tmp_path / "a.log")], "estate": "missing.yml", "since": "2026-01-05T10:00:00+01:00"})
    assert [finding["where"] for finding in late["findings"]] == ["since"]
