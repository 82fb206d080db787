"""The state of the pair as a person meets it: a run that was canceled is resumed, one that is done is not done again, and what would undo
it is refused."""

from __future__ import annotations

import json
from pathlib import Path

from tests.journeys.operator import Operator
from tests.journeys.runner import essentials, run

UNPLANNED = ("-e", "failover_mode=unplanned", "-e", "failover_poll_interval=1")


def runs(operator: Operator) -> set[str]:
    """The failovers that have a record."""
    return {path.split("/")[1] for path in operator.files() if path.startswith("reports/failover-")}


def as_if_elsewhere_and_long_ago(operator: Operator, site: str) -> None:
    """The lock was taken in a container on another host, and nobody has prolonged it."""
    marks = {name: mark for name, mark in operator.simulator.state(site)["category"].items() if mark["value"] == "lock"}
    ((name, mark),) = marks.items()
    lock = {**json.loads(mark["description"]), "process": "11111111-2222.4026531836/7.1.00000000", "expires": "2001-01-01T00:00:00Z"}
    operator.simulator.edit(site, "category", name, {"description": json.dumps(lock)})


def test_a_canceled_failover_is_resumed_and_a_finished_one_only_verified(prepared: Operator, tmp_path: Path) -> None:
    prepared.simulator.down("north", "blackhole")
    confirm = prepared.run("failover", *UNPLANNED, "--check").confirmation()
    given = {"failover_mode": "unplanned", "failover_poll_interval": 1, "failover_confirm": confirm}
    canceled = run(prepared, tmp_path / "first", "failover", "workloads | Wait for them", **given)
    assert canceled.status == "canceled", canceled.stdout.read()
    assert len(runs(prepared)) == 1

    meanwhile = run(prepared, tmp_path / "meanwhile", "state")
    assert meanwhile.rc == 0, meanwhile.stdout.read()
    assert {essentials(meanwhile)["state_locked_for"]} == runs(prepared)

    as_if_elsewhere_and_long_ago(prepared, "south")
    prepared.simulator.move("north", "south")
    done = run(prepared, tmp_path / "second", "failover", **given)
    assert done.status == "successful", done.stdout.read()
    left = essentials(done)
    assert {left["failover_run"]} == runs(prepared), "it went on under the id of the run that was canceled"
    assert left["failover_verdict"] in ("OK", "OK WITH WARNINGS")
    assert "in 2 attempts" in Path(left["failover_report"]).read_text()
    assert '"why": "expired"' in Path(left["failover_report"]).with_name("record.jsonl").read_text()

    mark = prepared.simulator.mark()
    again = prepared.run("failover", *UNPLANNED, "-e", f"failover_confirm={confirm}")
    assert again.code == 0, again.text
    assert prepared.simulator.writes(mark) == []
    assert len(runs(prepared)) == 2

    shown = run(prepared, tmp_path / "state", "state")
    said = shown.stdout.read()
    assert shown.rc == 0, said
    assert essentials(shown) == {"state_pair": "RECOVERY_ACTIVE", "state_legal_verbs": ["failback"], "state_locked_for": ""}
    assert "legal now: failback" in said
    assert "nobody holds the lock" in said
    assert "no answer: " in said

    prepared.simulator.up("north")
    refused = prepared.run("pre_dr")
    assert refused.code == 2
    said = " ".join(refused.text.split())
    assert "pre dr is not legal, the pair is RECONCILE_REQUIRED: south is active since" in said
    assert "Legal now: failback" in said
    assert prepared.simulator.writes(mark) == []
