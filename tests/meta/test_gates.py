"""The runner of the gates calls nothing green that failed, hung, or tested nothing."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.tools import gate, gate_list, gates
from tests.tools.gate import Counts, Gate, Outcome


@pytest.fixture(autouse=True)
def _logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOGS", tmp_path)


def a_gate(code: str, *, count: gate.Counter = gate.one_check, seconds: int = 60, name: str = "thing") -> Gate:
    return Gate(name, (sys.executable, "-c", code), Path(sys.executable).parent, count, seconds=seconds)


def test_exit_zero_passes() -> None:
    outcome = gate.run(a_gate("print('hello')"))
    assert (outcome.complaint, outcome.counts) == ("", Counts(passed=1))
    assert outcome.log.read_text() == "hello\n"


def test_another_exit_code_fails() -> None:
    outcome = gate.run(a_gate("raise SystemExit(3)"))
    assert (outcome.complaint, outcome.counts) == ("exit code 3", Counts(failed=1))


def test_exit_zero_without_a_test_fails(tmp_path: Path) -> None:
    outcome = gate.run(a_gate("pass", count=gate.junit(tmp_path / "absent.xml")))
    assert outcome.complaint == "ran no test"


def test_results_of_an_earlier_run_do_not_count(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    results.write_text('<testsuites><testsuite tests="9" failures="0" errors="0" skipped="0"/></testsuites>')
    stale = Gate("thing", (sys.executable, "-c", "pass"), Path(sys.executable).parent, gate.junit(results), results=results)
    assert gate.run(stale).complaint == "ran no test"


def test_nothing_but_skipped_tests_fails(tmp_path: Path) -> None:
    results = tmp_path / "results.xml"
    write = f"open({str(results)!r}, 'w').write('<testsuite tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"2\"/>')"
    outcome = gate.run(a_gate(write, count=gate.junit(results)))
    assert (outcome.complaint, outcome.counts) == ("ran no test", Counts(skipped=2))


def test_a_gate_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = f"import subprocess, time; open({str(child)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid)); time.sleep(60)"
    outcome = gate.run(a_gate(code, seconds=2))
    assert outcome.complaint == "not finished after 2 s"
    assert not is_running(int(child.read_text()))


def is_running(pid: int) -> bool:
    """Whether the process still runs; one that ended and waits for its parent's notice doesn't."""
    for _attempt in range(50):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return False
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


def test_sanity_counts_what_failed_and_what_was_left_out() -> None:
    output = (
        'Running sanity test "compile"\nRunning sanity test "import"\nRunning sanity test "pylint"\nRunning sanity test "shellcheck"\n'
        'WARNING: Required program "shellcheck" not found.\n'
        "WARNING: Reviewing previous 1 warning(s):\n"
        'WARNING: Required program "shellcheck" not found.\n'
        "FATAL: The 2 sanity test(s) listed below (out of 4) failed. See error output above for details.\nimport --python 3.10\npylint\n"
    )
    assert gate.sanity_tests(output, 1) == Counts(passed=1, failed=2, skipped=1)


def test_molecule_counts_scenarios() -> None:
    recap = (
        "SCENARIO RECAP\n"
        "failover                  : actions=6  successful=6  disabled=0  skipped=0  missing=0  failed=0\n"
        "pre_dr                    : actions=4  successful=2  disabled=0  skipped=0  missing=1  failed=1\n"
    )
    assert gate_list.count_scenarios(recap, 1) == Counts(passed=1, failed=1)
    assert gate_list.count_scenarios("", 1) == Counts(failed=1)


def test_the_sum_counts_a_crash_as_a_failure() -> None:
    fine = Outcome(a_gate("", name="fine"), Counts(passed=5), 1.0, "", Path("fine.log"))
    crash = Outcome(a_gate("", name="crash"), Counts(), 1.0, "exit code 2", Path("crash.log"))
    lines = gates.summary([fine, crash])
    assert lines[-1] == "5 passed, 1 failed"
    assert any(line.startswith("crash") and "FAILED (exit code 2)" in line for line in lines)


def test_the_end_names_the_tests_that_failed(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_good(): pass\ndef test_bad(): assert 1 == 2, 'no sum'\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    results = tmp_path / "results.xml"
    command = (sys.executable, "-m", "pytest", "-q", f"--junitxml={results}", str(tmp_path))
    judged = Gate("thing", command, Path(sys.executable).parent, gate.junit(results), results=results, directory=tmp_path)
    lines = gates.summary([gate.run(judged)])
    assert lines[-2:] == ["  thing: test_it::test_bad: AssertionError: no sum", "1 passed, 1 failed"]


def test_an_interpreter_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.tools import environments

    monkeypatch.setattr(environments, "interpreter", lambda version: None if version == "3.10" else "python")
    assert [line for line in gates.summary([]) if line.startswith("not run: ansible-core 2.16")]
    assert environments.matrix() == [environments.NEWEST]
