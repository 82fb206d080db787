"""Kills ansible-playbook processes that this process has started. Knows /proc, and nothing of what they do."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def kill_playbooks(*, only_main: bool = False) -> None:
    """SIGKILL for each ansible-playbook below this process and all that it has started; or for it alone, so that its tasks outlive it."""
    for child in _children(os.getpid()):
        if "ansible" in Path(f"/proc/{child}/cmdline").read_text():
            _kill(child, only_main)


def _kill(process: int, only_main: bool) -> None:
    below = [] if only_main else _children(process)
    os.kill(process, signal.SIGKILL)
    for child in below:
        _kill(child, only_main)


def _children(process: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
        if parent == process:
            found.append(int(status.parent.name))
    return found
