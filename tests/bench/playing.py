"""Runs tasks with ansible-playbook and tells what each of them took: seconds, memory, calls. Knows no module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from prismsim.testing import Running

HERE = Path(__file__).parent
COLLECTIONS = HERE.parents[1] / ".cache" / "collections"
SECONDS = 3600


class Timed(NamedTuple):
    """One task as a person at the terminal sees it."""

    name: str
    seconds: float


class Measured(NamedTuple):
    """One task with what it cost the machine (the module process alone) and the site."""

    seconds: float
    result: dict[str, Any]
    cpu: float
    megabytes: float
    requests: list[dict[str, Any]]

    @property
    def calls(self) -> int:
        return len(self.requests)

    @property
    def rate_limited(self) -> int:
        return sum(request["status"] == 429 for request in self.requests)


def connection(sim: Running, site: str) -> dict[str, Any]:
    """The connection options of a site."""
    prism_central = sim.site(site)
    host, _colon, port = prism_central["url"].removeprefix("https://").partition(":")
    return {
        "nutanix_host": host,
        "nutanix_port": int(port),
        "nutanix_username": prism_central["username"],
        "nutanix_password": prism_central["password"],
        "ca_path": sim.ready["ca"],
    }


def timed(tasks: list[dict[str, Any]]) -> list[Timed]:
    """The seconds of each task of one play. Raises RuntimeError when one fails."""
    with tempfile.TemporaryDirectory() as directory:
        return [Timed(line["task"], line["seconds"]) for line in _play(Path(directory), tasks, sys.executable)]


def measured(sim: Running, module: str, options: dict[str, Any]) -> Measured:
    """One task of the collection, in a play of its own."""
    before = sim.mark()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        usage, result = directory / "usage.json", directory / "result.json"
        keep: dict[str, Any] = {"name": "Keep the result", "ansible.builtin.copy": {"content": "{{ kept | to_json }}", "dest": str(result), "mode": "0600"}}
        task = {"name": module, f"nutanix_flow.dr.{module}": options, "register": "kept"}
        interpreter = directory / "measured_python"
        interpreter.write_text(f"#!{sys.executable}\n{(HERE / 'measured_python.py').read_text(encoding='utf-8')}", encoding="utf-8")
        interpreter.chmod(0o755)
        # The result is written by the plain Python, or it would overwrite what the module process cost.
        keep["vars"] = {"ansible_python_interpreter": sys.executable}
        lines = _play(directory, [task, keep], str(interpreter), {"BENCH_USAGE": str(usage)})
        cost = json.loads(usage.read_text(encoding="utf-8"))
        return Measured(lines[0]["seconds"], json.loads(result.read_text(encoding="utf-8")), cost["cpu"], cost["megabytes"], sim.requests(before))


def _play(directory: Path, tasks: list[dict[str, Any]], interpreter: str, more: dict[str, str] | None = None) -> list[dict[str, Any]]:
    playbook, times = directory / "play.yml", directory / "times.jsonl"
    play = {"name": "Measure", "hosts": "localhost", "gather_facts": False, "vars": {"ansible_python_interpreter": interpreter}, "tasks": tasks}
    playbook.write_text(json.dumps([play]), encoding="utf-8")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_HOME": str(directory),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "task_times",
        "TASK_TIMES": str(times),
        **(more or {}),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", str(playbook)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        raise RuntimeError(f"a task failed:\n{done.stdout[-3000:]}{done.stderr[-2000:]}")
    return [json.loads(line) for line in times.read_text(encoding="utf-8").splitlines()]
