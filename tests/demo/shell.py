"""Lets a person explore the demo while its simulator still runs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.demo.stage import Stage


def explore(stage: Stage) -> None:
    """A shell in the demo's directory, until it is left; without a terminal, wait for Ctrl-C."""
    print(f"\nThe simulator still runs. Its control API: {stage.simulator.ready['control']}")
    for name in stage.simulator.ready["sites"]:
        print(f"  {name}: {stage.simulator.site(name)['url']}")
    if not sys.stdin.isatty():
        print("No terminal for a shell; Ctrl-C stops the simulator.", flush=True)
        threading.Event().wait()
        return
    print("Try: ansible-playbook nutanix_flow.dr.drift -e @dr.yml    (leave with exit; the simulator stops then)", flush=True)
    # The plays run on this machine and need no inventory: warnings about that would only puzzle.
    quiet = {"ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}
    variables = {**os.environ, **quiet, **stage.secrets, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([os.environ.get("SHELL", "/bin/sh")], cwd=stage.directory, env=variables, check=False)
