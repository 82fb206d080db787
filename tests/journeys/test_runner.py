"""The playbooks as AWX runs them: through ansible-runner, in a fresh private data directory."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.journeys.operator import Operator
from tests.journeys.runner import essentials, run


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
