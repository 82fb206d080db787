"""Knows which virtual environments the gates need and makes them under .cache/venvs; not what runs in them.

The ends of the supported range are fixed here (OLDEST, NEWEST). What is needed once only (linters, meta-tests, the demo)
runs beside the newest pair of Python and ansible-core that this machine can offer: `best()`.

`python -m tests.tools.environments PURPOSE` makes one (`tests` or `checks`), links the collection and prints its bin directory.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.tools import collection_tree
from tests.tools.collection_tree import CACHE, ROOT

VENVS = CACHE / "venvs"
REQUIREMENTS = ROOT / "tests" / "requirements"


@dataclass(frozen=True)
class Pair:
    """One Python with one ansible-core, as in the support matrix of ansible-core."""

    python: str
    core: str

    def __str__(self) -> str:
        return f"core-{self.core.rpartition('.')[0]}-py{self.python}"


OLDEST = Pair("3.10", "2.16.19")
NEWEST = Pair("3.13", "2.21.5")
# In order of preference; the rest only stand in for NEWEST on a machine that lacks its Python.
PAIRS = (NEWEST, Pair("3.12", "2.21.5"), Pair("3.11", "2.19.14"), Pair("3.10", "2.17.14"), Pair("3.14", "2.21.5"))


@cache
def interpreter(version: str) -> str | None:
    """Path of a usable Python of this version, or None if the machine lacks it."""
    found = subprocess.run(
        [str(ROOT / "tests" / "tools" / "find_python.sh"), version],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    return found.stdout.strip() or None


def best() -> Pair:
    """The newest pair whose Python this machine has. Raises RuntimeError if there is none."""
    for pair in PAIRS:
        if interpreter(pair.python):
            return pair
    raise RuntimeError("No usable Python: needed is one of " + ", ".join(pair.python for pair in PAIRS) + ", with venv and ensurepip")


def matrix() -> list[Pair]:
    """What version-dependent gates run on: the oldest pair and the best one."""
    return [OLDEST, best()] if interpreter(OLDEST.python) else [best()]


def not_run() -> list[str]:
    """One line for each end of the supported range that this machine lacks the Python for."""
    return [
        f"ansible-core {pair.core} with Python {pair.python}: this machine has no usable python{pair.python}"
        for pair in (OLDEST, NEWEST)
        if not interpreter(pair.python)
    ]


def prepare(purpose: str, pair: Pair) -> Path:
    """Make the environment for PURPOSE (`tests` or `checks`) beside one ansible-core; return its bin directory."""
    requirements = [ROOT / "requirements.txt", REQUIREMENTS / f"{purpose}.txt"]
    return make(f"{purpose}-{pair}", pair.python, requirements, f"ansible-core=={pair.core}")


def make(name: str, version: str, requirements: list[Path], *packages: str) -> Path:
    """Make the environment NAME, which always has prismsim, unless it is there and current; return its bin directory.

    Raises RuntimeError when the machine lacks the Python, subprocess.CalledProcessError when the package index can't
    serve what is pinned.
    """
    venv = VENVS / name
    python = interpreter(version)
    if python is None:
        raise RuntimeError(f"{name}: this machine has no usable python{version}")
    wanted = hashlib.sha256(repr((python, packages)).encode())
    for path in (*requirements, ROOT / "prismsim" / "pyproject.toml", Path(__file__)):
        wanted.update(path.read_bytes())
    stamp = venv / "complete"
    with _alone():
        if stamp.is_file() and stamp.read_text() == wanted.hexdigest():
            return venv / "bin"
        if venv.exists():
            shutil.rmtree(venv)
        _run([python, "-m", "venv", str(venv)])
        files = [argument for path in requirements for argument in ("-r", str(path))]
        # Not compiled: most of it is never imported, and what is gets compiled then.
        _run([
            str(venv / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile",
            *packages, *files, "-e", str(ROOT / "prismsim"),
        ])
        stamp.write_text(wanted.hexdigest())
    return venv / "bin"


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, cwd=ROOT)


@contextmanager
def _alone() -> Iterator[None]:
    """Only one process makes environments: two editable installs of one source tree disturb each other."""
    VENVS.mkdir(parents=True, exist_ok=True)
    with (VENVS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    collection_tree.link()
    print(prepare(sys.argv[1], best()))
