"""Kills at the writes of a journey: ansible-playbook with all its tasks, or alone, before or after the write; and what must hold when the
same command is given again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import NamedTuple

from tests.chaos.journey_world import JourneyWorld, State
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


class Uninterrupted(NamedTuple):
    """What an uninterrupted run leaves, its writes (site, method, path), and how often each move was begun."""

    state: dict[str, State]
    writes: list[str]
    begun: list[str]

    def kills(self) -> Iterator[Kill]:
        """Each kill at each write."""
        for write in range(1, len(self.writes) + 1):
            for when in _FAULTS:
                yield Kill(when, write)


def uninterrupted(world: JourneyWorld) -> Uninterrupted:
    """Run the journey in good weather."""
    world.restore()
    before, mark = world.state(), world.sim.mark()
    done = world.command().result()
    assert done.code == 0, done.text
    assert world.state() != before
    assert not world.wrong_records()
    writes = [f"{line['site']} {line['method']} {line['path']}" for line in world.sim.writes(mark)]
    return Uninterrupted(world.state(), writes, world.begun())


def faults_after(world: JourneyWorld, expected: Uninterrupted, *kills: Kill) -> list[str]:
    """Kill, each time the same command is given again; then let it end, and say what is wrong: nothing, if all is well. Raises AssertionError
    when a kill failed."""
    world.restore()
    found = []
    outlived: Future[Play] | None = None
    for kill in kills:
        if outlived:
            outlived.result()
        outlived = _strike(world, kill)
        found += [f"powered on on both sites after the kill: {name}" for name in world.twice_on()]
    again = world.command().result()
    if again.code and outlived and "holds the lock since" in again.text:
        outlived.result()  # a task goes on; a person waits for it, as the message says
        again = world.command().result()
    if again.code:
        found.append(f"the next run failed: {_last_words(again)}")
    if (state := world.state()) != expected.state:
        found.append("the end state is another one: " + ", ".join(_differing(expected.state, state)))
    again_allowed = world.journey.repeated and any(kill.write == len(expected.writes) for kill in kills)
    if world.begun() not in (expected.begun, sorted(expected.begun * 2) if again_allowed else expected.begun):
        found.append(f"begun {world.begun()}, not {expected.begun}")
    return [*found, *world.wrong_records(), *(f"powered on on both sites: {name}" for name in world.twice_on())]


def _strike(world: JourneyWorld, kill: Kill) -> Future[Play] | None:
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


def _last_words(play: Play) -> str:
    failed = [line for line in play.text.splitlines() if line.startswith(("fatal:", "    msg:", "[ERROR]"))]
    return f"{' '.join(failed[-3:])[:600]} ({play.log})"


def _differing(left: dict[str, State], right: dict[str, State]) -> list[str]:
    names = sorted({(place, kind, name) for side in (left, right) for place, kinds in side.items() for kind, items in kinds.items() for name in items})
    return [
        f"{kind} '{name}' on {place}"
        for place, kind, name in names
        if left[place].get(kind, {}).get(name) != right[place].get(kind, {}).get(name)
    ]
