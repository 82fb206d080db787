"""Kills at single writes: the client or the server, before or after the write, and what must hold when the command is run again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.chaos.forty_changes import CHANGES
from tests.chaos.world import Attempt, World

WRITES = ["POST", "PUT", "DELETE"]
#: Seconds to wait for the write at which to kill.
_PATIENCE = 60.0
_FAULTS = {
    ("client", "before"): "blackhole",
    ("client", "after"): "blackhole_after",
    ("server", "before"): "kill_before",
    ("server", "after"): "kill_after",
}


class Kill(NamedTuple):
    """``who`` (client, server) is killed ``when`` (before, after) the write number ``write``; then the command is run again.

    A write of the client is a call; one of the server is the write of one object, be it in a batch or not.
    ``same_run``: the second run has the run id of the first.
    """

    who: str
    when: str
    write: int
    same_run: bool

    def __str__(self) -> str:
        return f"{self.who} killed {self.when} write {self.write}, run again {'under the same' if self.same_run else 'under a new'} run id"


class Expected(NamedTuple):
    """What an uninterrupted run leaves and how many writes it makes: calls, and objects."""

    state: dict[str, dict[str, Any]]
    calls: int

    def kills(self) -> Iterator[Kill]:
        """A kill before and after every single write, of the client and of the server."""
        for who, writes in (("client", self.calls), ("server", CHANGES)):
            for write in range(1, writes + 1):
                for when in ("before", "after"):
                    yield Kill(who, when, write, same_run=(write + (when == "after")) % 2 == 0)


def uninterrupted(world: World) -> Expected:
    """Run the replication in good weather."""
    world.restore()
    before = world.state()
    mark = world.sim.mark()
    result = world.replicate("run-1").result()
    assert result is not None
    assert not result.get("failed"), result["msg"]
    done = [outcome for outcome in result["outcomes"] if outcome["status"] == "done"]
    assert len(done) == CHANGES, f"{len(done)} changes were made, not {CHANGES}"
    state = world.state()
    assert state != before
    return Expected(state, len(world.sim.writes(mark)))


def faults_after(world: World, expected: Expected, kill: Kill) -> list[str]:
    """Kill, run again, and say what is wrong then: nothing, if all is well. Raises AssertionError when the kill itself failed."""
    world.restore()
    fault = {"nth": kill.write, "method": WRITES, "path": "" if kill.who == "client" else r"^(?!.*\$actions/batch)"}
    world.sim.fault(do=_FAULTS[kill.who, kill.when], site="south", match=fault)
    attempt = world.replicate("run-1")
    _strike(world, kill, attempt)
    world.sim.clear_faults()
    found = []
    again = world.replicate("run-1" if kill.same_run else "run-2").result()
    if again is None or again.get("failed"):
        found.append(f"the next run failed: {again and again['msg']}")
    if world.state() != expected.state:
        found.append("the end state is another one: " + ", ".join(_differing(expected.state, world.state())))
    if kinds := world.duplicates():
        found.append("made twice: " + ", ".join(kinds))
    world.check_record()
    return found


def _strike(world: World, kill: Kill, attempt: Attempt) -> None:
    deadline = time.monotonic() + _PATIENCE
    if kill.who == "client":
        while not world.sim.control("GET", "/faults")["faults"][0]["hit"]:
            assert attempt.process.is_alive(), f"{kill}: the run ended before"
            assert time.monotonic() < deadline, f"{kill}: the write never came"
            time.sleep(0.01)
        attempt.process.kill()
        attempt.process.join()
        assert attempt.process.exitcode == -9
        return
    while world.sim.alive():
        assert attempt.process.is_alive(), f"{kill}: the run ended before"
        assert time.monotonic() < deadline, f"{kill}: the write never came"
        time.sleep(0.01)
    world.sim.restart()
    result = attempt.result()
    assert result is not None
    if result.get("failed"):
        unnamed = [outcome for outcome in result["outcomes"] if outcome["status"] != "done" and not outcome["error"]]
        assert result["msg"], "a failure without a word"
        assert not unnamed, f"failed without a reason: {unnamed}"


def _differing(left: dict[str, dict[str, Any]], right: dict[str, dict[str, Any]]) -> list[str]:
    names = sorted({(kind, name) for side in (left, right) for kind, items in side.items() for name in items})
    return [f"{kind} '{name}'" for kind, name in names if left.get(kind, {}).get(name) != right.get(kind, {}).get(name)]
