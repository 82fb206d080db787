"""A planned failover as a person runs it: both sites answer and agree, there and back without a trace."""

from __future__ import annotations

import json

from tests.journeys.operator import Operator

PLANNED = ("-e", "failover_mode=planned", "-e", "failover_poll_interval=1")


def objects_of(operator: Operator) -> dict[str, object]:
    """The baseline without what is observed beside it (the VMs): its objects byte for byte, and the digest over them."""
    found: dict[str, object] = {name: content for name, content in operator.files().items() if name.startswith("baseline/") and name.count("/") == 2}
    assert found
    return {**found, "digest": json.loads(operator.files()["baseline/manifest.json"])["digest"]}


def test_there_and_back_leaves_the_baseline_as_it_was(prepared: Operator) -> None:
    before = objects_of(prepared)
    rehearsal = prepared.run("failover", *PLANNED, "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    assert rehearsal.confirmation().startswith("south:planned:")
    confirm = f"failover_confirm={rehearsal.confirmation()}"
    done = prepared.run("failover", *PLANNED, "-e", confirm, when=prepared.mover("north", "south"))
    assert done.code == 0, done.text

    home = prepared.run("failback", "--check")
    assert home.code == 0, home.text
    back = prepared.run(
        "failback", "-e", f"failback_confirm={home.confirmation()}", "-e", "failback_poll_interval=1", when=prepared.mover("south", "north")
    )
    assert back.code == 0, back.text
    assert objects_of(prepared) == before


def test_a_primary_that_was_edited_since_the_baseline_is_no_go_until_pre_dr_ran_again(prepared: Operator) -> None:
    prepared.simulator.edit("north", "security_policy", "shop-db", {"description": "edited since"})
    mark = prepared.simulator.mark()
    stopped = prepared.run("failover", *PLANNED, "--check")
    assert stopped.code == 2
    assert "No go" in stopped.text
    assert "shop-db" in stopped.text
    assert prepared.simulator.writes(mark) == []

    again = prepared.run("pre_dr")
    assert again.code == 0, again.text
    assert prepared.run("failover", *PLANNED, "--check").code == 0


def test_a_planned_failover_needs_the_primary(prepared: Operator) -> None:
    prepared.simulator.down("north")
    stopped = prepared.run("failover", *PLANNED, "--check")
    assert stopped.code == 2
    assert "north" in stopped.text
    assert "No go" in stopped.text
