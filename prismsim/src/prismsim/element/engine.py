# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs requests against Prism Element, without any network: authenticate, route, perform, spell the answer.

Knows both versions and the way through Prism Central; what a path means is known by the modules that registered it.
"""

from __future__ import annotations

import json
import re
from email.utils import formatdate
from typing import Any

from prismsim.auth import Sessions
from prismsim.element import routes, wire
from prismsim.element.cluster import Cluster
from prismsim.element.errors import ElementError, malformed, unknown
from prismsim.element.fabric import Fabric
from prismsim.errors import ApiError
from prismsim.exchange import Reply, Request
from prismsim.faults import Fault
from prismsim.store import Store

_BASE = re.compile(r"^/(?:PrismGateway/services/rest|api/nutanix)/(v1|v2\.0)(/.*)?$")
PROXY = "proxyClusterUuid"
#: Instead of a uuid: a list of every cluster that answers.
EVERY = "all_clusters"


class ElementEngine:
    """The Prism Elements of a world."""

    def __init__(self, fabric: Fabric, store: Store) -> None:
        self.fabric = fabric
        self._store = store
        self._sessions = {cluster.id: Sessions(cluster) for cluster in fabric.clusters.values()}

    def expire_sessions(self) -> None:
        """End all sessions of all clusters."""
        for sessions in self._sessions.values():
            sessions.expire()

    def settle(self) -> bool:
        """Do all that is due on the clusters; whether there was anything."""
        return self.fabric.settle()

    def handle(self, cluster: Cluster, request: Request, hits: list[Fault]) -> Reply:
        """Answer one request to the cluster itself."""
        self.settle()
        extra: dict[str, str] = {}
        try:
            for fault in hits:
                if fault.do == "status":
                    raise ElementError(fault.status, "The call failed on demand of a fault", 1000, "InternalException")
            extra = self._sessions[cluster.id].authenticate(request.headers)
            reply = self._answer(cluster, request, hits)
        except ApiError as error:
            extra = dict(error.headers)
            reply = _failure(request, ElementError(error.status, "Authentication failed", 1100, "AuthenticationException"))
        except ElementError as error:
            reply = _failure(request, error)
        self._store.commit()
        if reply.status == 401 and not cluster.switches.unauthorized_has_body:
            reply.body = b""
        moment = cluster.clock.now() + cluster.described.clock_offset_seconds
        reply.headers = {**extra, **reply.headers, "x-ntnx-env": "PE", "Date": formatdate(moment, usegmt=True)}
        return reply

    def proxied(self, site_id: str, request: Request, hits: list[Fault]) -> Reply | None:
        """The answer to a request that came through a Prism Central, which knows the caller; None if it is not for here.

        The proxied cluster may be all of them, for lists only.
        """
        if PROXY not in request.query or not _BASE.match(request.path):
            return None
        try:
            if request.query[PROXY] == EVERY:
                return self._fan_out(site_id, request, hits)
            cluster = self.fabric.by_uuid(request.query[PROXY])
            if cluster is None or cluster.site.id != site_id:
                raise ElementError(500, f"No cluster with uuid {request.query[PROXY]} is registered", 1102, "NotFoundException")
            if not cluster.answers:
                raise ElementError(503, f"Cluster {cluster.name} does not answer", 1000, "ConnectException")
            reply = self._answer(cluster, request, hits)
        except ElementError as error:
            reply = _failure(request, error)
        # A Prism Central tells its own time, which is that of the simulated world.
        reply.headers |= {"x-ntnx-env": "PC", "Date": formatdate(self.fabric.agenda.now(), usegmt=True)}
        return reply

    def _fan_out(self, site_id: str, request: Request, hits: list[Fault]) -> Reply:
        """One list with the entries of each cluster of the site that answers."""
        clusters = [cluster for cluster in self.fabric.clusters.values() if cluster.site.id == site_id and cluster.answers]
        if request.method != "GET":
            raise ElementError(501, f"prismsim fans out reads only, not {request.method}", 501, "NotImplementedException")
        found = [self._found(cluster, request, hits) for cluster in clusters]
        lists = [each for each in found if isinstance(each, routes.Collection)]
        if len(lists) != len(found) or not lists:
            raise ElementError(501, "prismsim fans out to all clusters what is a list of entities", 501, "NotImplementedException")
        first = lists[0]
        whole = routes.Collection([entity for each in lists for entity in each.entities], first.bare, first.paged)
        return Reply(200, {"server": "Nutanix Prism", "x-ntnx-env": "PC"}, _dump(_spelled(whole, _version(request) == "v1")))

    def _answer(self, cluster: Cluster, request: Request, hits: list[Fault]) -> Reply:
        found = self._found(cluster, request, hits)
        v1 = _version(request) == "v1"
        created = request.method == "POST" and not v1
        return Reply(201 if created else 200, {"server": "Nutanix Prism"}, _dump(_spelled(found, v1)))

    def _found(self, cluster: Cluster, request: Request, hits: list[Fault]) -> Any:
        match = _BASE.match(request.path)
        if match is None:
            raise unknown(cluster.switches, "Path", request.path)
        version, path = match.group(1), (match.group(2) or "").strip("/")
        answer, params, known = routes.find(request.method, version, path)
        if answer is None and known:
            raise ElementError(405, f"{request.method} is not allowed on {path}", 1104, "MethodNotAllowedException")
        if answer is None:
            raise ElementError(501, f"prismsim does not simulate {version}/{path}", 501, "NotImplementedException")
        call = routes.Call(cluster, self.fabric, version, params, request.query, _body(request, version))
        found = answer(call)
        # What is due at once has happened before the caller reads again, as it has in the answers of a real cluster.
        self.settle()
        if isinstance(found, routes.Collection) and any(fault.do == "empty_list" for fault in hits):
            found = routes.Collection([], found.bare, found.paged)
        return found


def _version(request: Request) -> str:
    match = _BASE.match(request.path)
    return match.group(1) if match else ""


def _body(request: Request, version: str) -> Any:
    if not request.body:
        return None
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise malformed(f"The body is no JSON: {error}") from error
    return wire.from_v1(body) if version == "v1" else body


def _spelled(found: Any, v1: bool) -> Any:
    if isinstance(found, routes.Collection):
        if v1 and found.bare:
            return wire.to_v1(found.entities)
        found = {"metadata": _metadata(found, v1), "entities": found.entities}
    return wire.to_v1(found) if v1 else found


def _metadata(found: routes.Collection, v1: bool) -> dict[str, int]:
    """v2.0 says 0 in ``total_entities`` unless it pages, as recorded."""
    size = len(found.entities)
    paged = v1 or found.paged
    counts = {
        "grand_total_entities": size,
        "total_entities": size if paged else 0,
        "count": found.count if found.count is not None else size,
    }
    return {**counts, "start_index": min(1, size), "end_index": size, "page": 1} if paged else counts


def _failure(request: Request, error: ElementError) -> Reply:
    v1 = "/v1/" in request.path or request.path.endswith("/v1")
    body = wire.to_v1(error.body()) if v1 else error.body()
    return Reply(error.status, {"server": "Nutanix Prism", "exception": error.exception}, _dump(body))


def _dump(value: Any) -> bytes:
    return json.dumps(value).encode()
