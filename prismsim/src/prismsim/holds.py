# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that wait until they are released, one after the other. Knows their order and what to call them, not what they do."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web


class Holds:
    """The calls that are held, the one that has waited longest first."""

    def __init__(self) -> None:
        self._held: list[dict[str, Any]] = []

    async def hold(self, raw: web.BaseRequest, when: str, line: dict[str, Any]) -> None:
        """Wait until the call is released; ``line`` is its line in the log of requests. Ends with the caller, who may give up."""
        held = {"when": when, **{name: line[name] for name in ("seq", "site", "method", "path")}}
        self._held.append(held)
        while held in self._held:
            if raw.transport is None or raw.transport.is_closing():
                self._held.remove(held)
                raise asyncio.CancelledError
            await asyncio.sleep(0.01)

    def held(self) -> list[dict[str, Any]]:
        """Each held call: when (before or after the work), seq, site, method, path."""
        return list(self._held)

    def release(self, count: int = 1) -> int:
        """Let the calls go on that have waited longest; how many there were."""
        released = self._held[:count]
        del self._held[:count]
        return len(released)
