# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The port of a cluster's Prism Element: there, and honest about not being simulated yet."""

from __future__ import annotations

import asyncio
import ssl

from aiohttp import web

_TEXT = "prismsim does not simulate Prism Element; only Prism Central answers."


class ElementListener:
    """Answers 501 to everything."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._port = port
        self._context = context
        self._server: asyncio.Server | None = None

    async def up(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(web.Server(_refuse), "127.0.0.1", self._port, ssl=self._context)

    async def down(self) -> None:
        """Close the port."""
        if self._server is not None:
            self._server.close()


async def _refuse(request: web.BaseRequest) -> web.StreamResponse:
    body = {"message": _TEXT, "detailed_message": _TEXT, "error_code": {"code": 501, "help_url": ""}}
    return web.json_response(body, status=501)
