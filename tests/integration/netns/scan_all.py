"""Runs the scan of every host of a plan on that host, all at the same time, inside of a network: what the playbook does, without Ansible."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ansible_collections.nutanix_flow.dr.plugins.module_utils._net.connect_scan import Pace, Probe, scan
from tests.integration.netns.network import at

PACE = Pace(timeout=0.7, concurrency=20, rate=100, retries=1)


def main(tasks: str, results: str) -> None:
    """TASKS is a file {host: [probe]}; RESULTS gets [observation]."""
    running = [
        subprocess.Popen(at(host, sys.executable, "-m", __spec__.name, "here", json.dumps(probes)), stdout=subprocess.PIPE, text=True)
        for host, probes in json.loads(Path(tasks).read_text()).items()
    ]
    seen = [one for process in running for one in json.loads(process.communicate()[0])]
    Path(results).write_text(json.dumps(seen))


def here(probes: str) -> None:
    """On one host."""
    sys.stdout.write(json.dumps([one._asdict() for one in scan([Probe(**one) for one in json.loads(probes)], PACE)]))


if __name__ == "__main__":
    here(sys.argv[2]) if sys.argv[1] == "here" else main(*sys.argv[1:])
