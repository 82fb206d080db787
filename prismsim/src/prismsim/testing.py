# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For tests: a running prismsim as a context manager, with the control API as methods.

    with running("estate.yml") as sim:
        sim.ready["sites"]["north"]["prism_central"]["url"]
        sim.fault(do="status", status=503, site="north", match={"path": "policies", "nth": 2})
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prismsim.requests_log import SWALLOWED

START_SECONDS = 60.0


class ControlError(Exception):
    """The control API refused a call."""


class Running:
    """A prismsim process. It is stopped when the context ends; ``kill`` and ``restart`` are for tests of survival."""

    def __init__(self, estate: Path, state: Path, profile: str) -> None:
        self._estate = estate
        self._profile = profile
        self.state_dir = state
        self._process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    def start(self) -> None:
        """Start the process and wait until it is ready. Raises RuntimeError with its output when it does not start."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        ready_file, log = self.state_dir / "ready.json", self.state_dir / "prismsim.log"
        ready_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", "prismsim", "serve", str(self._estate), "--state", str(self.state_dir)]
        command += ["--profile", self._profile, "--ready-file", str(ready_file)]
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not ready_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"prismsim did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.02)
        self.ready = json.loads(ready_file.read_text(encoding="utf-8"))

    def site(self, site_id: str) -> dict[str, Any]:
        """url, username, password and version of a site's Prism Central."""
        found: dict[str, Any] = self.ready["sites"][site_id]["prism_central"]
        return found

    def cluster(self, path: str) -> dict[str, Any]:
        """url, username, password, uuid and version of a cluster's Prism Element; ``path`` is ``site/cluster``."""
        site_id, _ignored, name = path.partition("/")
        found: dict[str, Any] = self.ready["sites"][site_id]["clusters"][name]["prism_element"]
        return found

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the control API; its JSON answer. Raises ControlError with the reason of a refusal."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ready["control"] + path, data, {"Content-Type": "application/json"}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise ControlError(f"{method} {path}: {error.read().decode()}") from error

    def fault(self, **spec: Any) -> None:
        """Arm a fault (see prismsim/README.md for its members)."""
        self.control("POST", "/faults", spec)

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self.control("DELETE", "/faults")

    def held(self) -> list[dict[str, Any]]:
        """The calls that a ``hold`` or ``hold_after`` has stopped, the first first: when (before, after), seq, site, method, path."""
        found: list[dict[str, Any]] = self.control("GET", "/held")["held"]
        return found

    def release(self) -> None:
        """Let the first of the held calls go on."""
        self.control("POST", "/held/release")

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """The calls with a number above ``since``."""
        found: list[dict[str, Any]] = self.control("GET", f"/requests?since={since}")["requests"]
        return found

    def mark(self) -> int:
        """The number of the latest call, for a later ``requests(since=...)``."""
        return int(self.control("GET", f"/requests?since={sys.maxsize}")["last"])

    def writes(self, since: int = 0) -> list[dict[str, Any]]:
        """The calls above ``since`` that could change something."""
        return [line for line in self.requests(since) if line["method"] not in ("GET", "OPTIONS", "HEAD", SWALLOWED)]

    def swallowed(self, since: int = 0) -> list[dict[str, Any]]:
        """The connections above ``since`` that a black hole swallowed, of a site and of its clusters."""
        return [line for line in self.requests(since) if line["method"] == SWALLOWED]

    def down(self, site: str, mode: str = "refuse") -> None:
        """Take a site with its clusters, or one ``site/cluster``, down: ``refuse`` connections or swallow them (``blackhole``)."""
        self.control("POST", f"/sites/{site}/down", {"mode": mode})

    def up(self, site: str) -> None:
        """Bring a site back."""
        self.control("POST", f"/sites/{site}/up")

    def link(self, source: str, target: str, **change: Any) -> None:
        """Change the link from one cluster to another: ports, megabytes_per_second, latency_ms."""
        self.control("POST", "/links", {"from": source, "to": target, **change})

    def rebuild(self, cluster: str) -> None:
        """Give a cluster a new number and incarnation, as when it was built anew."""
        self.control("POST", f"/clusters/{cluster}/rebuild")

    def state(self, site: str) -> dict[str, dict[str, Any]]:
        """``{kind: {name: document}}`` with readable references."""
        found: dict[str, dict[str, Any]] = self.control("GET", f"/sites/{site}/state")
        return found

    def cluster_state(self, cluster: str) -> dict[str, dict[str, Any]]:
        """``{kind: {name: document}}`` of a ``site/cluster``: remote sites and protection domains, as v2.0 shows them."""
        found: dict[str, dict[str, Any]] = self.control("GET", f"/clusters/{cluster}/state")
        return found

    def edit(self, site: str, kind: str, name: str, patch: Mapping[str, Any]) -> None:
        """Change top-level members of an object out of band."""
        self.control("POST", f"/sites/{site}/edit", {"kind": kind, "name": name, "patch": dict(patch)})

    def create(self, site: str, kind: str, body: Mapping[str, Any]) -> None:
        """Create an object out of band; references may be written as ``@kind:name``."""
        self.control("POST", f"/sites/{site}/objects", {"kind": kind, "body": dict(body)})

    def delete(self, site: str, kind: str, name: str) -> None:
        """Delete an object out of band."""
        self.control("DELETE", f"/sites/{site}/objects", {"kind": kind, "name": name})

    def move(self, source: str, target: str, vms: list[str] | str = "all", **options: Any) -> list[dict[str, str]]:
        """Move VMs between sites (options: new_uuid, keep_categories, power, cluster, leave_stale, stale_power)."""
        body = {"vms": vms, "from": source, "to": target, **options}
        found: list[dict[str, str]] = self.control("POST", "/vms/move", body)["moved"]
        return found

    def advance(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.control("POST", "/clock/advance", {"seconds": seconds})

    def expire_sessions(self) -> None:
        """End all login sessions."""
        self.control("POST", "/sessions/expire")

    def alive(self) -> bool:
        """False once the process has died (by a kill fault, say)."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL; the state directory is left as it is."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Start again on the same state (after killing what still runs); the ports stay the same."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End the process in an orderly way."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def running(
    estate: str | os.PathLike[str] | Mapping[str, Any],
    state_dir: str | os.PathLike[str] | None = None,
    profile: str = "instant",
) -> Iterator[Running]:
    """A prismsim that serves ``estate`` (a path or a document) until the context ends."""
    with tempfile.TemporaryDirectory(prefix="prismsim-") as scratch:
        path = Path(scratch) / "estate.json"
        if isinstance(estate, Mapping):
            path.write_text(json.dumps(estate), encoding="utf-8")
        else:
            path = Path(estate)
        simulator = Running(path, Path(state_dir) if state_dir else Path(scratch) / "state", profile)
        simulator.start()
        try:
            yield simulator
        finally:
            if state_dir:
                simulator.stop()
            else:
                simulator.kill()  # its state goes with it, so there is nothing to end in order
