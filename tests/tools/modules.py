"""Knows the modules of the collection and what their documentation says, as `ansible-doc` resolves it; judges nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.tools import collection_tree

COLLECTION = "nutanix_flow.dr"
DIRECTORY = collection_tree.ROOT / "plugins" / "modules"


def names() -> list[str]:
    """Short names of all modules."""
    return sorted([*(path.stem for path in DIRECTORY.glob("*.py") if path.stem != "__init__"), *for_windows()])


def for_windows() -> list[str]:
    """Short names of those in PowerShell. No test runs them: no machine of ours has one."""
    return sorted(path.stem for path in DIRECTORY.glob("*.ps1"))


@cache
def documentation() -> dict[str, dict[str, Any]]:
    """Short name -> `doc`, `examples`, `return`, with the fragments merged in; or `error`, where ansible-doc can't read them."""
    together, _error = _ansible_doc(names())
    if len(together) == len(names()):
        return together
    found = {}  # one that can't be read hides the others: ask for each
    for name in names():
        docs, error = _ansible_doc([name])
        found[name] = docs.get(name) or {"error": error}
    return found


def _ansible_doc(wanted: list[str]) -> tuple[dict[str, dict[str, Any]], str]:
    """What ansible-doc knows of these modules, and what it complains about; nothing but the complaint if it fails."""
    if not wanted:
        return {}, ""
    answer = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", "module", *(f"{COLLECTION}.{name}" for name in wanted)],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collection_tree.link())},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    found = json.loads(answer.stdout) if answer.returncode == 0 else {}
    return {name.removeprefix(f"{COLLECTION}."): docs for name, docs in found.items()}, answer.stderr.strip()


def examples(name: str) -> list[dict[str, Any]]:
    """The tasks of the module's EXAMPLES. Raises ValueError if they can't be read or are no list of tasks."""
    if error := documentation()[name].get("error"):
        raise ValueError(f"documentation of {name}: {error}")
    tasks = yaml.safe_load(documentation()[name].get("examples") or "[]")
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise ValueError(f"EXAMPLES of {name}: not a list of tasks")
    return tasks


def with_connection() -> list[str]:
    """Short names of the modules that take connection options: what belongs in the action group.

    A module without them may not be in it: `module_defaults` of the group would hand it options that it refuses.
    """
    return [name for name, docs in sorted(documentation().items()) if "nutanix_host" in docs.get("doc", {}).get("options", {})]


def action_group() -> list[str]:
    """What meta/runtime.yml lists in the action group `all`."""
    return list(yaml.safe_load((collection_tree.ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["all"])
