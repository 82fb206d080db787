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
from prismsim.listener import MAX_BODY, Listener
from prismsim.requests_log import RequestLog
from prismsim.survey import survey
from prismsim.world import World


class Control:
    """The calls of the control API. A bad request answers 400 with ``{"error": ...}``."""

    def __init__(self, world: World, listeners: dict[str, Listener], log: RequestLog, stop: asyncio.Event) -> None:
        self._world = world
        self._listeners = listeners
        self._log = log
        self._stop = stop

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(middlewares=[_errors], client_max_size=MAX_BODY)
        app.add_routes(
            [
                web.get("/faults", self._faults),
                web.post("/faults", self._arm),
                web.delete("/faults", self._disarm),
                web.get("/requests", self._requests),
                web.post("/sites/{id}/down", self._down),
                web.post("/sites/{id}/up", self._up),
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
        return web.json_response({"disarmed": count})

    async def _requests(self, request: web.Request) -> web.Response:
        try:
            since = int(request.query.get("since", "0"))
        except ValueError as error:
            raise ValueError("since must be a number") from error
        return web.json_response({"last": self._log.last, "requests": self._log.since(since)})

    async def _down(self, request: web.Request) -> web.Response:
        listener = self._listener(request)
        body = await _body(request)
        mode = body.get("mode", "refuse")
        if mode not in ("refuse", "blackhole"):
            raise ValueError("mode is refuse or blackhole")
        await (listener.blackhole() if mode == "blackhole" else listener.down())
        self._world.connectivity(listener.site.id, "DISCONNECTED")
        return web.json_response({"site": listener.site.id, "down": mode})

    async def _up(self, request: web.Request) -> web.Response:
        listener = self._listener(request)
        await listener.up()
        self._world.connectivity(listener.site.id, "CONNECTED")
        return web.json_response({"site": listener.site.id, "up": True})

    async def _state(self, request: web.Request) -> web.Response:
        self._world.engine.settle()
        return web.json_response(survey(self._listener(request).site))

    async def _edit(self, request: web.Request) -> web.Response:
        body = await _body(request)
        record = tinker.edit(self._listener(request).site, body["kind"], body["name"], body["patch"])
        self._world.store.commit()
        return web.json_response({"extId": record.id})

    async def _delete(self, request: web.Request) -> web.Response:
        body = await _body(request)
        tinker.delete(self._listener(request).site, body["kind"], body["name"])
        self._world.store.commit()
        return web.json_response({"deleted": body["name"]})

    async def _create(self, request: web.Request) -> web.Response:
        body = await _body(request)
        record = tinker.create(self._listener(request).site, body["kind"], body["body"])
        self._world.store.commit()
        return web.json_response({"extId": record.id}, status=201)

    async def _expire(self, request: web.Request) -> web.Response:
        self._world.engine.expire_sessions()
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

    def _listener(self, request: web.Request) -> Listener:
        return self._site(request.match_info["id"])

    def _site(self, site_id: str) -> Listener:
        if site_id not in self._listeners:
            raise ValueError(f"unknown site '{site_id}' (known: {', '.join(self._listeners)})")
        return self._listeners[site_id]


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
