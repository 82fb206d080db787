# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the process together: world, ports, certificates, control API, ready file; runs until told to stop."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
from pathlib import Path
from typing import Any

from aiohttp import web

from prismsim.certs import server_context
from prismsim.control import Control
from prismsim.element import ElementListener
from prismsim.estate import Estate
from prismsim.listener import Listener
from prismsim.profile import PROFILES
from prismsim.requests_log import RequestLog
from prismsim.world import World

_PORTS = range(20000, 32000)


def serve(estate: Estate, state: Path, port_base: int | None, profile: str, ready_file: Path | None) -> None:
    """Run until SIGTERM, SIGINT or ``POST /stop``."""
    state.mkdir(parents=True, exist_ok=True)
    asyncio.run(_run(estate, state, port_base, profile, ready_file))


async def _run(estate: Estate, state: Path, port_base: int | None, profile: str, ready_file: Path | None) -> None:
    world = World(estate, state, PROFILES[profile])
    context, ca_path = server_context(state)
    clusters = {site_id: [cluster.name for cluster in site.clusters] for site_id, site in estate.sites.items()}
    names = ["control", *world.sites, *(f"{site}/{name}" for site, found in clusters.items() for name in found)]
    ports = _ports(state, port_base, names)
    log = RequestLog(world.start_number)
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    listeners = {s: Listener(site, ports[s], context, world.engine, log) for s, site in world.sites.items()}
    elements = [ElementListener(ports[f"{s}/{name}"], context) for s, found in clusters.items() for name in found]
    every: list[Listener | ElementListener] = [*listeners.values(), *elements]
    runner = web.AppRunner(Control(world, listeners, log, stop).application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", ports["control"]).start()
    for listener in every:
        await listener.up()
    ready = _ready(estate, ca_path, ports)
    if ready_file is not None:
        partial = ready_file.with_name(ready_file.name + ".partial")
        partial.write_text(json.dumps(ready, indent=1), encoding="utf-8")
        os.replace(partial, ready_file)
    await stop.wait()
    for listener in every:
        await listener.down()
    await runner.cleanup()
    world.store.close()


def _ready(estate: Estate, ca_path: Path, ports: dict[str, int]) -> dict[str, Any]:
    sites: dict[str, Any] = {}
    for site_id, site in estate.sites.items():
        pc = site.prism_central
        access = {"username": pc.username, "password": pc.password}
        sites[site_id] = {
            "prism_central": {"url": f"https://127.0.0.1:{ports[site_id]}", **access, "version": pc.release},
            "clusters": {
                cluster.name: {"prism_element": {"url": f"https://127.0.0.1:{ports[f'{site_id}/{cluster.name}']}", **access}}
                for cluster in site.clusters
            },
        }
    return {"ca": str(ca_path.resolve()), "control": f"http://127.0.0.1:{ports['control']}", "sites": sites}


def _ports(state: Path, port_base: int | None, names: list[str]) -> dict[str, int]:
    """One port per name: counted up from ``port_base``, else those of the last run in this directory, else free ones."""
    if port_base is not None:
        return {name: port_base + index for index, name in enumerate(names)}
    kept = state / "ports.json"
    known: dict[str, int] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for name in names:
        if name not in known:
            known[name] = _free_port(set(known.values()))
    kept.write_text(json.dumps(known), encoding="utf-8")
    return known


def _free_port(taken: set[int]) -> int:
    """A port nobody listens on, below the range from which systems take the ports of outgoing connections.

    A site that is down for a while must find its port free again; a client's connection must not sit on it.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        if port in taken:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("there is no free port between 20000 and 32000")
