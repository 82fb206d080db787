# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cluster at rest: who it is, where it is, and what only Prism Element knows of it. Knows no HTTP.

Its VMs, subnets and containers are those of its Prism Central: there is one physical truth.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from prismsim.clock import Clock
from prismsim.estate.model import Cluster as EstateCluster
from prismsim.objects import Document, Objects, Record
from prismsim.site import Site
from prismsim.switches import Switches


@dataclass(eq=False)
class Cluster:
    """A cluster; ``id`` is ``site/cluster``."""

    id: str
    uuid: str
    site: Site
    described: EstateCluster
    objects: Objects = field(init=False)
    #: False while the cluster is down: neither callers nor peers get an answer.
    answers: bool = True

    def __post_init__(self) -> None:
        self.objects = Objects(self.id, self.site.store)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.described.name

    @property
    def username(self) -> str:
        """The user of Prism Element."""
        return self.described.username or self.site.username

    @property
    def password(self) -> str:
        """The password of Prism Element."""
        return self.described.password or self.site.password

    @property
    def api_keys(self) -> tuple[str, ...]:
        """Prism Element knows none."""
        return ()

    @property
    def clock(self) -> Clock:
        """The clock of the world."""
        return self.site.clock

    @property
    def switches(self) -> Switches:
        """The choices for what is unknown."""
        return self.site.switches

    @property
    def addresses(self) -> tuple[str, ...]:
        """The virtual IP and the CVMs'."""
        virtual = (self.described.virtual_ip,) if self.described.virtual_ip else ()
        return (*virtual, *self.described.cvm_ips)

    @property
    def identity(self) -> tuple[int, int]:
        """The number (second half of the cluster's id) and the incarnation; both change when it is built anew."""
        rebuilt = int(self.site.recall(f"rebuilt {self.name}") or 0)
        number = self.described.number or zlib.crc32(self.id.encode()) + 10**12
        incarnation = self.described.incarnation or 1_500_000_000_000_000 + zlib.crc32(self.uuid.encode())
        return number + rebuilt, incarnation + rebuilt

    def rebuild(self) -> None:
        """Count as built anew: peers that knew the old one no longer know it."""
        self.site.remember(f"rebuilt {self.name}", int(self.site.recall(f"rebuilt {self.name}") or 0) + 1)

    def put(self, kind: str, document: Document) -> Record:
        """Create or replace something that Prism Element keeps; a new one gets an id."""
        return self.objects.put(kind, {"extId": str(uuid4()), **document}, self.site.next_number("order"))

    def change(self, record: Record, **members: Any) -> Record:
        """Replace members of something."""
        return self.put(record.kind, {**record.document, **members})

    def named(self, kind: str, name: str) -> Record | None:
        """The one of this name, or None."""
        return next(iter(self.objects.named(kind, name)), None)

    def next_id(self) -> int:
        """A number as snapshots, schedules and replications bear."""
        return 66_000 + self.site.next_number("element id")

    def vms(self) -> Iterator[Record]:
        """The VMs that run here, oldest first."""
        return (vm for vm in self.site.objects.all("vm") if vm.document["cluster"]["extId"] == self.uuid)

    def vm_named(self, name: str) -> Record | None:
        """The VM of this name on this cluster, or None."""
        return next((vm for vm in self.site.objects.named("vm", name) if vm.document["cluster"]["extId"] == self.uuid), None)

    def containers(self) -> Iterator[Record]:
        """The storage containers, as Prism Central knows them."""
        return (c for c in self.site.objects.all("storage_container") if c.document["clusterExtId"] == self.uuid)

    def container_named(self, name: str) -> Record | None:
        """The storage container of this name, or None."""
        return next((container for container in self.containers() if container.document["name"] == name), None)

    def networks(self) -> Iterator[Record]:
        """The VLAN networks."""
        return (subnet for subnet in self.site.objects.all("subnet") if subnet.document.get("clusterReference") == self.uuid)
