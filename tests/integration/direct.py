"""Runs one module as Ansible runs it on a host, without a playbook around it: many times quicker. Knows no module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

MODULES = "ansible_collections.nutanix_flow.dr.plugins.modules"
COLLECTIONS = Path(__file__).parents[2] / ".cache" / "collections"


def run_module(name: str, options: dict[str, Any], *, check: bool = False, diff: bool = False) -> dict[str, Any]:
    """What the module returns; what it was called with is left out of it. A crash fails the test with its traceback."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": diff}
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "arguments.json"
        file.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
        environment = {**os.environ, "PYTHONPATH": str(COLLECTIONS)}
        command = [sys.executable, "-m", f"{MODULES}.{name}", str(file)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise AssertionError(f"{name} did not end as a module does:\n{done.stdout}\n{done.stderr}") from error
    result.pop("invocation", None)
    return result
