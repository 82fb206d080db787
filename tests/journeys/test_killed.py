"""A sample of `make chaos`: a failover that is killed in the middle and resumed ends as an uninterrupted one does, object by object.

And a copy made while a write is held, as `make chaos` makes them, holds what a kill at that write leaves.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from prismsim.testing import running
from tests.chaos.journey_end import Uninterrupted, faults_of_next_run
from tests.chaos.journey_kills import Kill, strike
from tests.chaos.journey_world import JourneyWorld, plain
from tests.chaos.journeys import JOURNEYS
from tests.chaos.leftover import Leftover
from tests.chaos.power_cuts import PowerCut, faults_after_cut, power_cuts
from tests.journeys.pairs import ESTATE

#: What two runs differ in besides ids: moments, ages, digests of what has some, the name of the process, and the order of what went side by side.
_OWN = re.compile(r"""\b[0-9a-f]{64}\b|"process": ?"[^"]+"|"(seq|waited)": [\d.]+|\b\d{10}\.\d+\b|[\d.]+ hours ago|'(order|number)': \d+""")
#: A write that stands alone: beside others it would be chance what else was done by then. A VM gets a category back.
_ALONE = "/$actions/associate-categories"
#: One that comes when others beside it are done or not.
_POLICY = "/config/policies"


def test_a_failover_that_was_killed_ends_as_an_uninterrupted_one(after_pre_dr: Path, tmp_path: Path) -> None:
    for name in ("person", "state"):
        shutil.copytree(after_pre_dr / name, tmp_path / name)
    with running(ESTATE, tmp_path / "state") as sim:
        world = JourneyWorld(JOURNEYS["failover, planned"], sim, tmp_path)
        expected, cuts = power_cuts(world)
        made = sorted(moment for cut in cuts for moment in cut.moments)
        assert made == sorted(f"{when} write {number}" for number in range(1, len(expected.writes) + 1) for when in ("before", "after"))

        write = _number(expected, _ALONE)
        world.restore()
        strike(world, Kill("after", write))
        copied, killed = _after(cuts, write).left, world.leftover()
        assert _files(copied) == _files(killed)
        assert _documents(copied) == _documents(killed)
        assert faults_of_next_run(world, expected, write) == []

        assert faults_after_cut(world, expected, _after(cuts, _number(expected, _POLICY))) == []


def _number(expected: Uninterrupted, path: str) -> int:
    """Which write, counted from one, is the first to a path that ends like this."""
    return next(number for number, write in enumerate(expected.writes, 1) if write.endswith(path))


def _after(cuts: list[PowerCut], write: int) -> PowerCut:
    return next(cut for cut in cuts if f"after write {write}" in cut.moments)


def _files(left: Leftover) -> dict[str, list[str]]:
    """The lines of a person's files, without what is each run's own."""
    return {plain(name): sorted(_OWN.sub("OWN", plain(text.decode())).splitlines()) for name, text in left.files().items()}


def _documents(left: Leftover) -> list[str]:
    """What the simulator has written down, likewise; not the answers that it keeps for repeated calls."""
    kept = ((topic, site, plain(json.loads(body))) for (topic, site, _key), body in left.documents().items() if topic != "replay")
    return sorted(_OWN.sub("OWN", f"{topic} {site} {body}") for topic, site, body in kept)
