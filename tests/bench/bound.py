"""How fast a replication can be at all, computed from what is published and from the simulator's profile. Measures nothing.

Objects that don't refer to each other are written side by side, whatever their kind. What is left to wait for is the longest chain
of objects that refer to each other: a rule, the entity group that it names, the categories of that group. So

    bound = calls / CALLS_PER_SECOND + longest chain * (LONGEST_TASK + TOLD_LATE)
    calls = opening + sum over kinds of (ceil(n / BATCH) + ceil(n / BATCH) + ceil(n / PAGE))

A kind of n objects costs one call per batch, one look at each batch's task, and the pages that tell each item's outcome. Among
the hundreds of items of a batch one takes the longest time that a task can take.
"""

from __future__ import annotations

from collections.abc import Mapping

# contract/v4 sections 3, 7 and 8: the limit over all calls of a Prism Central, items of a batch, objects of a page.
CALLS_PER_SECOND = 80
BATCH = 500
PAGE = 100
# prismsim's profile `realistic`, in seconds: the longest task, and how much later it may tell what it made.
LONGEST_TASK = 2.0
TOLD_LATE = 0.3


def write_calls(counts: Mapping[str, int]) -> int:
    """The calls that create so many objects of each kind."""
    return sum(2 * _ceil(count, BATCH) + _ceil(count, PAGE) for count in counts.values())


def bound(counts: Mapping[str, int], opening: int, chain: int) -> float:
    """Seconds to create so many objects of each kind, after OPENING calls that find out what is there; CHAIN is the number of objects
    in the longest chain of references."""
    return (opening + write_calls(counts)) / CALLS_PER_SECOND + chain * (LONGEST_TASK + TOLD_LATE)


def _ceil(count: int, size: int) -> int:
    return -(-count // size)
