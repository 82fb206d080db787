"""What an uninterrupted run of a journey leaves, and what must hold when the command is given again after an interruption.

Knows no interruption.
"""

from __future__ import annotations

import re
from concurrent.futures import Future
from typing import NamedTuple

from tests.chaos.journey_world import JourneyWorld, State
from tests.tools.playbook import Play

#: From this write of a drill on its copies may be gone.
_CLEANS_UP = re.compile(r"/clean-up-resources$")


class Uninterrupted(NamedTuple):
    """What an uninterrupted run leaves, its writes (site, method, path), and how often each move was begun."""

    state: dict[str, State]
    writes: list[str]
    begun: list[str]


def faults_of_next_run(world: JourneyWorld, expected: Uninterrupted, write: int, outlived: Future[Play] | None = None) -> list[str]:
    """Give the command again and say what is wrong then: nothing, if all is well.

    ``write``: the number of the write at which it was interrupted. ``outlived``: a task of the interrupted run that may still go on.
    """
    found = [] if world.journey.drill else [f"powered on on both sites after it: {name}" for name in world.twice_on()]
    again = world.command().result()
    if again.code and outlived and "holds the lock since" in again.text:
        outlived.result()  # a task goes on; a person waits for it, as the message says
        again = world.command().result()
    if again.code:
        found.append(f"the next run failed: {_last_words(again)}")
    if (state := world.state()) != expected.state:
        found.append("the end state is another one: " + ", ".join(_differing(expected.state, state)))
    tests_again = world.journey.drill and any(_CLEANS_UP.search(line) for line in expected.writes[:write])
    if world.begun() not in (expected.begun, sorted(expected.begun * 2) if tests_again else expected.begun):
        found.append(f"begun {world.begun()}, not {expected.begun}")
    return [*found, *world.wrong_records(), *(f"powered on on both sites: {name}" for name in world.twice_on())]


def _last_words(play: Play) -> str:
    failed = [line for line in play.text.splitlines() if line.startswith(("fatal:", "    msg:", "[ERROR]"))]
    return f"{' '.join(failed[-3:])[:600]} ({play.log})"


def _differing(left: dict[str, State], right: dict[str, State]) -> list[str]:
    names = sorted({(place, kind, name) for side in (left, right) for place, kinds in side.items() for kind, items in kinds.items() for name in items})
    pairs = ((place, kind, name, left[place].get(kind, {}).get(name), right[place].get(kind, {}).get(name)) for place, kind, name in names)
    return [f"{kind} '{name}' on {place}{_members(one, other)}" for place, kind, name, one, other in pairs if one != other]


def _members(one: object, other: object) -> str:
    """Which members of two objects differ; nothing if one of them is no object."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return ""
    differing = (name for name in sorted({*one, *other}) if one.get(name) != other.get(name))
    return f" ({', '.join(f'{name}: {one.get(name)}, then {other.get(name)}'[:300] for name in differing)})"
