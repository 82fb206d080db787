"""How fast hit logs are read and judged on one core: `python -m tests.bench.hitlog [--small]`; `make bench` has it too.

A simulator serves a generated estate, the collection exports it, and the simulator writes the hit log of its traffic.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from prismsim.estate import load
from prismsim.hitlog import Written, write
from prismsim.testing import running
from tests.bench.playing import connection, measured
from tests.bench.table import Figure, at_least, at_most, note, part
from tests.tools import collection_tree

_LINES, _POLICIES = 300_000, 200
_GOALS = {"parsed": 300_000, "judged": 100_000}
_MEGABYTES = 300
_WRONG = 20


def figures(*, small: bool = False) -> list[Figure]:
    """Both measurements, on a thirtieth of the lines and without goals when SMALL."""
    with tempfile.TemporaryDirectory() as name:
        log, baseline = Path(name) / "hits.log", Path(name) / "baseline"
        written = _prepare(Path(name), log, baseline, _LINES // 30 if small else _LINES)
        found = [note("lines, different flows, megabytes of the log", f"{written.lines}, {written.flows}, {log.stat().st_size / 1e6:.0f}")]
        for measure, goal in _GOALS.items():
            told = _measure(measure, log, baseline)
            if told["lines"] < written.hits or told.get("contradictions", _WRONG) != _WRONG:
                raise AssertionError(f"{measure}: {told} of {written}")
            rate, peak = f"lines {measure} per second", f"lines {measure}: peak of memory, MB"
            if small:
                found += [note(rate, f"{told['per_second']:.0f}"), note(peak, f"{told['megabytes']:.0f}")]
            else:
                found += [at_least(rate, goal, told["per_second"]), at_most(peak, _MEGABYTES, told["megabytes"], digits=0)]
    return found


def _prepare(directory: Path, log: Path, baseline: Path, lines: int) -> Written:
    estate = directory / "estate.json"
    command = [sys.executable, "-m", "prismsim", "estate", "generate", "--seed", "1", "--policies", str(_POLICIES), "-o", str(estate)]
    subprocess.run(command, check=True)
    with log.open("w", encoding="utf-8") as stream:
        written = write(load(estate).sites["north"], stream, lines=lines, seed=1, wrong=_WRONG, every_policy=True)
    with running(estate) as sim:
        sites = [{"id": site, **connection(sim, site)} for site in ("north", "south")]
        site_map = str(directory / "map.yml")
        measured(sim, "site_map", {"path": site_map, "primary": "north", "recovery": "south", "sites": sites})
        measured(sim, "baseline", {"path": str(baseline), "site": "north", "site_map": site_map, **connection(sim, "north")})
    return written


def _measure(name: str, log: Path, baseline: Path) -> dict[str, Any]:
    paths = [str(collection_tree.ROOT), str(collection_tree.link())]
    command = [sys.executable, "-m", "tests.bench.hitlog_measure", name, str(log), str(baseline)]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a thirtieth of the lines, without goals")
    found = figures(small=parser.parse_args().small)
    print(part("Hit logs", found))
    return 1 if any(figure.within is False for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
