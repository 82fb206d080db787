"""Kills a module, or the simulator, at one chosen write. Knows no module and judges nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

from prismsim.testing import Running
from tests.integration.direct import COLLECTIONS, MODULES

#: A client is killed while it waits for the answer to a write that the site hasn't done, or has.
FAULTS = {("client", "before"): "blackhole", ("client", "after"): "blackhole_after", ("server", "before"): "kill_before", ("server", "after"): "kill_after"}


def kill_at(sim: Running, module: str, options: dict[str, Any], match: dict[str, Any], when: str, *, who: str = "client", site: str | None = None) -> None:
    """Run the module and send SIGKILL to it, or to the simulator, before or after the first call that MATCH describes is carried out."""
    sim.fault(do=FAULTS[who, when], match={**match, "times": 1}, **({"site": site} if site else {}))
    command = [sys.executable, "-m", f"{MODULES}.{module}", json.dumps({"ANSIBLE_MODULE_ARGS": options})]
    client = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(COLLECTIONS)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 300
        while not _struck(sim, who):
            assert time.monotonic() < deadline, "the write never came"
            assert client.poll() is None or who == "server", "the module ended before its write"
            time.sleep(0.05)
    finally:
        client.kill()
        client.wait()
    if who == "server":
        sim.restart()
    sim.clear_faults()


def _struck(sim: Running, who: str) -> bool:
    """Whether the fault has hit."""
    if who == "server":
        return not sim.alive()
    return any(fault["hit"] for fault in sim.control("GET", "/faults")["faults"])
