"""A pair of simulated clusters with a protection domain, and the tasks that move it. Knows the options of the modules only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from prismsim.testing import Running
from tests.integration.direct import run_module
from tests.integration.elements import direct, estate, half
from tests.integration.play import connection_of

EAST, WEST = "east/east-ahv", "west/west-ahv"
_EAST_MAP = {"SelfServiceContainer": "SelfServiceContainer", "frame": "frame-dr"}
HOURLY = {"type": "HOURLY", "every_nth": 1, "retention_policy": {"local_max_snapshots": 4, "remote_max_snapshots": {"west-ahv": 8}}}


def paired(**more: Any) -> dict[str, Any]:
    """Both halves stand; the protection domain is active in the east and replicates every hour. Options: members of the estate."""
    domain = {"name": "frame", "vms": ["sandbox-1"], "volume_groups": ["profile-1"], "schedules": [HOURLY]}
    east = {"remote_sites": [half("east", vstore_map=_EAST_MAP, network_map={"desktops": "desktops-dr"})], "protection_domains": [domain]}
    back = {there: here for here, there in _EAST_MAP.items()}
    west = {"remote_sites": [half("west", vstore_map=back, network_map={"desktops-dr": "desktops"})]}
    return estate(east=east, west=west, **more)


class Domains(NamedTuple):
    """The simulator, and what tasks need to know of the way from east to west."""

    sim: Running

    @property
    def sites(self) -> list[dict[str, Any]]:
        """Each site is the Prism Element of its cluster."""
        return [{"id": "east", **direct(self.sim, EAST)}, {"id": "west", **direct(self.sim, WEST)}]

    @property
    def centrals(self) -> list[dict[str, Any]]:
        """Each site is its Prism Central."""
        return [{"id": site, **connection_of(self.sim.ready, site)} for site in ("east", "west")]

    def options(self, mode: str, **options: Any) -> dict[str, Any]:
        way = {"source": "east", "target": "west", "protection_domains": ["frame"], "sites": self.sites, "poll_interval": 1, "move_timeout": 30}
        return {"mode": mode, **way, **options}

    def move(self, mode: str = "planned", *, check: bool = False, **options: Any) -> dict[str, Any]:
        """What protection_domain_failover returns."""
        return run_module("protection_domain_failover", self.options(mode, **options), check=check, diff=True)

    def replicate(self) -> None:
        """Let an hourly snapshot arrive in the west."""
        self.sim.advance(3700)
        self.sim.cluster_state(EAST)

    @contextmanager
    def arriving_once_it_was_seen(self, path: str, times: int = 3) -> Iterator[None]:
        """Meanwhile the link gets fast, once something has looked at PATH so many times."""
        mark, ended = self.sim.mark(), threading.Event()

        def watch() -> None:
            while not ended.wait(0.2):
                if sum(path in line["path"] for line in self.sim.requests(mark)) >= times:
                    self.sim.link(EAST, WEST, megabytes_per_second=1_000_000)
                    self.sim.advance(1)
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()

    def active(self) -> tuple[bool, bool]:
        """Whether the protection domain is active in the east, and in the west."""
        found = [self.sim.cluster_state(cluster).get("protection_domain", {}).get("frame", {}) for cluster in (EAST, WEST)]
        return bool(found[0].get("active")), bool(found[1].get("active"))

    def vms(self, site: str) -> dict[str, str]:
        """VM name -> its power."""
        return {name: vm["powerState"] for name, vm in self.sim.state(site).get("vm", {}).items()}
