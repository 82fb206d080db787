"""`make bench`: measures, prints the tables, writes them into docs/benchmarks.md. Ends with 1 when a figure is over its limit.

`python tests/bench/run.py PART`, with one of PARTS, measures that part and writes nothing
(with the checkout in PYTHONPATH).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from prismsim.testing import running
from tests.bench import hitlog, loop, pairing, recovery, segmentation, singular, table
from tests.bench.replication import COUNTS, Replication, estate

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PARTS = ("singular", "replication", "pairing", "recovery", "segmentation", "hitlog")


def main(wanted: list[str]) -> int:
    """The exit code. WANTED are names of parts, all when there are none."""
    if set(wanted) - set(PARTS):
        print(f"known parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(table.measured_on(), flush=True)
    parts: dict[str, list[table.Figure]] = {}
    for title, figures in _measurements(wanted or list(PARTS)):
        parts[title] = figures
        print(table.part(title, figures), flush=True)
    if not wanted:
        table.write_into(PAGE, table.page(parts))
    return 1 if any(figure.within is False for figures in parts.values() for figure in figures) else 0


def _measurements(wanted: list[str]) -> Iterator[tuple[str, list[table.Figure]]]:
    if "singular" in wanted:
        yield "One singular module, nothing to change", singular.figures()
    if "replication" in wanted:
        yield from _replication()
    if "pairing" in wanted:
        yield "Pairing two clusters", pairing.figures()
    if "recovery" in wanted:
        yield "A failover of 200 VMs by a recovery plan", recovery.figures()
    if "segmentation" in wanted:
        yield "The policy engine, on one core", segmentation.figures()
    if "hitlog" in wanted:
        yield "Hit logs, on one core", hitlog.figures()


def _replication() -> Iterator[tuple[str, list[table.Figure]]]:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        world = estate(directory / "estate.json")
        with running(world, profile="realistic") as sim:
            replication = Replication(sim, directory)
            yield from replication.figures()
        with running(world, profile="realistic") as sim:
            yield "The same as a loop of singular tasks", loop.figures(sim, directory / "baseline", COUNTS, replication.first_seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
