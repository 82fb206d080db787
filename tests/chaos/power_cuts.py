"""Power cuts at the writes of a journey: it runs once and is held before and after each write, while all that a power cut would leave is copied.

Each copy is then a world of its own in which the same command is given again, without another run up to that write. Cuts that leave the same
are one: after a write and before the next, when nobody has written anything down in between.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from tests.chaos.journey_end import Uninterrupted, faults_of_next_run
from tests.chaos.journey_kills import WRITES
from tests.chaos.journey_world import JourneyWorld
from tests.chaos.leftover import Leftover


class PowerCut(NamedTuple):
    """The power fails at each of ``moments`` (before or after a write is carried out); ``write`` is the number of the last of these writes."""

    moments: tuple[str, ...]
    write: int
    left: Leftover

    def __str__(self) -> str:
        return f"power cut {' = '.join(self.moments)}"


def power_cuts(world: JourneyWorld) -> tuple[Uninterrupted, list[PowerCut]]:
    """Run the journey to its end and make each power cut."""
    world.restore()
    for do in ("hold", "hold_after"):
        world.sim.fault(do=do, match={"method": WRITES})
    run = world.command()
    cuts: list[PowerCut] = []
    numbers: dict[int, int] = {}
    while not run.done():
        for call in world.sim.held()[:1]:
            number = numbers.setdefault(call["seq"], len(numbers) + 1)
            left, moments = world.leftover(), (f"{call['when']} write {number}",)
            if cuts and left.equals(cuts[-1].left):
                moments = (*cuts.pop().moments, *moments)
            cuts.append(PowerCut(moments, number, left))
            world.sim.release()
        time.sleep(0.02)
    done = run.result()
    assert done.code == 0, done.text
    assert cuts, "it has written nothing"
    assert not world.wrong_records()
    writes = [f"{line['site']} {line['method']} {line['path']}" for line in world.writes()]
    return Uninterrupted(world.state(), writes, world.begun()), cuts


def faults_after_cut(world: JourneyWorld, expected: Uninterrupted, cut: PowerCut) -> list[str]:
    """Give the same command again in what the power cut left; say what is wrong then: nothing, if all is well."""
    world.restore(cut.left)
    return faults_of_next_run(world, expected, cut.write)
