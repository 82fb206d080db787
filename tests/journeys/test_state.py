"""The state of the pair as a person meets it: a run that was killed is resumed, one that is done is not done again, and what would
undo it is refused."""

from __future__ import annotations

from tests.journeys.operator import Operator

UNPLANNED = ("-e", "failover_mode=unplanned", "-e", "failover_poll_interval=1")


def runs(operator: Operator) -> set[str]:
    """The failovers that have a record."""
    return {path.split("/")[1] for path in operator.files() if path.startswith("reports/failover-")}


def test_a_killed_failover_is_resumed_and_a_finished_one_only_verified(prepared: Operator) -> None:
    prepared.simulator.down("north", "blackhole")
    confirm = ("-e", f"failover_confirm={prepared.run('failover', *UNPLANNED, '--check').confirmation()}")
    killed = prepared.run("failover", *UNPLANNED, *confirm, kill_at="workloads | Wait for them")
    assert killed.code != 0
    assert len(runs(prepared)) == 1

    prepared.simulator.move("north", "south")
    done = prepared.run("failover", *UNPLANNED, *confirm)
    assert done.code == 0, done.text
    assert len(runs(prepared)) == 1, "it went on under the name of the run that was killed"
    assert "The pair is FAILING_OVER" in done.text

    mark = prepared.simulator.mark()
    again = prepared.run("failover", *UNPLANNED, *confirm)
    assert again.code == 0, again.text
    assert prepared.simulator.writes(mark) == []
    assert len(runs(prepared)) == 2

    prepared.simulator.up("north")
    refused = prepared.run("pre_dr")
    assert refused.code == 2
    assert "pre dr is not legal, the pair is RECONCILE_REQUIRED: south is active since" in " ".join(refused.text.split())
    assert "Legal now: failback" in " ".join(refused.text.split())
    assert prepared.simulator.writes(mark) == []
