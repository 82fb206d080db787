"""pre_dr as a person runs it: rehearsed without a trace, in earnest, and again without a change."""

from __future__ import annotations

from tests.journeys.operator import Operator


def test_the_rehearsal_shows_the_plan_and_leaves_no_trace(operator: Operator) -> None:
    files, mark = operator.files(), operator.simulator.mark()
    rehearsal = operator.run("pre_dr", "--check", "--diff")
    assert rehearsal.code == 0, rehearsal.text
    plan = "\n".join(rehearsal.says("plan | Show it"))
    for name in ("shop", "shop-db", "prod-from-test", "shared-dns", "tenant-apps", "branch-offices"):
        assert name in plan
    assert operator.files() == files
    assert operator.simulator.writes(mark) == []


def test_it_brings_everything_to_the_recovery_site_and_then_rests(operator: Operator) -> None:
    first = operator.run("pre_dr")
    assert first.code == 0, first.text
    rules = operator.simulator.state("south")["security_policy"]
    assert {"shop", "shop-db", "prod-from-test", "shared-dns", "tenant-apps"} <= set(rules)
    assert rules["shop"]["state"] == "ENFORCE"
    kept = {path: text for path, text in operator.files().items() if not path.startswith("reports/")}

    mark = operator.simulator.mark()
    again = operator.run("pre_dr")
    assert (again.code, again.changed) == (0, 0), again.text
    assert operator.simulator.writes(mark) == []
    assert {path: text for path, text in operator.files().items() if not path.startswith("reports/")} == kept


def test_a_run_that_fails_stays_failed_and_still_reports(operator: Operator) -> None:
    operator.simulator.fault(do="status", status=403, site="south", match={"method": "POST"})
    failed = operator.run("pre_dr")
    assert failed.code == 2
    reports = [text.decode() for path, text in operator.files().items() if path.endswith("report.md")]
    assert len(reports) == 1
    assert "FAILED" in reports[0].upper()
    operator.simulator.clear_faults()
    assert operator.run("pre_dr").code == 0


def test_missing_variables_are_named_together(operator: Operator) -> None:
    (operator.directory / "dr.yml").write_text("dr_primary: north\n")
    failed = operator.run("pre_dr")
    assert failed.code == 2
    assert "Not set: dr_sites, dr_recovery." in " ".join(failed.text.split())


def test_a_site_without_connection_options_is_named(operator: Operator) -> None:
    failed = operator.run("pre_dr", "-e", "dr_recovery=west")
    assert failed.code == 2
    assert "dr_sites has no connection options for west; it knows north, south" in " ".join(failed.text.split())
