"""Runs gates, three at a time, and tells what came of them; what the gates are is in gate_list.

    python -m tests.tools.gates GROUP|GATE...

Ends with a table, the line `N passed, N failed` over the tests of all gates, and exit code 1 when a gate failed.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.tools import collection_tree, environments, gate_list
from tests.tools.gate import Gate, Outcome, failed_tests, run

TAIL = 60
# For two cores: a gate waits about a third of its time, for answers and for tasks to end.
AT_ONCE = 3


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="+", metavar="NAME", help="group or gate: " + ", ".join(gate_list.names()))
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many gates run at the same time")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(gate_list.names()))
    if unknown:
        parser.error(f"unknown gate: {', '.join(unknown)}; known are {', '.join(gate_list.names())}")

    collection_tree.link()
    gates = gate_list.gates(options.names)
    outcomes = run_all(gates, at_once=options.at_once)
    for line in summary(outcomes):
        say(line)
    return int(any(outcome.complaint for outcome in outcomes))


def run_all(gates: list[Gate], *, at_once: int) -> list[Outcome]:
    """Run the gates, the heavy ones first; report each as it ends; return the outcomes in the order of GATES."""
    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(run, gate) for gate in sorted(gates, key=lambda gate: -gate.weight)]
        for future in as_completed(running):
            outcome = future.result()
            outcomes[outcome.gate.name] = outcome
            say(row(outcome))
            if outcome.complaint:
                say(*tail(outcome))
    return [outcomes[gate.name] for gate in gates]


def row(outcome: Outcome) -> str:
    """One line on one gate."""
    counts = outcome.counts
    verdict = f"FAILED ({outcome.complaint})" if outcome.complaint else "ok"
    skipped = f", {counts.skipped} skipped" if counts.skipped else ""
    return f"{outcome.gate.name:<28} {outcome.seconds:7.1f} s  {counts.passed:5} passed, {counts.failed} failed{skipped}  {verdict}"


def tail(outcome: Outcome) -> list[str]:
    """The last lines of a failed gate's log, and where the rest is."""
    text = outcome.log.read_text(errors="replace").splitlines()
    return [f"  | {line}" for line in text[-TAIL:]] + [f"  whole log: {outcome.log.relative_to(collection_tree.ROOT)}"]


def summary(outcomes: list[Outcome]) -> list[str]:
    """The table at the end; the last line is the sum over all gates."""
    passed = sum(outcome.counts.passed for outcome in outcomes)
    # A gate that failed without a failing test (a crash, no test at all, a deadline) still counts as a failure.
    failed = sum(max(outcome.counts.failed, int(bool(outcome.complaint))) for outcome in outcomes)
    absent = [f"not run: {line}" for line in environments.not_run()]
    # Who reads only the end of a long output learns what failed, too.
    failures = [f"  {outcome.gate.name}: {test}" for outcome in outcomes if outcome.complaint for test in failed_tests(outcome.gate.results)]
    return ["", *[row(outcome) for outcome in outcomes], *failures, *absent, f"{passed} passed, {failed} failed"]


def say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
