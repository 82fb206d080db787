"""Kills or suspends processes that this process has started. Knows /proc, and nothing of what they do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def kill_playbooks(*, only_main: bool = False) -> None:
    """SIGKILL for each ansible-playbook below this process and all that it has started; or for it alone, so that its tasks outlive it."""
    for child in _children(os.getpid()):
        if "ansible" in Path(f"/proc/{child}/cmdline").read_text():
            _kill(child, only_main)


@contextmanager
def suspended() -> Iterator[None]:
    """All that this process has started stands still: what the disk has now is what a power cut would leave."""
    stopped: list[int] = []
    try:
        _stop_below(os.getpid(), stopped)
        yield
    finally:
        for process in stopped:
            with suppress(ProcessLookupError):  # it had ended before, and nobody had asked for its end yet
                os.kill(process, signal.SIGCONT)


def _stop_below(process: int, stopped: list[int]) -> None:
    """From above: who stands still starts no more."""
    for child in _children(process):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGSTOP)
            stopped.append(child)
            _stop_below(child, stopped)


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
