"""How fast the policy engine is on one core: `python -m tests.bench.segmentation [--small]`; `make bench` has it too.

Each measurement runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any, NamedTuple

from tests.bench.table import Figure, at_most, note, part
from tests.tools import collection_tree


class Case(NamedTuple):
    """One measurement; ``goals`` are the largest figures that are good enough."""

    measure: str
    nics: int
    policies: int
    goals: dict[str, float]


CASES = [
    Case("relation", 25_000, 5_000, {"seconds": 5, "megabytes": 700}),
    Case("relation", 12_500, 5_000, {}),
    Case("relation", 25_000, 2_500, {}),
    Case("proof", 25_000, 5_000, {"seconds": 10, "megabytes": 1100}),
    Case("verdict", 25_000, 5_000, {"microseconds": 20}),
    Case("faults", 3_000, 600, {"seconds": 1}),
]
_GROWTH = 2.3


def measure(case: Case) -> dict[str, Any]:
    paths = [str(collection_tree.ROOT), str(collection_tree.link())]
    command = [sys.executable, "-m", "tests.bench.segmentation_measure", case.measure, str(case.nics), str(case.policies)]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def figures(*, small: bool = False) -> list[Figure]:
    """Every case, at a tenth of its size and without goals when SMALL, and how the time grows with the size."""
    found: list[Figure] = []
    relations: list[float] = []
    for case in CASES:
        asked = case._replace(nics=case.nics // 10, policies=case.policies // 10, goals={}) if small else case
        told = measure(asked)
        title = f"{asked.measure}, {asked.nics} interfaces, {asked.policies} policies: "
        found += [at_most(title + name, asked.goals[name], told[name], digits=1) if name in asked.goals else _note(title + name, told[name]) for name in told]
        if case.measure == "relation":
            relations.append(told["seconds"])
    for doubled, before in (("interfaces", relations[1]), ("policies", relations[2])):
        growth = relations[0] / before
        what = f"relation, twice the {doubled}: times the time"
        found.append(_note(what, growth) if small else at_most(what, _GROWTH, growth))
    return found


def _note(what: str, value: object) -> Figure:
    return note(what, f"{value:.3g}" if isinstance(value, float) else str(value))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the size, without goals")
    found = figures(small=parser.parse_args().small)
    print(part("The policy engine", found))
    return 1 if any(figure.within is False for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
