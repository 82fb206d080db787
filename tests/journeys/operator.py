"""The person who runs the playbooks in these tests: a directory, the variables, and a simulator to run them against."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from prismsim.testing import Running
from tests.tools import dr_variables
from tests.tools.playbook import Play, play


class Operator:
    """Runs playbooks of the collection in a directory of their own."""

    def __init__(self, directory: Path, simulator: Running, like: Path | None = None) -> None:
        """``like``: the directory of another person, whose files this one has too."""
        if like:
            shutil.copytree(like, directory)
        self.directory = directory
        self.simulator = simulator
        self.secrets = dr_variables.write(directory / "dr.yml", simulator)
        self._plays = 0

    def run(self, name: str, *arguments: str, when: tuple[str, Callable[[], None]] | None = None) -> Play:
        """Run a playbook with dr.yml."""
        self._plays += 1
        log = self.directory / f"{self._plays:02}-{name}.log"
        return play(name, log, "-e", "@dr.yml", *arguments, directory=self.directory, variables=self.secrets, when=when)

    def confirmed(self, name: str, *arguments: str) -> tuple[str, str]:
        """Rehearse a playbook; what approves its plan."""
        rehearsal = self.run(name, *arguments, "--check", "--diff")
        assert rehearsal.code == 0, rehearsal.text
        return "-e", f"{name}_confirm={rehearsal.confirmation()}"

    def files(self) -> dict[str, bytes]:
        """Every file but the logs, by its path."""
        found = (path for path in self.directory.rglob("*") if path.is_file() and path.suffix != ".log")
        return {str(path.relative_to(self.directory)): path.read_bytes() for path in found}

    def mover(self, source: str, target: str, **options: object) -> tuple[str, Callable[[], None]]:
        """What moves the workloads, once the playbook waits for them."""
        return "workloads | Wait for them", lambda: self.simulator.move(source, target, **options) and None


def flat(lines: list[str]) -> str:
    """Lines as one text, however they were wrapped; a quote inside of quoted text comes twice."""
    return " ".join(" ".join(lines).split()).replace("''", "'")
