"""A sample of `make chaos`: a failover that is killed in the middle and resumed ends as an uninterrupted one does, object by object."""

from __future__ import annotations

import shutil
from pathlib import Path

from prismsim.testing import running
from tests.chaos.journey_kills import Kill, faults_after, uninterrupted
from tests.chaos.journey_world import JourneyWorld
from tests.chaos.journeys import JOURNEYS
from tests.journeys.pairs import ESTATE


def test_a_failover_that_was_killed_ends_as_an_uninterrupted_one(after_pre_dr: Path, tmp_path: Path) -> None:
    for name in ("person", "state"):
        shutil.copytree(after_pre_dr / name, tmp_path / name)
    with running(ESTATE, tmp_path / "state") as sim:
        world = JourneyWorld(JOURNEYS["failover, planned"], sim, tmp_path)
        expected = uninterrupted(world)
        assert faults_after(world, expected, Kill("after", 6)) == []
