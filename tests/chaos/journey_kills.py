"""Kills at the writes of a journey: ansible-playbook with all its tasks, or alone, before or after the write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import NamedTuple

from tests.chaos.journey_end import Uninterrupted, faults_of_next_run
from tests.chaos.journey_world import JourneyWorld
from tests.tools.playbook import Play
from tests.tools.processes import kill_playbooks

WRITES = ["POST", "PUT", "PATCH", "DELETE"]
_PATIENCE = 280.0
#: What holds a write up so that there is time to kill: before it is carried out, after it, or for two seconds, which a task can outlive.
_FAULTS = {"before": {"do": "blackhole"}, "after": {"do": "blackhole_after"}, "alone at": {"do": "slow", "ms": 2000}}


class Kill(NamedTuple):
    """The command is killed ``when`` (before, after: with all its tasks; alone at: its tasks go on) write number ``write``."""

    when: str
    write: int

    def __str__(self) -> str:
        return f"killed {self.when} write {self.write}"


def kills(expected: Uninterrupted) -> Iterator[Kill]:
    """Each kill at each write."""
    for write in range(1, len(expected.writes) + 1):
        for when in _FAULTS:
            yield Kill(when, write)


def faults_after_kill(world: JourneyWorld, expected: Uninterrupted, kill: Kill) -> list[str]:
    """Kill and give the same command again; say what is wrong then: nothing, if all is well. Raises AssertionError when the kill failed."""
    world.restore()
    outlived = strike(world, kill)
    return faults_of_next_run(world, expected, kill.write, outlived)


def strike(world: JourneyWorld, kill: Kill) -> Future[Play] | None:
    """Give the command and kill it at its write. Returns what may go on, if it is killed alone."""
    world.sim.fault(match={"nth": kill.write, "method": WRITES}, **_FAULTS[kill.when])
    run = world.command()
    deadline = time.monotonic() + _PATIENCE
    while not world.sim.control("GET", "/faults")["faults"][0]["hit"]:
        assert not run.done(), f"{kill}: the run ended before: {run.result().text}"
        assert time.monotonic() < deadline, f"{kill}: the write never came"
        time.sleep(0.02)
    alone = kill.when == "alone at"
    kill_playbooks(only_main=alone)
    if not alone:
        run.result()
    world.sim.clear_faults()
    return run if alone else None
