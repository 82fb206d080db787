"""What a message owes its reader: what was done to what, where, why it failed, what to do next; and never a secret."""

from __future__ import annotations

import json
from typing import Any


def check_told(result: dict[str, Any], *words: str, secrets: tuple[str, ...] = (), **parts: str) -> None:
    """The module failed, ``parts`` (type, verb, kind, name, site) are those of its error, ``words`` are in the message, and each finding or the
    error itself tells the next step."""
    assert result.get("failed"), f"it did not fail: {result}"
    message, error = result["msg"], result["error"]
    assert {name: error.get(name) for name in parts} == parts, message
    missing = [word for word in (*words, *(value for name, value in parts.items() if name in ("verb", "site", "name"))) if word not in message]
    assert not missing, f"{missing} not in: {message}"
    steps = [finding["fix"] for finding in result["findings"]] if result.get("findings") else [error.get("fix")]
    assert all(steps), f"no next step in: {message}"
    text = json.dumps(result)
    assert not [secret for secret in secrets if secret in text]
