"""A thousand security rules from a primary to an empty recovery site: first run, second run, ten changes. Knows the limits of each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from prismsim.testing import Running
from tests.bench.bound import PAGE, bound
from tests.bench.playing import Measured, connection, measured
from tests.bench.table import Figure, at_most, note

COUNTS = {"category": 2000, "address_group": 300, "service_group": 300, "entity_group": 100, "security_rule": 1000}
# The longest chain of references: a rule, its entity group, the categories of that.
CHAIN = 3
ENTRIES = 10
CHANGED = 10
_OPTION = {
    "category": "categories",
    "address_group": "address-groups",
    "service_group": "service-groups",
    "entity_group": "entity-groups",
    "security_rule": "policies",
}
_LISTS = ("config/categories", "config/policies", "address-groups", "service-groups", "entity-groups")


def estate(path: Path) -> Path:
    """Write the estate of the size that the limits are meant for."""
    size = [word for kind, number in COUNTS.items() for word in (f"--{_OPTION[kind]}", str(number))]
    subprocess.run([sys.executable, "-m", "prismsim", "estate", "generate", "--seed", "1", "--entries", str(ENTRIES), *size, "-o", str(path)], check=True)
    return path


class Replication:
    """Replications from north to south of one simulator, through files in a directory."""

    def __init__(self, sim: Running, directory: Path) -> None:
        self._sim = sim
        self._map, self._baseline = str(directory / "map.yml"), str(directory / "baseline")
        self.first_seconds = 0.0

    def prepare(self) -> None:
        """Write the site map and the baseline."""
        sites = [{"id": site, **connection(self._sim, site)} for site in ("north", "south")]
        measured(self._sim, "site_map", {"path": self._map, "primary": "north", "recovery": "south", "sites": sites})
        self.export()

    def export(self) -> None:
        measured(self._sim, "baseline", {"path": self._baseline, "site": "north", "site_map": self._map, **connection(self._sim, "north")})

    def run(self) -> Measured:
        options: dict[str, Any] = {"baseline": self._baseline, "site_map": self._map, "source": "north", "target": "south"}
        return measured(self._sim, "replicate", {**options, **connection(self._sim, "south")})

    def change(self) -> None:
        """Change some policies of the primary, and export it again."""
        policies = self._sim.state("north")["security_policy"]
        for name in sorted(name for name, body in policies.items() if body["type"] == "APPLICATION")[:CHANGED]:
            self._sim.edit("north", "security_policy", name, {"description": "changed for the benchmark"})
        self.export()

    def figures(self) -> Iterator[tuple[str, list[Figure]]]:
        """All three runs, each with its title; the target must be empty."""
        self.prepare()
        first = self.run()
        _must_be(first, created=sum(COUNTS.values()))
        self.first_seconds = first.seconds
        yield "First replication", _first(first)
        again = self.run()
        _must_be(again)
        yield "Again, nothing to change", _again(again)
        self.change()
        changed = self.run()
        _must_be(changed, updated=CHANGED)
        yield f"{CHANGED} of {COUNTS['security_rule']} rules changed", _changed(changed, again)


def _must_be(run: Measured, *, created: int = 0, updated: int = 0) -> None:
    """Raises RuntimeError when a run did not do what it is measured for."""
    did = {verb: len(run.result["summary"][verb]) for verb in ("created", "updated", "deleted")}
    if did != {"created": created, "updated": updated, "deleted": 0}:
        raise RuntimeError(f"expected {created} created and {updated} updated, not {did}")


def _first(run: Measured) -> list[Figure]:
    opening = next(index for index, request in enumerate(run.requests) if request["method"] == "POST")
    least = bound(COUNTS, opening, CHAIN)
    return [
        note("objects created", str(sum(COUNTS.values()))),
        note("the bound", f"{least:.1f} s"),
        at_most("time, times the bound", 1.5, run.seconds / least),
        note("time", f"{run.seconds:.1f} s, of it {run.cpu:.1f} s processor time of the module"),
        note("calls", f"{run.calls}, {sum(COUNTS.values()) / run.calls:.0f} objects for each"),
        Figure("calls answered 429", "less than 1 %", f"{100 * run.rate_limited / run.calls:.1f} %", run.rate_limited < 0.01 * run.calls),
    ]


def _again(run: Measured) -> list[Figure]:
    pages = sum(request["method"] == "GET" and request["path"].endswith(_LISTS) for request in run.requests)
    return [
        at_most("time", 5.0, run.seconds, "s", 1),
        note("processor time of the module", f"{run.cpu:.1f} s"),
        at_most(f"calls, beyond the {pages} pages (of {PAGE}) of all kinds", 10, run.calls - pages, digits=0),
        at_most("peak memory of the module", 300, run.megabytes, "MB", 0),
    ]


def _changed(run: Measured, unchanged: Measured) -> list[Figure]:
    return [
        at_most("calls, beyond those of a run without changes", 40, run.calls - unchanged.calls, digits=0),
        note("time", f"{run.seconds:.1f} s"),
    ]
