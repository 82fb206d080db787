# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether another run on this host still lives: a process is known by more than its number."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue import holder

HOLDER = (
    "import sys; sys.path.insert(0, {path!r})\n"
    "from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.holder import this_holder\n"
    "print(this_holder('anna').process)\n"
)


@pytest.fixture
def playbook(tmp_path: Path) -> Path:
    """A program called ansible-playbook that runs a task, and stays."""
    collections = str(Path(__file__).parents[3] / ".cache" / "collections")
    script = tmp_path / "ansible-playbook"
    script.write_text(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {HOLDER.format(path=collections)!r}], check=True)\nsys.stdin.read()\n")
    return script


def test_a_process_lives_until_it_is_gone(playbook: Path) -> None:
    with subprocess.Popen([sys.executable, str(playbook)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        process = running.stdout.readline().strip()
        assert f"/{running.pid}." in process
        assert holder.alive(process) is True
        pid, start, words = process.rpartition("/")[2].split(".")
        other = process.replace(f"{pid}.{start}", f"{pid}.{int(start) - 1}").replace(words, "0")
        assert holder.alive(other) is False, "the number was given to another process since"
        assert not holder.playbook_is_gone(process)
        running.kill()
        running.wait()
        assert holder.alive(process) is False
        assert holder.playbook_is_gone(process)


def test_a_task_that_outlives_its_playbook_still_holds(playbook: Path) -> None:
    forks = "import os, time\npid = os.fork()\nif pid: print(pid, flush=True)\ntime.sleep(60)"
    playbook.write_text(playbook.read_text().replace("sys.stdin.read()", forks))
    with subprocess.Popen([sys.executable, str(playbook)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        process, worker = running.stdout.readline().strip(), int(running.stdout.readline())
        running.kill()
        running.wait()
        assert holder.alive(process) is True
        os.kill(worker, signal.SIGKILL)
        while os.path.exists(f"/proc/{worker}"):
            time.sleep(0.01)
        assert holder.alive(process) is False


@pytest.mark.parametrize("process", ["", "other-boot.1/1.2.3"])
def test_of_a_process_elsewhere_nothing_is_known(process: str) -> None:
    assert holder.alive(process) is None


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        ({40: (30, 9, "sh"), 30: (20, 30, "ansible-playbook"), 20: (10, 9, "ansible-playbook"), 10: (1, 9, "bash"), 1: (0, 1, "init")}, 20),
        ({40: (30, 9, "sh"), 30: (1, 30, "ansible-playbook"), 1: (0, 1, "init")}, 0),  # the playbook is gone, its worker went to init
        ({40: (30, 9, "sh"), 30: (1, 30, "ansible-playbook"), 1: (0, 1, "ansible-playbook")}, 1),  # the playbook is all that a container runs
        ({40: (30, 9, "sh"), 30: (1, 9, "ansible-playbook"), 1: (0, 1, "cron")}, 30),
        ({40: (10, 9, "pytest"), 10: (1, 9, "bash"), 1: (0, 1, "init")}, None),
    ],
)
def test_the_playbook_above_a_task_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tree: dict, found: int | None) -> None:
    for pid, (parent, session, name) in tree.items():
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (a (b) c) S {parent} 0 {session} " + "0 " * 15 + "77 0")
        (tmp_path / str(pid) / "cmdline").write_text(f"/usr/bin/python3\0/usr/bin/{name}\0")
    monkeypatch.setattr(holder, "_PROC", str(tmp_path))
    assert holder._playbook(40) == found


def test_a_task_outside_of_a_playbook_has_no_process_that_lasts() -> None:
    assert holder.this_holder("anna").process == ""
    assert holder.this_holder("anna").by.startswith("anna@")


def test_without_proc_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(holder, "_PROC", str(tmp_path))
    assert holder.this_holder().process == ""
    assert holder.alive("boot.1/1.2.3") is None
