"""The little of a Prism Element that the tests of remote sites need: sites in memory, a clock without waiting, and faults on demand."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import ServerError

Body = dict[str, Any]
ESTABLISHED, ALONE = "RELATIONSHIP_ESTABLISHED", "RELATIONSHIP_NOT_ESTABLISHED"


class FakeElement:
    """``on`` is called before and after each write with its name ("POST", "PUT", "DELETE") and may raise or change ``sites``;
    ``on_read`` before each reading. ``lists`` are the other lists."""

    def __init__(self, *sites: Body, status: str = ESTABLISHED) -> None:
        self.site = "east-ahv"
        self.status = status
        self.sites: dict[str, Body] = {site["name"]: site for site in sites}
        self.lists: dict[str, list[Body]] = {}
        self.now = 0.0
        self.calls: list[str] = []
        self.bodies: list[Body] = []
        self.before: Callable[[str], None] = lambda name: None
        self.after: Callable[[str], None] = lambda name: None
        self.on_read: Callable[[], None] = lambda: None
        self.goes_after = 0.0
        self.virtual: str | None = "192.0.2.50"

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def list(self, path: Any, query: Any = None, *, version: str = "v1") -> list[Body]:
        self.calls.append(f"GET {path}")
        if path != "remote_sites":
            return self.lists.get(path, [])
        self.on_read()
        self.sites = {name: site for name, site in self.sites.items() if not site["markedForRemoval"] or site["goes"] > self.now}
        return [{**copy.deepcopy(site), "status": site.get("status") or self.status} for site in self.sites.values()]

    def get(self, path: Any, query: Any = None, *, version: str = "v1") -> Body:
        self.calls.append(f"GET {path}")
        return {"clusterExternalIPAddress": self.virtual}

    def create(self, path: str, body: Body) -> None:
        self._write("POST", lambda: self._put({**body, "markedForRemoval": False, "uuid": "u-1", "stats": {"n": "0"}}), body)

    def update(self, path: str, body: Body) -> None:
        self._write("PUT", lambda: self._put({**self.sites[body["name"]], **body}), body)

    def delete(self, path: tuple[str, str]) -> None:
        self._write("DELETE", lambda: self._put({**self.sites[path[1]], "markedForRemoval": True, "goes": self.now + self.goes_after}), {})

    def _put(self, body: Body) -> None:
        self.sites[body["name"]] = body

    def _write(self, name: str, work: Callable[[], None], body: Body) -> None:
        self.calls.append(name)
        self.bodies.append(copy.deepcopy(body))
        self.before(name)
        work()
        self.after(name)


def site_body(name: str, address: str = "198.51.100.50", **members: Any) -> Body:
    """A remote site as v1 shows it."""
    return {
        "name": name, "uuid": f"u-{name}", "remoteIpPorts": {address: 2020}, "capabilities": ["BACKUP", "DISASTER_RECOVERY", "SUPPORT_KVM"],
        "proxyEnabled": False, "sshEnabled": False, "compressionEnabled": True, "vstoreNameMap": {}, "bandwidthPolicyEnabled": False,
        "bandwidthPolicy": None, "networkMapping": {"uuid": "n-1", "l2NetworkMappings": []}, "maxBps": 5, "markedForRemoval": False,
        "latencyInUsecs": 1450, "stats": {"n": "1"}, "newProperty": "kept", **members,
    }  # fmt: skip


def unanswered(status: int = 503) -> ServerError:
    """A write after which nobody knows."""
    error = ServerError(f"PUT answered {status}", status=status)
    error.outcome_unknown = True
    return error
