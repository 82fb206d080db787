"""What the record of a run tells of its course. Knows the events; nothing of the sites."""

from __future__ import annotations

import datetime
import json
from pathlib import Path


def first_action(run: Path) -> float:
    """When a run, by its directory, was about to start the first recovery plan, in seconds since the epoch. Raises StopIteration if it never was."""
    events = [json.loads(line) for line in (run / "record.jsonl").read_text().splitlines()]
    first = next(event for event in events if event["type"] == "intent" and event["data"]["kind"] == "recovery_plan")
    return datetime.datetime.fromisoformat(first["time"].replace("Z", "+00:00")).timestamp()
