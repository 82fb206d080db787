"""The playbooks as AWX runs them: through ansible-runner, in a fresh private data directory."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import ansible_runner

from tests.journeys.operator import Operator
from tests.tools.playbook import environment

KEPT = {"dr_site_map": "dr_site_map.yml", "dr_baseline": "baseline", "dr_reports": "reports"}
"""What people keep outside of the runner's directory, which is thrown away."""


def run(operator: Operator, directory: Path, playbook: str) -> ansible_runner.Runner:
    """One run in a directory of its own: runner keeps variables there, and a confirmation must not reach the next run."""
    (directory / "project").mkdir(parents=True)
    kept = {name: str(operator.directory / path) for name, path in KEPT.items()}
    return ansible_runner.run(
        private_data_dir=str(directory),
        playbook=f"nutanix_flow.dr.{playbook}",
        cmdline=f"-e @{operator.directory / 'dr.yml'}",
        extravars=kept,
        envvars=environment(operator.secrets),
        quiet=True,
        timeout=300,
    )


def essentials(done: ansible_runner.Runner) -> dict[str, Any]:
    """What set_stats left for the next job of a workflow."""
    return {
        name: value
        for event in done.events
        if event["event"] == "playbook_on_stats"
        for name, value in event["event_data"].get("artifact_data", {}).items()
    }


def test_a_good_run_is_successful_and_leaves_the_essentials(operator: Operator, tmp_path: Path) -> None:
    done = run(operator, tmp_path / "runner", "pre_dr")
    assert (done.status, done.rc) == ("successful", 0), done.stdout.read()
    left = essentials(done)
    assert (left["pre_dr_outcome"], left["pre_dr_verdict"]) == ("ok", "OK")
    report = operator.directory / "reports" / left["pre_dr_run"] / "report.html"
    assert Path(left["pre_dr_report"]) == report
    assert left["pre_dr_report_sha256"] == hashlib.sha256(report.read_bytes()).hexdigest()
    assert (operator.directory / "baseline").is_dir()


def test_a_bad_run_is_failed_and_leaves_its_report(operator: Operator, tmp_path: Path) -> None:
    operator.simulator.down("south")
    done = run(operator, tmp_path / "runner", "pre_dr")
    assert (done.status, done.rc) == ("failed", 2)
    left = essentials(done)
    assert (left["pre_dr_outcome"], left["pre_dr_verdict"]) == ("failed", "FAILED")
    assert Path(left["pre_dr_report"]).is_file()


def test_no_event_holds_a_password(operator: Operator, tmp_path: Path) -> None:
    done = run(operator, tmp_path / "runner", "pre_dr")
    assert done.rc == 0
    events = list(done.events)
    assert not [event["uuid"] for event in events for secret in operator.secrets.values() if secret in str(event)]
