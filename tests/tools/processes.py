"""Kills or suspends processes that this process has started. Knows /proc, and nothing of what they do."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def kill_playbooks(*, only_main: bool = False) -> None:
    """SIGKILL for each ansible-playbook below this process and all that it has started; or for it alone, so that its tasks outlive it."""
    for child in _children(os.getpid()):
        if "ansible" in _command(child):
            _kill(child, only_main)


@contextmanager
def suspended() -> Iterator[None]:
    """All that this process has started stands still: what the disk has now is what a power cut would leave."""
    stopped: list[int] = []
    try:
        for child in _children(os.getpid()):
            _stop(child, stopped)
        yield
    finally:
        for process in stopped:
            _send(process, signal.SIGCONT)


def _stop(process: int, stopped: list[int]) -> None:
    """From above: who stands still starts no more, and doesn't notice that another ends."""
    if _send(process, signal.SIGSTOP):
        stopped.append(process)
        for child in _children(process):
            _stop(child, stopped)


def _kill(process: int, only_main: bool) -> None:
    going: list[int] = []
    if only_main:
        going.append(process)
    else:
        _stop(process, going)
    for one in going:
        _send(one, signal.SIGKILL)


def _send(process: int, what: signal.Signals) -> bool:
    """Whether it was there to get it; it may have ended by itself."""
    try:
        os.kill(process, what)
    except ProcessLookupError:
        return False
    return True


def _command(process: int) -> str:
    """The command line of a process; nothing if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


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
