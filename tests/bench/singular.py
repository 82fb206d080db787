"""A singular module with nothing to change, beside ansible.builtin.ping, in one play. Knows how to compare, not how to run."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from prismsim.testing import running
from tests.bench.playing import connection, timed
from tests.bench.table import Figure, at_most, note

ESTATE = Path(__file__).parents[2] / "prismsim" / "estates" / "minimal.yml"
LIMIT = 1.7
ROUNDS = 25
# What the estate has, so that nothing is to be changed.
MODULES: dict[str, dict[str, Any]] = {
    "category": {"key": "AppTier", "value": "Web"},
    "address_group": {"name": "branch-offices", "description": "Branches"},
    "security_rule": {"name": "shop", "description": "Three tiers of the shop"},
}


def figures() -> list[Figure]:
    """The median of the ratios of each round: what else the machine does strikes all the tasks of a round alike."""
    with running(ESTATE) as sim:
        options = connection(sim, "north")
        once: list[dict[str, Any]] = [{"name": "ping", "ansible.builtin.ping": {}}]
        for module, own in MODULES.items():
            task = {"name": module, f"nutanix_flow.dr.{module}": {**own, **options}, "register": "done", "failed_when": "done.failed or done.changed"}
            once.append(task)
        # The first round fills the caches of files and of packed modules.
        lines = timed(once * (ROUNDS + 1))[len(once) :]
    seconds = {task["name"]: [line.seconds for line in lines if line.name == task["name"]] for task in once}
    ping = seconds.pop("ping")
    found = [note(f"`ansible.builtin.ping`, median of {ROUNDS} tasks", f"{median(ping):.3f} s")]
    for module, taken in seconds.items():
        ratio = median(own / other for own, other in zip(taken, ping, strict=True))
        found.append(at_most(f"`{module}` with nothing to change, times `ping`", LIMIT, ratio))
    return found
