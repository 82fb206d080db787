# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which clusters are down and which links are cut, and since when. Knows clusters by their uuids; no VM and no replication."""

from __future__ import annotations

from prismsim.element.fabric import Fabric
from prismsim.element.links import CONTROL_PORT, DATA_PORT
from prismsim.store import Store


class Outages:
    """The interruptions of a world. A cluster is up after a restart, a cut link stays cut."""

    def __init__(self, fabric: Fabric, store: Store) -> None:
        self._fabric = fabric
        self._store = store
        self._down: dict[str, float] = {}

    def notice(self) -> None:
        """Look for clusters and links that went down or came back."""
        now = self._fabric.agenda.now()
        for cluster in self._fabric.clusters.values():
            if cluster.answers:
                self._down.pop(cluster.uuid, None)
            else:
                self._down.setdefault(cluster.uuid, now)
            for peer in self._fabric.clusters.values():
                self._notice_link(cluster.id, peer.id, now)

    def _notice_link(self, source: str, target: str, now: float) -> None:
        key, passes = f"{source} {target}", {CONTROL_PORT, DATA_PORT} <= set(self._fabric.links.get(source, target).ports)
        known = self._store.get("cut", "", key)
        if passes and known is not None:
            self._store.delete("cut", "", key)
        elif not passes and known is None:
            self._store.put("cut", "", key, now)

    def down_since(self, cluster: str) -> float | None:
        """Since when a cluster has been down (seconds since the epoch), or None."""
        return self._down.get(cluster)

    def cut_since(self, source: str, target: str) -> float | None:
        """Since when nothing has passed from one cluster to another, or None."""
        ends = [self._fabric.by_uuid(source), self._fabric.by_uuid(target)]
        found = [self._down.get(source), self._down.get(target)]
        if ends[0] and ends[1]:
            found.append(self._store.get("cut", "", f"{ends[0].id} {ends[1].id}"))
        return min((moment for moment in found if moment is not None), default=None)
