# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network side of one Prism: TLS, connections, delays and every fault that is done to a connection.

Knows sockets; what an answer says comes from a callback.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web

from prismsim.clock import Clock
from prismsim.exchange import Reply, Request
from prismsim.faults import Fault, Faults, die_if
from prismsim.holds import Holds
from prismsim.profile import Profile
from prismsim.requests_log import SWALLOWED, RequestLog
from prismsim.store import Store

MAX_BODY = 256 * 1024 * 1024
_HTML = b"<html><head><title>Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


#: What answers a request; the faults are those that hit it.
Handler = Callable[[Request, list[Fault]], Reply]


@dataclass(frozen=True)
class Surroundings:
    """What all ports of the world share."""

    context: ssl.SSLContext
    faults: Faults
    holds: Holds
    store: Store
    log: RequestLog
    clock: Clock
    profile: Profile


class Listener:
    """The port of a Prism Central or a Prism Element; ``name`` is what faults, log and control API call it."""

    def __init__(self, name: str, port: int, handler: Handler, around: Surroundings) -> None:
        self.name = name
        self.port = port
        self._handler = handler
        self._around = around
        self._web = web.Server(self._serve, request_factory=_large_request)
        self._server: asyncio.Server | None = None
        self._held: set[asyncio.StreamWriter] = set()

    async def up(self) -> None:
        """Listen and answer."""
        await self.down()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._web, "127.0.0.1", self.port, ssl=self._around.context, reuse_address=True, backlog=512
        )

    async def down(self) -> None:
        """Close the port and break every connection: callers get "connection refused"."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._web.connections):
            if connection.transport is not None:
                connection.transport.abort()
        for writer in self._held:
            writer.transport.abort()
        self._held.clear()

    async def blackhole(self) -> None:
        """Accept connections and never say a word on them."""
        await self.down()
        self._server = await asyncio.start_server(self._hold, "127.0.0.1", self.port, reuse_address=True)

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._held.add(writer)
        log, clock = self._around.log, self._around.clock
        log.add(site=self.name, method=SWALLOWED, path="", query="", request_id=None, request_bytes=0, time=clock.now())
        try:
            while await reader.read(65536):
                pass
        except ConnectionError:
            return
        finally:
            self._held.discard(writer)
            writer.close()

    async def _serve(self, raw: web.BaseRequest) -> web.StreamResponse:
        body = await raw.read()
        request = Request(
            raw.method,
            raw.url.path,
            {name: ",".join(raw.query.getall(name)) for name in raw.query},
            {name.lower(): value for name, value in raw.headers.items()},
            body,
        )
        line = self._around.log.add(
            site=self.name,
            method=request.method,
            path=request.path,
            query=unquote_plus(raw.query_string),
            request_id=request.headers.get("ntnx-request-id"),
            request_bytes=len(body),
            time=self._around.clock.now(),
        )
        hits = self._around.faults.strike(self.name, request.method, f"{request.path}?{line['query']}")
        early = await self._before(raw, hits, line)
        reply = early or self._handler(request, hits)
        if self._around.profile.answer_delay and early is None:
            await asyncio.sleep(self._around.profile.answer_delay)
        line["status"], line["bytes"] = reply.status, len(reply.body)
        return await self._send(raw, reply, hits, line)

    async def _before(self, raw: web.BaseRequest, hits: list[Fault], line: dict[str, Any]) -> Reply | None:
        for fault in hits:
            if fault.do in ("refuse", "reset_before"):
                _reset(raw)
            elif fault.do == "blackhole":
                await _wait_for_caller(raw)
            elif fault.do == "slow":
                await asyncio.sleep(fault.ms / 1000)
            elif fault.do == "hold":
                await self._around.holds.hold(raw, "before", line)
            elif fault.do == "html":
                status = fault.status if "status" in fault.spec else 502
                return Reply(status, {"Content-Type": "text/html"}, _HTML)
        die_if("kill_before", hits, self._around.store)
        return None

    async def _send(self, raw: web.BaseRequest, reply: Reply, hits: list[Fault], line: dict[str, Any]) -> web.StreamResponse:
        die_if("kill_after", hits, self._around.store)
        headers = dict(reply.headers)
        if reply.body:
            headers.setdefault("Content-Type", "application/json")
        for fault in hits:
            if fault.do == "reset_after":
                _reset(raw)
            elif fault.do == "blackhole_after":
                await _wait_for_caller(raw)
            elif fault.do == "hold_after":
                await self._around.holds.hold(raw, "after", line)
            elif fault.do == "truncate":
                await _truncate(raw, reply, headers)
        return web.Response(status=reply.status, headers=headers, body=reply.body)


def _large_request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    """A request whose body may hold a batch of 500 policies; the library's own bound is 1 MiB."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=MAX_BODY)


async def _truncate(raw: web.BaseRequest, reply: Reply, headers: dict[str, str]) -> None:
    """Promise the whole answer, send half of it, hang up."""
    response = web.StreamResponse(status=reply.status, headers={**headers, "Content-Length": str(len(reply.body))})
    await response.prepare(raw)
    await response.write(reply.body[: len(reply.body) // 2])
    transport = raw.transport
    if transport is not None:
        transport.close()
    raise asyncio.CancelledError


def _reset(raw: web.BaseRequest) -> None:
    """Break the connection with a TCP reset."""
    transport = raw.transport
    if transport is not None:
        connection: Any = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    raise asyncio.CancelledError


async def _wait_for_caller(raw: web.BaseRequest) -> None:
    """Say nothing until the caller gives up."""
    while raw.transport is not None and not raw.transport.is_closing():
        await asyncio.sleep(0.05)
    raise asyncio.CancelledError
