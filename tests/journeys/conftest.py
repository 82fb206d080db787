"""A small world with two sites, and a directory in which a person would start the playbooks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.journeys.operator import Operator
from tests.tools.collection_tree import ROOT
from tests.tools.report_schema import check_reports

ESTATE = ROOT / "prismsim" / "estates" / "minimal.yml"


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """Before anything was done."""
    with running(ESTATE) as simulator:
        yield Operator(tmp_path, simulator)
    check_reports(tmp_path)


@pytest.fixture(scope="session")
def after_pre_dr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a pre_dr went well: the person's directory and the state of the simulator, to be copied."""
    directory = tmp_path_factory.mktemp("after_pre_dr")
    (directory / "person").mkdir()
    with running(ESTATE, directory / "state") as simulator:
        done = Operator(directory / "person", simulator).run("pre_dr")
    assert done.code == 0, done.text
    return directory


@pytest.fixture
def prepared(after_pre_dr: Path, tmp_path: Path) -> Iterator[Operator]:
    """After a pre_dr, with both sites well."""
    for name in ("person", "state"):
        shutil.copytree(after_pre_dr / name, tmp_path / name)
    with running(ESTATE, tmp_path / "state") as simulator:
        yield Operator(tmp_path / "person", simulator)
    check_reports(tmp_path)
