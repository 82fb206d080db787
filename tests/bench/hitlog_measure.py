"""One measurement of hit logs, in this process: prints its figures as one line of JSON. Knows no goals.

The log is the simulator's, of a generated estate, so that its lines, flows and policies are those that a reader meets. Processor time
is counted, not time on the clock: other processes of the machine matter less then.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.estate import estate_of_baseline
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_check import HitLogCheck
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.hit_log_judge import Judge
from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.registry import ENTITIES
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.baseline import read_baseline
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.hit_log_files import log_files
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.hit_log_line import Hit, is_doubtful, parse, usual
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Segmentation

_TIMES = 3


def parsed(log: str, _baseline: str) -> dict[str, Any]:
    """Every line to its fields, as the check does it."""

    def work() -> int:
        hits = 0
        for text in log_files([log])[0].read():
            found = usual(text)
            if found is None or is_doubtful(found[12], text):
                hits += isinstance(parse(text), Hit)
            elif found.groups(""):
                hits += 1
        return hits

    return _best(work)


def judged(log: str, baseline: str) -> dict[str, Any]:
    """Every line read, parsed, compared with the engine and counted, each time from nothing."""
    engine = Segmentation(estate_of_baseline(read_baseline(baseline, ENTITIES), "north").for_engine())
    contradictions = 0

    def work() -> int:
        nonlocal contradictions
        check = HitLogCheck(Judge(engine, {}))
        check.read(log_files([log])[0])
        contradictions = sum(lines for kind, lines in check.counts.items() if "though" in kind)
        return sum(check.lines.values())

    return {**_best(work), "contradictions": contradictions}


def _best(work: Callable[[], int]) -> dict[str, Any]:
    """The best of some times, for a busy machine slows all of them."""
    rate = 0.0
    for _time in range(_TIMES):
        start = time.process_time()
        count = work()
        rate = max(rate, count / (time.process_time() - start))
    return {"lines": count, "per_second": rate}


def main() -> None:
    measure, log, baseline = sys.argv[1:4]
    found = {"parsed": parsed, "judged": judged}[measure](log, baseline)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main()
