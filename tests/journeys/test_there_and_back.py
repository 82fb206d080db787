"""Failover and failback as a person runs them: approved by what the rehearsal prints, repaired on the way, edits brought home."""

from __future__ import annotations

from tests.journeys.operator import Operator

UNPLANNED = ("-e", "failover_mode=unplanned", "-e", "failover_poll_interval=1")


def fail_over(operator: Operator, **options: object) -> None:
    """An unplanned failover from north to south, after a pre_dr."""
    assert operator.run("pre_dr").code == 0
    operator.simulator.down("north")
    rehearsal = operator.run("failover", *UNPLANNED, "--check")
    assert rehearsal.code == 0, rehearsal.text
    confirm = f"failover_confirm={rehearsal.confirmation()}"
    done = operator.run("failover", *UNPLANNED, "-e", confirm, when=operator.mover("north", "south", **options))
    assert done.code == 0, done.text


def test_a_wrong_confirmation_stops_before_the_first_write_and_says_what_to_do(operator: Operator) -> None:
    assert operator.run("pre_dr").code == 0
    operator.simulator.down("north")
    mark = operator.simulator.mark()
    for given in ((), ("-e", "failover_confirm=south:unplanned:00000000")):
        refused = operator.run("failover", *UNPLANNED, *given)
        assert refused.code == 2
        assert "This plan is not approved" in refused.text
        assert "Read the plan above" in refused.text
        assert refused.confirmation().startswith("south:unplanned:")
    assert operator.simulator.writes(mark) == []


def test_the_mode_has_no_default(operator: Operator) -> None:
    refused = operator.run("failover")
    assert refused.code == 2
    assert "missing required arguments: failover_mode" in refused.text


def test_an_unplanned_failover_is_refused_while_the_primary_answers(operator: Operator) -> None:
    assert operator.run("pre_dr").code == 0
    mark = operator.simulator.mark()
    refused = operator.run("failover", *UNPLANNED, "-e", "failover_confirm=south:unplanned:00000000")
    assert refused.code == 2
    assert "No go" in refused.text
    assert operator.simulator.writes(mark) == []


def test_lost_categories_are_given_back_with_the_primary_gone(operator: Operator) -> None:
    fail_over(operator, keep_categories=["web-1", "app-1", "app-2", "db-1", "dns-1", "test-1", "tenant-1"])
    vms = operator.simulator.state("south")["vm"]
    assert sorted(map(str, vms["web-2"]["categories"])) == sorted(map(str, vms["web-1"]["categories"]))


def test_a_missing_workload_fails_the_run_and_is_named(operator: Operator) -> None:
    assert operator.run("pre_dr").code == 0
    operator.simulator.down("north")
    confirm = f"failover_confirm={operator.run('failover', *UNPLANNED, '--check').confirmation()}"
    there = ["web-1", "app-1", "app-2", "db-1", "dns-1", "test-1", "tenant-1"]
    failed = operator.run(
        "failover", *UNPLANNED, "-e", confirm, "-e", "failover_wait_for_vms=2", when=operator.mover("north", "south", vms=there)
    )
    assert failed.code == 2
    assert "web-2" in failed.text
    operator.simulator.move("north", "south")
    assert operator.run("failover", *UNPLANNED, "-e", confirm).code == 0


def test_edits_of_the_recovery_site_come_home(operator: Operator) -> None:
    fail_over(operator)
    operator.simulator.edit("south", "security_policy", "shop-db", {"state": "ENFORCE"})
    operator.simulator.up("north")
    rehearsal = operator.run("failback", "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert "shop-db" in "\n".join(rehearsal.says("plan | Show it"))
    done = operator.run(
        "failback", "-e", f"failback_confirm={rehearsal.confirmation()}", "-e", "failback_poll_interval=1",
        when=operator.mover("south", "north"),
    )
    assert done.code == 0, done.text
    assert operator.simulator.state("north")["security_policy"]["shop-db"]["state"] == "ENFORCE"

    again = operator.run("pre_dr")
    assert (again.code, again.changed) == (0, 0), again.text
    drift = operator.run("drift", "-e", "dr_fail_on_drift=true")
    assert drift.code == 0, drift.text


def test_edits_on_both_sides_stop_the_failback_and_are_named(operator: Operator) -> None:
    fail_over(operator)
    operator.simulator.up("north")
    operator.simulator.edit("south", "security_policy", "shop-db", {"description": "edited at south"})
    operator.simulator.edit("north", "security_policy", "shop-db", {"description": "edited at north"})
    mark = operator.simulator.mark()
    stopped = operator.run("failback")
    assert stopped.code == 2
    assert "shop-db" in stopped.text
    assert operator.simulator.writes(mark) == []
