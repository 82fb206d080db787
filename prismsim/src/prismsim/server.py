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
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from prismsim.certs import server_context
from prismsim.control import Control
from prismsim.element.cluster import Cluster
from prismsim.estate import Estate
from prismsim.holds import Holds
from prismsim.listener import Listener, Surroundings
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
    names = ["control", *world.sites, *world.fabric.clusters]
    ports = _ports(state, port_base, names)
    log, holds = RequestLog(world.start_number), Holds()
    stop = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    listeners = _listeners(world, ports, Surroundings(context, world.faults, holds, world.store, log, world.clock, PROFILES[profile]))
    runner = web.AppRunner(Control(world, listeners, log, holds, stop).application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", ports["control"]).start()
    for listener in listeners.values():
        await listener.up()
    ready = _ready(estate, world, ca_path, ports)
    if ready_file is not None:
        unfinished = ready_file.with_name(ready_file.name + ".partial")
        unfinished.write_text(json.dumps(ready, indent=1), encoding="utf-8")
        os.replace(unfinished, ready_file)
    await stop.wait()
    for listener in listeners.values():
        await listener.down()
    await runner.cleanup()
    world.store.close()


def _listeners(world: World, ports: dict[str, int], around: Surroundings) -> dict[str, Listener]:
    """One per Prism Central (by site) and per Prism Element (by ``site/cluster``)."""
    listeners: dict[str, Listener] = {}
    for name, site in world.sites.items():
        site.url = f"https://127.0.0.1:{ports[name]}"
        listeners[name] = Listener(name, ports[name], partial(world.engine.handle, site), around)
    for name, cluster in world.fabric.clusters.items():
        listeners[name] = Listener(name, ports[name], partial(world.element.handle, cluster), around)
    return listeners


def _ready(estate: Estate, world: World, ca_path: Path, ports: dict[str, int]) -> dict[str, Any]:
    sites: dict[str, Any] = {}
    for site_id, site in estate.sites.items():
        pc = site.prism_central
        access = {"username": pc.username, "password": pc.password}
        sites[site_id] = {
            "prism_central": {"url": f"https://127.0.0.1:{ports[site_id]}", **access, "version": pc.release},
            "clusters": {
                cluster.name: {"prism_element": _element(cluster, ports)} for cluster in world.fabric.clusters.values() if cluster.site.id == site_id
            },
        }
    return {"ca": str(ca_path.resolve()), "control": f"http://127.0.0.1:{ports['control']}", "sites": sites}


def _element(cluster: Cluster, ports: dict[str, int]) -> dict[str, Any]:
    access = {"username": cluster.username, "password": cluster.password}
    return {"url": f"https://127.0.0.1:{ports[cluster.id]}", **access, "uuid": cluster.uuid, "version": cluster.described.version}


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
