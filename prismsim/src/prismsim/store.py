# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state on disk: every change is in SQLite before it is answered. Knows keys and JSON texts, not their meaning.

The database survives the process (SIGKILL included), not a power cut: that is all a simulator needs, and it is fast.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any


class Store:
    """Tables of JSON documents by (table, site, key)."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS document ("
            "topic TEXT NOT NULL, site TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, "
            "PRIMARY KEY (topic, site, key)) WITHOUT ROWID"
        )
        self._open = False

    def put(self, topic: str, site: str, key: str, body: Any) -> None:
        """Write one document; it is durable after the next ``commit``."""
        self._begin()
        self._db.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)", (topic, site, key, json.dumps(body)))

    def delete(self, topic: str, site: str, key: str) -> None:
        """Remove one document; nothing happens if it is not there."""
        self._begin()
        self._db.execute("DELETE FROM document WHERE topic = ? AND site = ? AND key = ?", (topic, site, key))

    def get(self, topic: str, site: str, key: str) -> Any:
        """One document, or None."""
        query = "SELECT body FROM document WHERE topic = ? AND site = ? AND key = ?"
        row = self._db.execute(query, (topic, site, key)).fetchone()
        return None if row is None else json.loads(row[0])

    def all(self, topic: str, site: str) -> list[tuple[str, Any]]:
        """All documents of a topic at a site, as (key, body)."""
        rows = self._db.execute("SELECT key, body FROM document WHERE topic = ? AND site = ?", (topic, site))
        return [(key, json.loads(body)) for key, body in rows]

    def commit(self) -> None:
        """Make what was written since the last commit durable, all of it or nothing."""
        if self._open:
            self._db.execute("COMMIT")
            self._open = False

    def close(self) -> None:
        """Commit and close."""
        self.commit()
        self._db.close()

    def _begin(self) -> None:
        if not self._open:
            self._db.execute("BEGIN")
            self._open = True
