"""A pair of simulated sites with a site map and a baseline, as the modules of the journeys need them. Knows their options only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from prismsim.testing import Running
from tests.integration.direct import run_module
from tests.integration.play import Played, Task, connection_of, play

MINIMAL = Path(__file__).parents[2] / "prismsim" / "estates" / "minimal.yml"


class Pair(NamedTuple):
    """North is the primary, south the recovery site; files live in ``directory``."""

    sim: Running
    directory: Path

    @property
    def sites(self) -> list[dict[str, Any]]:
        return [{"id": site, **connection_of(self.sim.ready, site)} for site in ("north", "south")]

    @property
    def site_map(self) -> Path:
        return self.directory / "dr_site_map.yml"

    @property
    def baseline(self) -> Path:
        return self.directory / "baseline"

    @property
    def reports(self) -> Path:
        return self.directory / "reports"

    def options(self, module: str) -> dict[str, Any]:
        """What a task of this module needs to know of the pair, for the way from north to south."""
        files: dict[str, Any] = {"baseline": str(self.baseline), "site_map": str(self.site_map)}
        way = {"source": "north", "target": "south"}
        both = {"primary": "north", "recovery": "south", "sites": self.sites}
        known: dict[str, dict[str, Any]] = {
            "site_map": {"path": str(self.site_map), **both},
            "baseline": {"path": str(self.baseline), "site": "north", "site_map": str(self.site_map), **connection_of(self.sim.ready, "north")},
            "baseline_info": {"path": str(self.baseline)},
            "replicate": {**files, **way, **connection_of(self.sim.ready, "south")},
            "coverage_info": {**files, **way, **connection_of(self.sim.ready, "south")},
            "drift": {**files, **way, "sites": self.sites},
            "segmentation_query": {"site": "north", "sites": self.sites},
            "segmentation_lint": {"site": "north", "sites": self.sites},
            "segmentation_check": {"site_map": str(self.site_map), **way, "sites": self.sites},
            "reconcile": {**files, "source": "south", "target": "north", "sites": self.sites},
            "failover_gate": {**files, **both, "reports": str(self.reports), "interval": 0},
            "dr_state": {"site_map": str(self.site_map), **both},
            "dr_state_info": {"site_map": str(self.site_map), **both},
            "vm_categories": connection_of(self.sim.ready, "south"),
            "run_report": {"path": str(self.reports / "run-1")},
        }
        return known[module]

    def task(self, module: str, **options: Any) -> Task:
        return {"name": module, f"nutanix_flow.dr.{module}": {**self.options(module), **options}}

    def play(self, *tasks: Task, check: bool = False, diff: bool = False) -> Played:
        """The tasks in a playbook, as people run them."""
        return play(list(tasks), connection={}, check=check, diff=diff)

    def result(self, module: str, *, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        """What the module returns."""
        return run_module(module, {**self.options(module), **options}, check=check, diff=diff)

    def record(self, step: str, run_id: str = "run-1") -> dict[str, str]:
        return {"path": str(self.reports / run_id), "step": step}

    def prepare(self) -> None:
        """Write the site map and the baseline."""
        results = [self.result("site_map"), self.result("baseline", record=self.record("export"))]
        assert [result.get("msg") for result in results] == [None, None]
