"""A pair after a pre_dr, made once and copied for each test, and pairs whose VMs Prism moves itself. Knows no story.

In those, the shop and what is beside it are moved; tenant-1 is left to something else.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from prismsim.testing import running
from tests.journeys.operator import Operator
from tests.tools.collection_tree import ROOT
from tests.tools.report_schema import check_reports

ESTATE = ROOT / "prismsim" / "estates" / "minimal.yml"
MOVED = {"shop": ["web-1", "web-2", "app-1", "app-2", "db-1"], "rest": ["dns-1", "test-1"]}
RUNNING = {name: "ON" for vms in MOVED.values() for name in vms}


def minimal() -> dict[str, Any]:
    """The smallest estate, to be changed."""
    document: dict[str, Any] = yaml.safe_load(ESTATE.read_text())
    return document


def prepare(directory: Path, estate: Path | Mapping[str, Any], maps: str = "") -> Path:
    """Run pre_dr; the person's directory and the state of the simulator are then in DIRECTORY. MAPS: a line for the maps of the site map."""
    (directory / "person").mkdir()
    with running(estate, directory / "state") as simulator:
        done = Operator(directory / "person", simulator).run("pre_dr")
    assert done.code == 0, done.text
    if maps:
        site_map = directory / "person" / "dr_site_map.yml"
        site_map.write_text(site_map.read_text().replace("maps:\n", f"maps:\n  {maps}\n"))
    return directory


@contextmanager
def copied(kept: Path, directory: Path, estate: Path | Mapping[str, Any]) -> Iterator[Operator]:
    """What ``prepare`` left in KEPT, as a copy in DIRECTORY with both sites well. In the end all reports must fit their schema."""
    for name in ("person", "state"):
        shutil.copytree(kept / name, directory / name)
    with running(estate, directory / "state") as simulator:
        yield Operator(directory / "person", simulator)
    check_reports(directory)


def shown(operator: Operator, site: str) -> dict[str, str]:
    """The VMs that Prism moves, at a site, with their power."""
    return {name: vm["powerState"] for name, vm in operator.simulator.state(site).get("vm", {}).items() if name in RUNNING}


def tenant(operator: Operator, source: str, target: str) -> Any:
    """What moves the VM that Prism doesn't, once the playbook waits for it."""
    return operator.mover(source, target, vms=["tenant-1"])
