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
    return sorted(path.stem for path in DIRECTORY.glob("*.py") if path.stem != "__init__")


@cache
def documentation() -> dict[str, dict[str, Any]]:
    """Short name -> `doc`, `examples`, `return`, with the fragments merged in. Raises RuntimeError with what ansible-doc says."""
    if not names():
        return {}
    found = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", "module", *(f"{COLLECTION}.{name}" for name in names())],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collection_tree.link())},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    if found.returncode:
        raise RuntimeError(f"ansible-doc: {found.stderr}")
    return {name.removeprefix(f"{COLLECTION}."): docs for name, docs in json.loads(found.stdout).items()}


def examples(name: str) -> list[dict[str, Any]]:
    """The tasks of the module's EXAMPLES. Raises ValueError if they are no list of tasks."""
    tasks = yaml.safe_load(documentation()[name].get("examples") or "[]")
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise ValueError(f"EXAMPLES of {name}: not a list of tasks")
    return tasks


def with_connection() -> list[str]:
    """Short names of the modules that take connection options: what belongs in the action group.

    A module without them may not be in it: `module_defaults` of the group would hand it options that it refuses.
    """
    return [name for name, docs in sorted(documentation().items()) if "nutanix_host" in docs["doc"].get("options", {})]


def action_group() -> list[str]:
    """What meta/runtime.yml lists in the action group `all`."""
    return list(yaml.safe_load((collection_tree.ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["all"])
