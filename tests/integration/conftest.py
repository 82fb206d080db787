"""Fixtures of the journeys' modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.integration.pair import MINIMAL, Pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Two sites as they come, without a site map and a baseline."""
    with running(MINIMAL) as sim:
        yield Pair(sim, tmp_path)


@pytest.fixture
def ready_pair(pair: Pair) -> Pair:
    """Two sites with a site map and a baseline of north."""
    pair.prepare()
    return pair
