# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between clusters, one direction at a time: open ports, bandwidth, latency. Knows no cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from prismsim.estate.model_element import Link
from prismsim.store import Store

CONTROL_PORT = 2020
DATA_PORT = 2009


class Links:
    """All links that are not simply open and fast."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._links: dict[tuple[str, str], Link] = {}

    def load(self) -> None:
        """Take over what was there before a restart."""
        for _key, row in self._store.all("link", ""):
            link = Link(**{**row, "ports": tuple(row["ports"])})
            self._links[link.source, link.target] = link

    def get(self, source: str, target: str) -> Link:
        """The link from one cluster to another (ids as ``site/cluster``)."""
        return self._links.get((source, target)) or Link(source, target)

    def put(self, link: Link) -> None:
        """Make a link so."""
        self._links[link.source, link.target] = link
        self._store.put("link", "", f"{link.source} {link.target}", asdict(link))

    def change(self, source: str, target: str, change: Mapping[str, Any]) -> Link:
        """Change some members of a link. Raises ValueError for what is no member or no port."""
        known = {"ports", "megabytes_per_second", "latency_ms"}
        for name in set(change) - known:
            raise ValueError(f"a link has no '{name}' (known: {', '.join(sorted(known))})")
        ports = change.get("ports", ())
        if set(ports) - {CONTROL_PORT, DATA_PORT}:
            raise ValueError(f"ports of a link are {DATA_PORT} and {CONTROL_PORT}")
        link = Link(**{**asdict(self.get(source, target)), **change})
        link = Link(**{**asdict(link), "ports": tuple(link.ports)})
        self.put(link)
        return link
