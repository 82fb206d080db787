"""The first replication as a loop of singular tasks: a sample of it, and from that the whole. Knows how to choose the sample.

The sample is a few security rules with everything that they refer to, on a target that is empty but for them. So its tasks list
almost nothing, while those of a whole loop would list more and more: the estimate is in favor of the loop.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean
from typing import Any

import yaml

from prismsim.testing import Running
from tests.bench.playing import connection, timed
from tests.bench.table import Figure, note

SAMPLE = 50
_IN_ORDER = ("category", "address_group", "service_group", "entity_group", "security_rule")


def sample(baseline: Path) -> list[tuple[str, dict[str, Any]]]:
    """Kind and options of about SAMPLE objects, referred-to ones first."""
    entries = {f"{entry['kind']}:{entry['name']}": entry for entry in json.loads((baseline / "manifest.json").read_text(encoding="utf-8"))["objects"]}
    chosen: set[str] = set()
    for key, entry in entries.items():
        if entry["kind"] in ("security_rule", "entity_group") and not entry.get("system") and len(chosen) < SAMPLE:
            chosen |= _needed(key, entries)
    found = [entry for entry in entries.values() if f"{entry['kind']}:{entry['name']}" in chosen and not entry.get("system")]
    found.sort(key=lambda entry: _IN_ORDER.index(entry["kind"]))
    return [(entry["kind"], yaml.safe_load((baseline / entry["file"]).read_text(encoding="utf-8"))) for entry in found]


def figures(sim: Running, baseline: Path, counts: dict[str, int], at_once: float) -> list[Figure]:
    """The sample on the empty south of SIM. ``counts`` is the whole by kind, ``at_once`` the seconds that replicate took for it."""
    tasks = [
        {"name": kind, f"nutanix_flow.dr.{kind}": {**options, **connection(sim, "south")}, "register": "done", "failed_when": "done.failed or not done.changed"}
        for kind, options in sample(baseline)
    ]
    lines = timed(tasks)
    by_kind = {kind: [line.seconds for line in lines if line.name == kind] for kind in counts}
    whole = sum(mean(by_kind[kind]) * count for kind, count in counts.items())
    each = ", ".join(f"{kind} {mean(seconds):.1f} s ({len(seconds)})" for kind, seconds in by_kind.items())
    return [
        note("measured: mean of a task, and how many of them", each),
        note(f"computed from that: {sum(counts.values())} tasks", f"{whole / 60:.0f} minutes"),
        note("times the first `replicate`", f"{whole / at_once:.0f}"),
    ]


def _needed(key: str, entries: dict[str, dict[str, Any]]) -> set[str]:
    """An object and everything that it refers to, directly or not; what is no object of ours is on the target already."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        one = waiting.pop()
        if one in entries and one not in found:
            found.add(one)
            waiting += entries[one]["depends_on"]
    return found
