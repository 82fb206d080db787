"""What is on the disks at one moment, the simulator's and the person's: all that a power cut leaves. Knows where they keep it, not what it means."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

#: Topics of the simulator that tell of faults, ours among them, and of its starts.
_OURS = ("fault", "counter")


class Leftover(NamedTuple):
    """A copy of both below ``directory``, and the ``writes`` of the journey until then, which only the simulator's memory had."""

    directory: Path
    writes: list[dict[str, Any]]

    def files(self) -> dict[str, bytes]:
        """The person's files by their path, without logs."""
        person = self.directory / "person"
        return {str(path.relative_to(person)): path.read_bytes() for path in person.rglob("*") if path.is_file() and path.suffix != ".log"}

    def documents(self) -> dict[tuple[str, str, str], str]:
        """What the simulator has written down, as JSON by topic, site and key."""
        database = sqlite3.connect(self.directory / "state" / "state.sqlite")
        try:
            rows = database.execute("SELECT topic, site, key, body FROM document").fetchall()
        finally:
            database.close()
        return {(topic, site, key): body for topic, site, key, body in rows if topic not in _OURS}

    def equals(self, other: Leftover) -> bool:
        """Whether they are the same to the last byte: whoever comes back can't tell them apart."""
        return self.files() == other.files() and self.documents() == other.documents()
