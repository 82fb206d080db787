"""A small world with two sites, and a directory in which a person would start the playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.journeys.operator import Operator
from tests.journeys.pairs import ESTATE, copied, prepare
from tests.tools.report_schema import check_reports


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """Before anything was done."""
    with running(ESTATE) as simulator:
        yield Operator(tmp_path, simulator)
    check_reports(tmp_path)


@pytest.fixture(scope="session")
def after_pre_dr(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a pre_dr went well, to be copied."""
    return prepare(tmp_path_factory.mktemp("after_pre_dr"), ESTATE)


@pytest.fixture
def prepared(after_pre_dr: Path, tmp_path: Path) -> Iterator[Operator]:
    """After a pre_dr, with both sites well."""
    with copied(after_pre_dr, tmp_path, ESTATE) as person:
        yield person
