"""One measurement of the policy engine, in this process: prints its figures as one line of JSON. Knows no goals."""

from __future__ import annotations

import copy
import json
import random
import resource
import sys
import time
from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import SitePair
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.matrix import tier_matrix
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.relation import Relation
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.rules import Objects
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow, Segmentation
from tests.bench.segmentation_sites import FAULTS, Site, make_site, otherwise

VERDICTS = 20_000


def objects_of(site: Site) -> Objects:
    return Objects(**site)


def relation(nics: int, policies: int) -> dict[str, Any]:
    site = make_site(nics, policies)
    start = time.process_time()
    engine = Segmentation(objects_of(site))
    built = time.process_time()
    rows = Relation(engine.policies).whole()
    end = time.process_time()
    return {"seconds": end - start, "build": built - start, "rows": rows, "classes": len(engine.classes), **_entries(site)}


def proof(nics: int, policies: int) -> dict[str, Any]:
    site = make_site(nics, policies)
    other = otherwise(site)
    start = time.process_time()
    pair = SitePair(objects_of(site), objects_of(other))
    difference = pair.difference(check_readings=False)
    proved, megabytes = time.process_time(), _megabytes()
    matrix = tier_matrix(pair, difference.groups)
    return {
        "seconds": proved - start, "equal": difference.equal, "rows": difference.rows, "megabytes": megabytes,
        "matrix_seconds": time.process_time() - proved, "matrix_ways": len(matrix.ways), "matrix_megabytes": _megabytes(),
    }


def faults(nics: int, policies: int) -> dict[str, Any]:
    site = make_site(nics, policies)
    other = otherwise(site)
    planted = copy.deepcopy(site)
    for fault in FAULTS:
        fault(planted)
    start = time.process_time()
    difference = SitePair(objects_of(other), objects_of(planted)).difference(check_readings=False)
    return {"seconds": time.process_time() - start, "groups": len(difference.groups)}


def verdict(nics: int, policies: int) -> dict[str, Any]:
    engine = Segmentation(objects_of(make_site(nics, policies)))
    dice = random.Random(3)
    flows = [
        Flow(f"vm-{dice.randrange(nics)}", f"vm-{dice.randrange(nics)}", f"tcp/{dice.choice((443, 22, 53, 8000))}") for _flow in range(VERDICTS)
    ]
    flows = [flow for flow in flows if flow.source != flow.destination]
    for flow in flows:  # the lines of each interface are sorted when they are first asked for
        engine.verdict(flow)
    start = time.process_time()
    for flow in flows:
        engine.verdict(flow)
    return {"microseconds": (time.process_time() - start) / len(flows) * 1e6}


def _megabytes() -> float:
    """The peak so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _entries(site: Site) -> dict[str, Any]:
    parts = ("inbound", "outbound")
    return {"entries": sum(len(group.get(part, [])) for rule in site["rules"] for group in rule.get("groups", []) for part in parts)}


def main() -> None:
    measure, nics, policies = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    found = {"relation": relation, "proof": proof, "faults": faults, "verdict": verdict}[measure](nics, policies)
    found.setdefault("megabytes", _megabytes())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
