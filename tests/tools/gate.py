"""Knows what a gate is and how to run one: a command, its log, and how many tests it ran; not which gates there are."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.tools.collection_tree import CACHE, ROOT

LOGS = CACHE / "logs"


@dataclass(frozen=True)
class Counts:
    """How many tests a gate ran, by outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


Counter = Callable[[str, int], Counts]
"""Tells the counts from a gate's output and its exit code."""


@dataclass(frozen=True)
class Gate:
    """One thing that must hold: a command that exits 0, within a deadline, having tested something."""

    name: str
    command: tuple[str, ...]
    environment: Path
    """The bin directory that stands first in PATH."""
    count: Counter
    variables: Mapping[str, str] = field(default_factory=dict)
    seconds: int = 2400
    """The deadline; a gate that reaches it has failed."""
    weight: int = 0
    """About how long it takes; the heavy ones start first."""
    results: Path | None = None
    """The file it writes its results to, removed before it runs."""
    directory: Path = ROOT
    """Where it runs."""


@dataclass(frozen=True)
class Outcome:
    """What came of a gate."""

    gate: Gate
    counts: Counts
    seconds: float
    complaint: str
    """Why it failed; empty if it passed."""
    log: Path


def one_check(_output: str, code: int) -> Counts:
    """For a tool whose verdict is its exit code."""
    return Counts(passed=int(code == 0), failed=int(code != 0))


def sanity_tests(output: str, code: int) -> Counts:
    """For ansible-test sanity, which names each test as it starts and, at its end, those that failed."""
    ran = len(re.findall(r"^(?:\S+ )?Running sanity test ", output, re.MULTILINE))
    listed = re.search(r"sanity test\(s\) listed below \(out of \d+\) failed.*\n((?:.*\n)*)", output)
    failed = len([line for line in listed[1].splitlines() if re.fullmatch(r"[a-z0-9.-]+(?: --python [\d.]+)?", line)]) if listed else 0
    failed = max(failed, int(code != 0))
    # Each warning is said again at the end.
    skipped = len(set(re.findall(r'Required program "(\S+)" not found', output)))
    return Counts(passed=max(ran - failed - skipped, 0), failed=failed, skipped=skipped)


def junit(path: Path) -> Counter:
    """For pytest, which writes its results to a file; without one it ran nothing."""

    def count(_output: str, _code: int) -> Counts:
        if not path.is_file():
            return Counts()
        totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            for key in totals:
                totals[key] += int(suite.get(key, "0"))
        failed = totals["failures"] + totals["errors"]
        return Counts(passed=totals["tests"] - failed - totals["skipped"], failed=failed, skipped=totals["skipped"])

    return count


def failed_tests(results: Path | None) -> list[str]:
    """The tests that failed according to a file of pytest's results, each with the first line of why."""
    if results is None or not results.is_file():
        return []
    cases = ElementTree.parse(results).getroot().iter("testcase")
    why = {case: child for case in cases for child in case if child.tag in ("failure", "error")}
    return [f"{case.get('classname')}::{case.get('name')}: {(child.get('message') or '').partition(chr(10))[0]}" for case, child in why.items()]


def run(gate: Gate) -> Outcome:
    """Run one gate with its output in a log, and judge it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{gate.name}.log"
    if gate.results:
        gate.results.unlink(missing_ok=True)
    began = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(
            gate.command, cwd=gate.directory, env=_variables(gate), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            code = process.wait(gate.seconds)
            complaint = f"exit code {code}" if code else ""
        except subprocess.TimeoutExpired:
            code, complaint = 124, f"not finished after {gate.seconds} s"
        finally:
            _stop_group(process)
    counts = gate.count(log.read_text(errors="replace"), code)
    if not complaint and not counts.passed + counts.failed:
        complaint = "ran no test"
    if not complaint and counts.failed:
        complaint = f"{counts.failed} failed"
    return Outcome(gate, counts, time.monotonic() - began, complaint, log)


def _variables(gate: Gate) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{gate.environment}{os.pathsep}{os.environ.get('PATH', '')}",
        "VIRTUAL_ENV": str(gate.environment.parent),
        "ANSIBLE_COLLECTIONS_PATH": str(CACHE / "collections"),
        # Molecule keeps its scenarios here: gates that run at the same time must not share them.
        "ANSIBLE_HOME": str(CACHE / "ansible" / gate.name),
        "ANSIBLE_NOCOLOR": "1",
        "NO_COLOR": "1",
        # Compiled files go there instead of into the checkout. Empty is as good as not set.
        "PYTHONPYCACHEPREFIX": str(CACHE / "pyc"),
        "PYTHONDONTWRITEBYTECODE": "",
        "LC_ALL": "C.UTF-8",
        **gate.variables,
    }


def _stop_group(process: subprocess.Popen[bytes]) -> None:
    """End what the gate left running, itself included: a gate runs in a process group of its own."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(10)
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
