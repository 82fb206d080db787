"""The audit as a person runs it: before a failover, after it, with planted mistakes, and again when they are mended."""

from __future__ import annotations

from prismsim.estate import load
from prismsim.hitlog import write as write_hit_log
from tests.journeys.conftest import ESTATE
from tests.journeys.operator import Operator


def test_it_names_planted_mistakes_with_their_packets_and_is_green_again_when_they_are_mended(prepared: Operator) -> None:
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
    mark = prepared.simulator.mark()
    failed = prepared.run("audit")
    said = " ".join(failed.text.split())
    assert failed.code == 2
    assert "tcp/8444" in said
    assert "security rule prod-from-test is in mode monitor there, before it was enforce" in said
    assert prepared.simulator.writes(mark) == []
    reports = [text.decode() for path, text in prepared.files().items() if path.endswith("report.md") and "audit" in path]
    assert len(reports) == 2
    assert any("OPENED" in text and "FAILED" in text for text in reports)

    prepared.simulator.edit("south", "service_group", "shop-api", {"tcpServices": [{"startPort": 8443, "endPort": 8443}]})
    prepared.simulator.edit("south", "security_policy", "prod-from-test", {"state": "ENFORCE"})
    mended = prepared.run("audit", "-e", "audit_check_readings=false")
    assert (mended.code, mended.changed) == (0, 0), mended.text
    assert "Proved equal" in mended.text


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
