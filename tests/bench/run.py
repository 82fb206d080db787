"""`make bench`: measures, prints the tables, writes them into docs/benchmarks.md. Ends with 1 when a figure is over its limit.

`python tests/bench/run.py singular` and `... replication` measure one part and write nothing
(with the checkout in PYTHONPATH).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from prismsim.testing import running
from tests.bench import loop, singular, table
from tests.bench.replication import COUNTS, Replication, estate

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
PARTS = ("singular", "replication")


def main(wanted: list[str]) -> int:
    """The exit code. WANTED are names of parts, all when there are none."""
    if set(wanted) - set(PARTS):
        print(f"known parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    parts: dict[str, list[table.Figure]] = {}
    if not wanted or "singular" in wanted:
        parts["One singular module, nothing to change"] = singular.figures()
    if not wanted or "replication" in wanted:
        parts.update(_replication())
    text = table.as_markdown(parts)
    print(text)
    if not wanted:
        table.write_into(PAGE, text)
    return 1 if any(figure.within is False for figures in parts.values() for figure in figures) else 0


def _replication() -> dict[str, list[table.Figure]]:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        world = estate(directory / "estate.json")
        with running(world, profile="realistic") as sim:
            replication = Replication(sim, directory)
            found = replication.figures()
        with running(world, profile="realistic") as sim:
            found["The same as a loop of singular tasks"] = loop.figures(sim, directory / "baseline", COUNTS, replication.first_seconds)
        return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
