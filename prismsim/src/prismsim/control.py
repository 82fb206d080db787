# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: plain HTTP on a loopback port of its own, for tests and rehearsals (prismsim/README.md lists it)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import Any

from aiohttp import web

from prismsim import tinker
from prismsim.element import survey as element_survey
from prismsim.element.cluster import Cluster
from prismsim.holds import Holds
from prismsim.listener import MAX_BODY, Listener
from prismsim.requests_log import RequestLog
from prismsim.site import Site
from prismsim.survey import survey
from prismsim.world import World


class Control:
    """The calls of the control API. A bad request answers 400 with ``{"error": ...}``."""

    def __init__(self, world: World, listeners: dict[str, Listener], log: RequestLog, holds: Holds, stop: asyncio.Event) -> None:
        self._world = world
        self._listeners = listeners
        self._log = log
        self._holds = holds
        self._stop = stop

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(middlewares=[_errors], client_max_size=MAX_BODY)
        app.add_routes(
            [
                web.get("/faults", self._faults),
                web.post("/faults", self._arm),
                web.delete("/faults", self._disarm),
                web.get("/held", self._held),
                web.post("/held/release", self._release),
                web.get("/requests", self._requests),
                web.post("/sites/{id:.+}/down", self._down),
                web.post("/sites/{id:.+}/up", self._up),
                web.get("/clusters/{id:.+}/state", self._cluster_state),
                web.post("/clusters/{id:.+}/rebuild", self._rebuild),
                web.post("/links", self._link),
                web.get("/sites/{id}/state", self._state),
                web.post("/sites/{id}/edit", self._edit),
                web.delete("/sites/{id}/objects", self._delete),
                web.post("/sites/{id}/objects", self._create),
                web.post("/sessions/expire", self._expire),
                web.post("/clock/advance", self._advance),
                web.post("/vms/move", self._move),
                web.post("/kill", self._kill),
                web.post("/stop", self._stop_now),
            ]
        )
        return app

    async def _faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": self._world.faults.armed()})

    async def _arm(self, request: web.Request) -> web.Response:
        body = await _body(request)
        specs = body if isinstance(body, list) else [body]
        armed = [self._world.faults.arm(spec).id for spec in specs]
        self._world.store.commit()
        return web.json_response({"armed": armed}, status=201)

    async def _disarm(self, request: web.Request) -> web.Response:
        count = self._world.faults.disarm()
        self._world.store.commit()
        self._holds.release(len(self._holds.held()))
        return web.json_response({"disarmed": count})

    async def _held(self, request: web.Request) -> web.Response:
        return web.json_response({"held": self._holds.held()})

    async def _release(self, request: web.Request) -> web.Response:
        return web.json_response({"released": self._holds.release()})

    async def _requests(self, request: web.Request) -> web.Response:
        try:
            since = int(request.query.get("since", "0"))
        except ValueError as error:
            raise ValueError("since must be a number") from error
        return web.json_response({"last": self._log.last, "requests": self._log.since(since)})

    async def _down(self, request: web.Request) -> web.Response:
        name, body = request.match_info["id"], await _body(request)
        mode = body.get("mode", "refuse")
        if mode not in ("refuse", "blackhole"):
            raise ValueError("mode is refuse or blackhole")
        for listener in self._listeners_of(name):
            await (listener.blackhole() if mode == "blackhole" else listener.down())
            self._answers(listener.name, False)
        return web.json_response({"site": name, "down": mode})

    async def _up(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        for listener in self._listeners_of(name):
            await listener.up()
            self._answers(listener.name, True)
        return web.json_response({"site": name, "up": True})

    def _answers(self, name: str, answers: bool) -> None:
        """Peers notice when a Prism Central or a cluster is down."""
        if name in self._world.sites:
            self._world.connectivity(name, "CONNECTED" if answers else "DISCONNECTED")
        if name in self._world.fabric.clusters:
            self._world.settle()
            self._world.fabric.clusters[name].answers = answers
            self._world.network_changed()

    async def _cluster_state(self, request: web.Request) -> web.Response:
        cluster = self._cluster(request.match_info["id"])
        self._world.settle()
        state = element_survey.survey(self._world.fabric, cluster)
        self._world.store.commit()
        return web.json_response(state)

    async def _rebuild(self, request: web.Request) -> web.Response:
        cluster = self._cluster(request.match_info["id"])
        cluster.rebuild()
        self._world.network_changed()
        return web.json_response(dict(zip(("number", "incarnation"), cluster.identity, strict=True)))

    async def _link(self, request: web.Request) -> web.Response:
        body = await _body(request)
        ends = [self._cluster(body.pop(end)).id for end in ("from", "to")]
        self._world.settle()
        link = self._world.fabric.links.change(ends[0], ends[1], body)
        self._world.network_changed()
        return web.json_response({"from": link.source, "to": link.target, **body})

    async def _state(self, request: web.Request) -> web.Response:
        self._world.settle()
        return web.json_response(survey(self._site(request.match_info["id"])))

    async def _edit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        record = tinker.edit(self._site(request.match_info["id"]), body["kind"], body["name"], body["patch"])
        self._world.store.commit()
        return web.json_response({"extId": record.id})

    async def _delete(self, request: web.Request) -> web.Response:
        body = await _body(request)
        tinker.delete(self._site(request.match_info["id"]), body["kind"], body["name"])
        self._world.store.commit()
        return web.json_response({"deleted": body["name"]})

    async def _create(self, request: web.Request) -> web.Response:
        body = await _body(request)
        record = tinker.create(self._site(request.match_info["id"]), body["kind"], body["body"])
        self._world.store.commit()
        return web.json_response({"extId": record.id}, status=201)

    async def _expire(self, request: web.Request) -> web.Response:
        self._world.engine.expire_sessions()
        self._world.element.expire_sessions()
        return web.json_response({"expired": True})

    async def _advance(self, request: web.Request) -> web.Response:
        body = await _body(request)
        self._world.advance(float(body["seconds"]))
        return web.json_response({"now": self._world.clock.now()})

    async def _move(self, request: web.Request) -> web.Response:
        body = await _body(request)
        for end in ("from", "to"):
            self._site(body[end])
        names = None if body["vms"] == "all" else list(body["vms"])
        moved = self._world.move(body["from"], body["to"], names, body)
        return web.json_response({"moved": moved})

    async def _kill(self, request: web.Request) -> web.Response:
        os.kill(os.getpid(), signal.SIGKILL)
        raise web.HTTPInternalServerError  # not reached: the process is gone

    async def _stop_now(self, request: web.Request) -> web.Response:
        self._stop.set()
        return web.json_response({"stopping": True})

    def _listeners_of(self, name: str) -> list[Listener]:
        """A site's Prism Central and all its clusters, or one cluster (``site/cluster``)."""
        found = [listener for key, listener in self._listeners.items() if key == name or key.startswith(f"{name}/")]
        if not found:
            raise ValueError(f"unknown site '{name}' (known: {', '.join(self._listeners)})")
        return found

    def _site(self, site_id: str) -> Site:
        if site_id not in self._world.sites:
            raise ValueError(f"unknown site '{site_id}' (known: {', '.join(self._world.sites)})")
        return self._world.sites[site_id]

    def _cluster(self, cluster_id: str) -> Cluster:
        clusters = self._world.fabric.clusters
        if cluster_id not in clusters:
            raise ValueError(f"unknown cluster '{cluster_id}' (known: {', '.join(clusters)})")
        return clusters[cluster_id]


async def _body(request: web.Request) -> Any:
    text = await request.text()
    return json.loads(text) if text else {}


@web.middleware
async def _errors(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        response: web.StreamResponse = await handler(request)
        return response
    except KeyError as error:
        return web.json_response({"error": f"{error.args[0]} is missing"}, status=400)
    except ValueError as error:
        return web.json_response({"error": str(error)}, status=400)
