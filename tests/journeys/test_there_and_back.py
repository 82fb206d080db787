"""Failover and failback as a person runs them: approved by what the rehearsal prints, repaired on the way, edits brought home."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.operator import Operator
from tests.journeys.runner import essentials, run
from tests.tools.processes import kill_playbooks

UNPLANNED = ("-e", "failover_mode=unplanned", "-e", "failover_poll_interval=1")


def fail_over(operator: Operator, **options: object) -> None:
    """An unplanned failover from north to south."""
    operator.simulator.down("north")
    rehearsal = operator.run("failover", *UNPLANNED, "--check")
    assert rehearsal.code == 0, rehearsal.text
    confirm = f"failover_confirm={rehearsal.confirmation()}"
    done = operator.run("failover", *UNPLANNED, "-e", confirm, when=operator.mover("north", "south", **options))
    assert done.code == 0, done.text


def test_a_wrong_confirmation_stops_before_the_first_write_and_says_what_to_do(prepared: Operator) -> None:
    prepared.simulator.down("north")
    mark = prepared.simulator.mark()
    for given in ((), ("-e", "failover_confirm=south:unplanned:00000000")):
        refused = prepared.run("failover", *UNPLANNED, *given)
        assert refused.code == 2
        assert "This plan is not approved" in refused.text
        assert "Read the plan above" in refused.text
        assert refused.confirmation().startswith("south:unplanned:")
    assert prepared.simulator.writes(mark) == []


def test_the_mode_has_no_default(prepared: Operator) -> None:
    refused = prepared.run("failover")
    assert refused.code == 2
    assert "missing required arguments: failover_mode" in refused.text


def test_an_unplanned_failover_is_refused_while_the_primary_answers(prepared: Operator) -> None:
    mark = prepared.simulator.mark()
    refused = prepared.run("failover", *UNPLANNED, "-e", "failover_confirm=south:unplanned:00000000")
    assert refused.code == 2
    assert "No go" in refused.text
    assert prepared.simulator.writes(mark) == []


def test_lost_categories_are_given_back_with_the_primary_gone(prepared: Operator) -> None:
    fail_over(prepared, keep_categories=["web-1", "app-1", "app-2", "db-1", "dns-1", "test-1", "tenant-1"])
    vms = prepared.simulator.state("south")["vm"]
    assert sorted(map(str, vms["web-2"]["categories"])) == sorted(map(str, vms["web-1"]["categories"]))


def test_a_missing_workload_fails_the_run_and_is_named(prepared: Operator) -> None:
    prepared.simulator.down("north")
    confirm = f"failover_confirm={prepared.run('failover', *UNPLANNED, '--check').confirmation()}"
    there = ["web-1", "app-1", "app-2", "db-1", "dns-1", "test-1", "tenant-1"]
    failed = prepared.run(
        "failover", *UNPLANNED, "-e", confirm, "-e", "failover_wait_for_vms=2", when=prepared.mover("north", "south", vms=there)
    )
    assert failed.code == 2
    assert "web-2" in failed.text
    prepared.simulator.move("north", "south")
    assert prepared.run("failover", *UNPLANNED, "-e", confirm).code == 0


def test_edits_of_the_recovery_site_come_home(prepared: Operator, tmp_path: Path) -> None:
    fail_over(prepared)
    prepared.simulator.edit("south", "security_policy", "shop-db", {"state": "ENFORCE"})
    prepared.simulator.up("north")
    rehearsal = prepared.run("failback", "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert "shop-db" in "\n".join(rehearsal.says("plan | Show it"))
    back = ("failback", "-e", f"failback_confirm={rehearsal.confirmation()}", "-e", "failback_poll_interval=1")
    prepared.simulator.move("south", "north")
    # Killed with the new baseline in its place, in which the edits are no edits any more: the same command is still the one that was approved.
    killed = prepared.run(*back, when=("export | See what pre_dr", kill_playbooks))
    assert killed.code != 0
    done = run(prepared, tmp_path / "back", "failback", failback_confirm=rehearsal.confirmation(), failback_poll_interval=1)
    assert done.rc == 0, done.stdout.read()
    assert essentials(done)["failback_verdict"] in ("OK", "OK WITH WARNINGS")
    assert prepared.simulator.state("north")["security_policy"]["shop-db"]["state"] == "ENFORCE"

    again = prepared.run("pre_dr")
    assert (again.code, again.changed) == (0, 0), again.text
    drift = run(prepared, tmp_path / "drift", "drift", dr_fail_on_drift=True)
    assert (drift.rc, essentials(drift)) == (0, {"drift_verdict": "equal"}), drift.stdout.read()


def test_edits_on_both_sides_stop_the_failback_and_are_named(prepared: Operator) -> None:
    fail_over(prepared)
    prepared.simulator.up("north")
    prepared.simulator.edit("south", "security_policy", "shop-db", {"description": "edited at south"})
    prepared.simulator.edit("north", "security_policy", "shop-db", {"description": "edited at north"})
    mark = prepared.simulator.mark()
    stopped = prepared.run("failback")
    assert stopped.code == 2
    assert "shop-db" in stopped.text
    assert prepared.simulator.writes(mark) == []
