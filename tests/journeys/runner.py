"""Runs the playbooks as AWX does: through ansible-runner, in a fresh private data directory. Knows no story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ansible_runner

from tests.journeys.operator import Operator
from tests.tools.playbook import SECONDS, environment

KEPT = {"dr_site_map": "dr_site_map.yml", "dr_baseline": "baseline", "dr_reports": "reports"}
"""What people keep outside of the runner's directory, which is thrown away."""


def run(operator: Operator, directory: Path, playbook: str, cancel_at: str = "", **variables: object) -> ansible_runner.Runner:
    """One run in a directory of its own: runner keeps variables there, and a confirmation must not reach the next run.

    ``cancel_at``: the task at which somebody presses "cancel".
    """
    seen: list[str] = []

    def note(event: dict[str, Any]) -> bool:
        if event["event"] == "playbook_on_task_start":
            seen.append(event["event_data"]["task"])
        return True

    (directory / "project").mkdir(parents=True)
    kept = {name: str(operator.directory / path) for name, path in KEPT.items()}
    return ansible_runner.run(
        private_data_dir=str(directory),
        playbook=f"nutanix_flow.dr.{playbook}",
        cmdline=f"-e @{operator.directory / 'dr.yml'}",
        extravars={**kept, **variables},
        envvars=environment(operator.secrets),
        quiet=True,
        event_handler=note,
        cancel_callback=lambda: any(cancel_at and cancel_at in task for task in seen),
        timeout=int(SECONDS),
    )


def essentials(done: ansible_runner.Runner) -> dict[str, Any]:
    """What set_stats left for the next job of a workflow."""
    return {
        name: value
        for event in done.events
        if event["event"] == "playbook_on_stats"
        for name, value in event["event_data"].get("artifact_data", {}).items()
    }
