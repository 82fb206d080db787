# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who runs this playbook: the person, the host and the process, so that another run on the same host can tell whether it still lives.
Reads /proc; where there is none, nothing is told."""

from __future__ import annotations

import getpass
import os
import platform
import typing as t
import zlib

from .._engine.dr_lock import Holder

_PROC = "/proc"
_ORPHAN = 0


class _Status(t.NamedTuple):
    """A process: its parent, its session, and when it started in ticks since the boot."""

    parent: int
    session: int
    start: int


def user() -> str:
    """The name of the account, or its number where it has none, as in containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())


def this_holder(by: str | None = None) -> Holder:
    """The one who runs the playbook that runs this task; ``by`` is a name that people know better than that of the account."""
    playbook = _playbook(os.getpid())
    return Holder(f"{by or user()}@{platform.node()}", _name(playbook) if playbook else "")


def alive(process: str) -> bool | None:
    """Whether the process of a holder lives, or a task that it left behind. None if it was on another host, in another container, or
    before a reboot."""
    place, _slash, rest = process.rpartition("/")
    if not process or place != _place():
        return None
    pid, start, words = rest.split(".")
    return _name(int(pid)) == process or _left_behind(words, int(start))


def playbook_is_gone(process: str) -> bool:
    """Whether the playbook that ``this_holder`` told of is gone, so that nobody waits any more for what this task does."""
    if not process:
        return _playbook(os.getpid()) == _ORPHAN
    return _name(int(process.rpartition("/")[2].partition(".")[0])) != process


def _name(pid: int) -> str:
    """``boot.namespace/pid.start.words``: the same for no other process ever. Empty where there is no /proc."""
    place, status = _place(), _status(pid)
    return f"{place}/{pid}.{status.start}.{_words(pid)}" if place and status else ""


def _left_behind(words: str, start: int) -> bool:
    """Whether a worker of a playbook outlives it: it looks like the playbook, is younger, and its parent is no playbook. (A playbook
    that somebody started later with the same words in the same directory looks like that too; then the lock has to expire.)"""
    own = _playbook(os.getpid())
    for pid in (int(name) for name in os.listdir(_PROC) if name.isdigit()):
        status = _status(pid)
        if pid != own and status and status.start >= start and _is_playbook(pid) and not _is_playbook(status.parent) and _words(pid) == words:
            return True
    return False


def _words(pid: int) -> str:
    """A digest of the command line and of the directory that it was given in, the same for a playbook and its workers."""
    try:
        directory = os.readlink(f"{_PROC}/{pid}/cwd")
    except OSError:  # it has ended, or belongs to somebody else
        directory = ""
    return f"{zlib.crc32((_read(f'{_PROC}/{pid}/cmdline') + directory).encode()):08x}"


def _place() -> str:
    """This boot of this host, and the container: processes have numbers only inside of them."""
    boot = _read(f"{_PROC}/sys/kernel/random/boot_id")
    try:
        namespace = os.stat(f"{_PROC}/self/ns/pid").st_ino
    except OSError:
        return ""
    return f"{boot.strip()[:13]}.{namespace}" if boot else ""


def _playbook(pid: int) -> int | None:
    """The ansible-playbook above this process. Its workers look the same, so it is the last of them on the way up. _ORPHAN if it is gone."""
    found, above = None, _status(pid)
    while above and above.parent > 0:
        pid, above = above.parent, _status(above.parent)
        if _is_playbook(pid):
            found = pid
        elif found:
            break
    last = _status(found) if found else None
    # A worker has a session of its own and belongs to its playbook; without it, to init.
    return _ORPHAN if last and found != 1 and last.parent == 1 and last.session == found else found


def _is_playbook(pid: int) -> bool:
    words = _read(f"{_PROC}/{pid}/cmdline").split("\0")[:2]
    return any(os.path.basename(word).startswith("ansible") for word in words)


def _status(pid: int) -> _Status | None:
    # The name of the program stands in brackets and may hold anything.
    fields = _read(f"{_PROC}/{pid}/stat").rpartition(")")[2].split()
    return _Status(int(fields[1]), int(fields[3]), int(fields[19])) if len(fields) > 19 and fields[0] != "Z" else None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""
