"""Runs tasks the way people do, with ansible-playbook, and gives back what each of them returned. Knows no module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

Task = dict[str, Any]
RESULT = "task_result"
COLLECTIONS = Path(__file__).parents[2] / ".cache" / "collections"


class Played(NamedTuple):
    """One run of a play: what every task returned, in order, and what a person saw."""

    results: list[dict[str, Any]]
    output: str
    code: int


def play(tasks: list[Task], *, connection: dict[str, Any], check: bool = False, diff: bool = False, beside: Path | None = None) -> Played:
    """Run TASKS on localhost; each may fail without stopping the others, its result says so (``failed``).

    CONNECTION becomes the module_defaults of the action group. The playbook stands in the directory BESIDE, which is where
    relative paths in its tasks lead, else in one of its own.
    """
    with tempfile.TemporaryDirectory() as directory:
        results = Path(directory) / "results.json"
        playbook = (beside or Path(directory)) / "play.yml"
        steps: list[Task] = []
        for index, task in enumerate(tasks):
            steps.append({**task, "register": f"{RESULT}_{index}", "failed_when": False})
        collected = "{{ [" + ", ".join(f"{RESULT}_{index}" for index in range(len(tasks))) + "] | to_json }}"
        steps.append(
            {
                "name": "Keep what the tasks returned",
                "ansible.builtin.copy": {"content": collected, "dest": str(results), "mode": "0600"},
                "check_mode": False,
                "diff": False,
            }
        )
        playbook.write_text(
            json.dumps(
                [
                    {
                        "name": "Test",
                        "hosts": "localhost",
                        "gather_facts": False,
                        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
                        "module_defaults": {"group/nutanix_flow.dr.all": connection},
                        "tasks": steps,
                    }
                ]
            )
        )
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(playbook)]
        command += [flag for flag, wanted in (("--check", check), ("--diff", diff)) if wanted]
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_HOME": directory,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
        }
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        found = json.loads(results.read_text()) if results.exists() else []
        return Played(found, done.stdout + done.stderr, done.returncode)


def connection_of(ready: dict[str, Any], site: str) -> dict[str, Any]:
    """The connection options of a site of a running simulator, from its ready file."""
    prism_central = ready["sites"][site]["prism_central"]
    host, _colon, port = prism_central["url"].removeprefix("https://").partition(":")
    return {
        "nutanix_host": host,
        "nutanix_port": int(port),
        "nutanix_username": prism_central["username"],
        "nutanix_password": prism_central["password"],
        "ca_path": ready["ca"],
    }
