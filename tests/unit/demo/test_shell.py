# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell of `make demo-shell`: opens in the demo's directory, can reach both sites, and ends when it is left."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.tools.collection_tree import ROOT

SECONDS = 30
EXPLORE = """
import sys
from pathlib import Path
from types import SimpleNamespace
from tests.demo.shell import explore

site = {"url": "https://127.0.0.1:1"}
simulator = SimpleNamespace(ready={"control": "http://127.0.0.1:2", "sites": {"north": {}}}, site=lambda name: site)
explore(SimpleNamespace(simulator=simulator, directory=Path(sys.argv[1]), secrets={"SECRET": "kept"}))
print("left")
"""


def test_the_shell_starts_in_the_directory_with_the_secrets_and_ends(tmp_path: Path) -> None:
    terminal, stdin = pty.openpty()
    os.write(terminal, b'echo "$PWD $SECRET $ANSIBLE_LOCALHOST_WARNING" > seen; command -v python >> seen; exit\n')
    environment = {**os.environ, "SHELL": "/bin/sh", "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(
            [sys.executable, "-c", EXPLORE, str(tmp_path)], stdin=stdin, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    finally:
        os.close(stdin)
        os.close(terminal)
    seen = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    assert seen[0] == f"{tmp_path} kept false"
    assert Path(seen[1]).parent == Path(sys.executable).parent, "the tools of the demo come first"
    assert "https://127.0.0.1:1" in done.stdout
    assert done.stdout.rstrip().endswith("left")


def test_without_a_terminal_it_waits_until_it_is_stopped(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", EXPLORE, str(tmp_path)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment, cwd=ROOT, text=True
    ) as waiting:
        assert waiting.stdout is not None
        told = [waiting.stdout.readline() for _line in range(4)]
        assert waiting.poll() is None
        waiting.terminate()
        waiting.wait(SECONDS)
    assert "Ctrl-C stops the simulator" in told[-1]
