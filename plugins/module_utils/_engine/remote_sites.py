# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remote sites of one cluster as they are now, and the plan for them. Reads, never writes."""

from __future__ import annotations

import typing as t

from .._entities.remote_site import known_properties, remote_site
from .._errors import DrError, NotRepresentable
from .._model.directory import Directory
from .._model.entity import Canonical, Held, decode
from .._model.problems import Problems
from .._model.unreadable import Unreadable
from .._prism.element import V2
from .._prism.remote_sites import read_remote_sites
from .plan import Plan, keep_all, plan
from .remote_site_checks import Surroundings, check_remote_sites

if t.TYPE_CHECKING:
    from .._prism.element import Element

KIND = "remote_site"
ESTABLISHED, UNKNOWN = "established", "unknown"


class RemoteSite(t.NamedTuple):
    """One half of a pair as its cluster shows it. ``status`` is a word of the API in lower case without RELATIONSHIP_, ``unknown`` if it isn't
    told; ``latency_ms``, ``peer`` (number and incarnation) and ``peer_containers`` are None while the peer hasn't told them.
    ``other`` has the properties of a later release that have no meaning here. ``body`` is as the API gave it."""

    held: Held
    body: dict[str, t.Any]
    status: str
    latency_ms: float | None
    peer: tuple[int, int] | None
    peer_containers: frozenset[str] | None
    marked_for_removal: bool
    other: dict[str, t.Any]

    @property
    def name(self) -> str:
        return self.held.name

    @property
    def stands(self) -> bool:
        return self.status == ESTABLISHED


class RemoteSites:
    """All remote sites of a cluster. ``peer`` is the cluster that they lead to, if it can be asked too; ``unit`` is how the API counts
    bandwidth. Everything raises DrError of the client: CANNOT_TELL when the cluster doesn't answer."""

    def __init__(self, element: Element, *, peer: Element | None = None, unit: str = "bytes") -> None:
        self.element = element
        self.peer = peer
        self.label = element.site
        self.entity = remote_site(unit)
        self.directory = Directory(self.label)
        self.found: list[RemoteSite] = []
        self.unreadable: list[Unreadable] = []

    def read(self) -> list[RemoteSite]:
        """All of them as they are now, sorted by name; what could not be read is in ``unreadable``. One call."""
        try:
            bodies = read_remote_sites(self.element)
        except DrError as error:
            raise error.about(kind=KIND) from error.__cause__
        self.found, self.unreadable = [], []
        for body in sorted(bodies, key=lambda body: str(body.get("name"))):
            try:
                self.found.append(self._decoded(body))
            except NotRepresentable as error:
                self.unreadable.append(Unreadable(KIND, str(body.get("name")), str(body.get("uuid")), error))
        return self.found

    def one(self, name: str) -> RemoteSite | None:
        """The one of this name as it is now, marked for removal or not. One call. Raises NotRepresentable for one that can't be read."""
        found = next((site for site in self.read() if site.name == name), None)
        for item in self.unreadable:
            if item.name == name:
                raise item.error
        return found

    def plan(self, desired: t.Sequence[Canonical], *, remove: t.Callable[[Held], bool] = keep_all) -> tuple[Plan, list[str]]:
        """What has to be done to get there from what ``read`` found, checked against all that can be known before the first write;
        and what a person should be warned of. Raises as ``plan`` does."""
        around, warnings = self._surroundings(desired, remove), list[str]()

        def also(planned: Plan, problems: Problems) -> None:
            warnings.extend(check_remote_sites(planned, around, problems, site=self.label))

        planned = plan(
            [self.entity],
            {KIND: self._staying()},
            {KIND: desired},
            whole=False,
            remove=remove,
            directory=self.directory,
            minors={self.entity.namespace: self.entity.since},
            unreadable=self.unreadable,
            also=also,
        )
        return planned, warnings

    def _staying(self) -> list[Held]:
        return [site.held for site in self.found if not site.marked_for_removal]

    def _decoded(self, body: dict[str, t.Any]) -> RemoteSite:
        known = known_properties()
        held = decode(self.entity, {"extId": body.get("uuid") or "", **{name: value for name, value in body.items() if name in known}}, self.directory)
        status = str(body.get("status") or UNKNOWN).lower().removeprefix("relationship_")
        latency, number, incarnation = body.get("latencyInUsecs"), body.get("clusterId"), body.get("clusterIncarnationId")
        return RemoteSite(
            held,
            body,
            status,
            round(latency / 1000, 3) if latency is not None and latency >= 0 else None,
            (number, incarnation) if number is not None and incarnation is not None else None,
            frozenset(body["remoteVStoreInfo"]) if body.get("remoteVStoreInfo") else None,
            bool(body.get("markedForRemoval")),
            {name: value for name, value in body.items() if name not in known and value not in (None, [], {})},
        )

    def _surroundings(self, desired: t.Sequence[Canonical], remove: t.Callable[[Held], bool]) -> Surroundings:
        """What the checks of a plan need to know, and nothing else."""
        here = {held.name: held.canonical for held in self._staying()}
        differing = {
            field
            for canonical in desired
            for field in ("addresses", "vstore_map", "network_map")
            if canonical.get(field) and canonical[field] != here.get(canonical["name"], {}).get(field)
        }
        named = {field for canonical in desired for field in ("vstore_map", "network_map") if canonical.get(field)}
        wanted = {canonical["name"] for canonical in desired}
        return Surroundings(
            sites=here,
            marked=frozenset(site.name for site in self.found if site.marked_for_removal),
            own_addresses=addresses_of(self.element) if "addresses" in differing else frozenset(),
            peer_addresses=addresses_of(self.peer) if self.peer and differing else frozenset(),
            containers=containers_of(self.element) if "vstore_map" in named else None,
            networks=networks_of(self.element) if "network_map" in named else None,
            peer_containers=self._peer_containers() if "vstore_map" in differing else {},
            peer_networks=networks_of(self.peer) if self.peer and "network_map" in differing else None,
            replicating=self._replicating() if any(remove(held) for held in self._staying() if held.name not in wanted) else {},
        )

    def _peer_containers(self) -> dict[str, frozenset[str]]:
        """The containers of the peer by remote site: from the peer itself, else as far as the sites tell."""
        if self.peer is not None:
            return {"": containers_of(self.peer)}
        return {site.name: site.peer_containers for site in self.found if site.peer_containers is not None}

    def _replicating(self) -> dict[str, list[str]]:
        """The protection domains that replicate to each remote site."""
        found: dict[str, list[str]] = {}
        for domain in self.element.list("protection_domains"):
            for name in domain.get("remoteSiteNames") or []:
                found.setdefault(name, []).append(str(domain.get("name")))
        return found


def addresses_of(element: Element) -> frozenset[str]:
    """The virtual address of a cluster and those of its CVMs. Two calls."""
    virtual = element.get("cluster").get("clusterExternalIPAddress")
    return frozenset(filter(None, [virtual, *(host.get("serviceVMExternalIP") for host in element.list("hosts"))]))


def containers_of(element: Element) -> frozenset[str]:
    """The storage containers of a cluster, which are its vStores, without those that are marked for removal. One call."""
    return frozenset(str(vstore["name"]) for vstore in element.list("vstores") if not vstore.get("markedForRemoval"))


def networks_of(element: Element) -> frozenset[str]:
    """The VLAN networks of a cluster. One call."""
    return frozenset(str(network["name"]) for network in element.list("networks", version=V2) if network.get("name"))
