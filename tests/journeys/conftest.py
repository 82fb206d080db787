"""A small world with two sites, and a directory in which a person would start the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.journeys.operator import Operator
from tests.tools.collection_tree import ROOT


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with running(ROOT / "prismsim" / "estates" / "minimal.yml") as simulator:
        yield Operator(tmp_path, simulator)
