"""The audit as a person runs it: before a failover, after it, with planted mistakes, and again when they are mended."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from prismsim.estate import load
from prismsim.hitlog import write as write_hit_log
from tests.integration.play import connection_of, play
from tests.journeys.operator import Operator
from tests.journeys.pairs import ESTATE
from tests.journeys.runner import essentials, run


def test_it_names_planted_mistakes_with_their_packets_and_is_green_again_when_they_are_mended(prepared: Operator, tmp_path: Path) -> None:
    with (prepared.directory / "hits.txt").open("w", encoding="utf-8") as stream:
        wrong = write_hit_log(load(ESTATE).sites["north"], stream, lines=400, seed=1, wrong=1).planted[0]
    logs = ("-e", "{audit_hit_logs: [hits.txt]}", "-e", "audit_fail_at=never")
    before = prepared.run("audit", "-e", "audit_workloads=staying", *logs)
    assert before.code == 0, before.text
    assert "Proved equal" in before.text
    assert f"logged {wrong.logged} {wrong.direction} by shop" in " ".join(before.text.split())
    assert f"hits.txt:{wrong.line}" in "".join(text.decode() for path, text in prepared.files().items() if path.endswith("record.jsonl"))

    prepared.simulator.move("north", "south")
    prepared.simulator.down("north")
    prepared.simulator.edit("south", "service_group", "shop-api", {"tcpServices": [{"startPort": 8443, "endPort": 8444}]})
    prepared.simulator.edit("south", "security_policy", "prod-from-test", {"state": "MONITOR"})
    hole = write_probes_with_a_hole(prepared)
    mark = prepared.simulator.mark()
    failed = prepared.run("audit", "-e", "audit_probes=probes.json")
    said = " ".join(failed.text.split())
    assert failed.code == 2
    assert "tcp/8444" in said
    assert f"FAIL_OPEN {hole} " in said
    assert "security rule prod-from-test is in mode monitor there, before it was enforce" in said
    assert prepared.simulator.writes(mark) == []
    reports = [text.decode() for path, text in prepared.files().items() if path.endswith("report.md") and "audit" in path]
    assert len(reports) == 2
    assert any("OPENED" in text and "FAIL_OPEN" in text and "FAILED" in text for text in reports)

    prepared.simulator.edit("south", "service_group", "shop-api", {"tcpServices": [{"startPort": 8443, "endPort": 8443}]})
    prepared.simulator.edit("south", "security_policy", "prod-from-test", {"state": "ENFORCE"})
    formats = {"dr_report_formats": ["md", "junit"], "audit_tiers": ["AppTier"], "audit_check_readings": False}
    mended = run(prepared, tmp_path / "runner", "audit", **formats)
    said = mended.stdout.read()
    assert (mended.rc, mended.stats["changed"]) == (0, {}), said
    left = essentials(mended)
    assert left["audit_report_sha256"] == hashlib.sha256(Path(left["audit_report"]).read_bytes()).hexdigest()
    junit = [text.decode() for path, text in prepared.files().items() if path.endswith("report.junit.xml")]
    assert len(junit) == 1
    assert '<testsuite name="prod-from-test"' in junit[0]
    assert "<failure" not in junit[0]
    assert "Proved equal" in said


def write_probes_with_a_hole(operator: Operator) -> str:
    """Leave `probes.json` as a run of the probes would, of packets that became what the policies say, but for one that got through."""
    sites = [{"id": "south", **connection_of(operator.simulator.ready, "south")}]
    options = {"site": "south", "sites": sites, "hosts": ["web-1", "web-2", "app-1", "app-2"]}
    plan = play([{"name": "Plan", "nutanix_flow.dr.probe_plan": options}], connection={}).results[0]
    observed = [{"id": probe["id"], "outcome": "open" if probe["expected"] == "allow" else "timeout"} for probe in plan["probes"]]
    hole = next(one for one in observed if one["outcome"] == "timeout")
    hole["outcome"] = "open"
    (operator.directory / "probes.json").write_text(json.dumps({"plan": plan, "observed": observed}))
    return hole["id"]


def test_a_failover_whose_proof_shows_opened_flows_is_not_green(prepared: Operator) -> None:
    """Somebody widens a service group while the workloads move."""
    prepared.simulator.down("north")
    unplanned = ("-e", "failover_mode=unplanned", "-e", "failover_poll_interval=1")
    confirm = f"failover_confirm={prepared.run('failover', *unplanned, '--check').confirmation()}"

    def move_and_widen() -> None:
        prepared.simulator.edit("south", "service_group", "shop-api", {"tcpServices": [{"startPort": 8443, "endPort": 8444}]})
        prepared.simulator.move("north", "south")

    failed = prepared.run("failover", *unplanned, "-e", confirm, when=("workloads | Wait for them", move_and_widen))
    assert failed.code == 2
    assert "proof | Prove the same segmentation on south" in failed.text
    assert "tcp/8444" in failed.text
