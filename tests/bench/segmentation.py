"""How fast the policy engine is on one core: `python -m tests.bench.segmentation [--small]`. Prints figures beside their goals.

Each measurement runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from typing import Any, NamedTuple

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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth of the size, without goals")
    small = parser.parse_args().small
    missed = 0
    relations = []
    for case in CASES:
        asked = case._replace(nics=case.nics // 10, policies=case.policies // 10, goals={}) if small else case
        found = measure(asked)
        late = [name for name, goal in asked.goals.items() if found[name] > goal]
        missed += len(late)
        figures = ", ".join(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in found.items())
        goals = ", ".join(f"{name} {goal:g}" for name, goal in asked.goals.items())
        print(f"{asked.measure:9} {asked.nics:6} interfaces {asked.policies:5} policies: {figures}"
              f"{f' (goal: {goals})' if goals else ''}{' MISSED' if late else ''}", flush=True)
        if case.measure == "relation":
            relations.append(found["seconds"])
    for doubled, before in (("interfaces", relations[1]), ("policies", relations[2])):
        growth = relations[0] / before
        missed += not small and growth > _GROWTH
        print(f"twice the {doubled}: {growth:.2f} times the time (goal: {_GROWTH})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
