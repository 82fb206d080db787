# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world: all sites with one store and one clock, made from an estate once and from the store ever after.

Knows what crosses the borders of a site: which VM runs where, and what native entity sync copies.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from prismsim.clock import Clock
from prismsim.element import genesis
from prismsim.element.engine import ElementEngine
from prismsim.element.fabric import fabric_of
from prismsim.element.outages import Outages
from prismsim.engine import Engine
from prismsim.estate import Estate, EstateError, object_id
from prismsim.estate import Site as EstateSite
from prismsim.faults import Faults
from prismsim.genesis import populate
from prismsim.objects import Document, Record
from prismsim.profile import Profile
from prismsim.recovery import genesis as recovery_genesis
from prismsim.recovery import mirror, past
from prismsim.relocation import categories_named, category_names, container_like, disk_in, nic_by_name
from prismsim.site import Site
from prismsim.store import Store
from prismsim.switches import switches_from


class World:
    """Everything that is simulated."""

    def __init__(self, estate: Estate, state: Path, profile: Profile) -> None:
        self.store = Store(state / "state.sqlite")
        self.clock = Clock(float(self.store.get("fact", "", "clock") or 0.0))
        try:
            switches = switches_from(estate.switches)
        except ValueError as error:
            raise EstateError(estate.name, [f"switches: {error}"]) from error
        self.sites = {site_id: _site(description, self.store, self.clock, profile, switches) for site_id, description in estate.sites.items()}
        for site in self.sites.values():
            site.peers = {peer.domain_manager_id: peer for peer in self.sites.values() if peer is not site}
        self.fabric = fabric_of(estate, self.sites, self.store)
        self.outages = Outages(self.fabric, self.store)
        self.faults = Faults(self.store, {*self.sites, *self.fabric.clusters})
        self.engine = Engine(self.store, self.sites, self.faults)
        self.element = ElementEngine(self.fabric, self.store)
        self.engine.proxy = self.element.proxied
        if self.store.get("fact", "", "born") is None:
            for site_id, description in estate.sites.items():
                populate(self.sites[site_id], description, estate)
            recovery_genesis.populate(self.sites, estate)
            genesis.populate(self.fabric, estate)
            self._arm(estate)
            self.store.put("fact", "", "born", self.clock.now())
        else:
            for site in self.sites.values():
                site.objects.load()
                site.tasks.load()
            self.fabric.load()
            self.faults.load()
        for site in self.sites.values():
            site.outages = self.outages
            site.born = float(self.store.get("fact", "", "born"))
            site.before["vm"] = past.note
        self.start_number = int(self.store.get("counter", "", "start") or 0) + 1
        self.store.put("counter", "", "start", self.start_number)
        self.store.commit()

    def _arm(self, estate: Estate) -> None:
        for index, spec in enumerate(estate.faults):
            try:
                self.faults.arm(spec)
            except ValueError as error:
                raise EstateError(estate.name, [f"faults[{index}]: {error}"]) from error

    def advance(self, seconds: float) -> None:
        """Let simulated time pass."""
        self.clock.advance(seconds)
        self.store.put("fact", "", "clock", self.clock.offset)
        self.settle()

    def settle(self) -> None:
        """Do everything that is due."""
        self.engine.settle()
        self.element.settle()
        self.store.commit()

    def network_changed(self) -> None:
        """Let what goes between clusters start, stall or go on."""
        self.outages.notice()
        self.fabric.agenda.add(0.0, "reconsider")
        self.settle()

    def connectivity(self, site_id: str, status: str) -> None:
        """How the other Prism Centrals see this one from now on (CONNECTED, DISCONNECTED), where they are registered with it."""
        self.sites[site_id].answers = status == "CONNECTED"
        mirror.catch_up(self.sites)
        lost = self.sites[site_id].domain_manager_id
        for site in self.sites.values():
            for record in list(site.objects.all("registration")):
                if record.document.get("remoteClusterExtId") == lost:
                    site.put("registration", {**record.document, "connectivityStatus": status})
        self.store.commit()

    def move(self, source: str, target: str, vms: list[str] | None, options: dict[str, Any]) -> list[Document]:
        """Move VMs (all when ``vms`` is None) to another site, as something outside of Prism does it.

        Subnets are matched by path, categories by key and value. With ``leave_stale`` the old copies stay at the source,
        powered as ``stale_power`` says (else as they are): what a primary shows that comes back after it was given up.
        Raises ValueError naming what is missing.
        """
        origin, destination = self.sites[source], self.sites[target]
        records = [r for r in origin.objects.all("vm") if vms is None or r.document["name"] in vms]
        missing = set(vms or ()) - {record.document["name"] for record in records}
        if missing:
            raise ValueError(f"no VM named {', '.join(sorted(missing))} runs at {source}")
        moved = [_translated(origin, destination, record, options) for record in records]
        stale_power = _power(options["stale_power"]) if "stale_power" in options else None
        for record, document in zip(records, moved, strict=False):
            if options.get("leave_stale"):
                origin.put("vm", {**record.document, "powerState": stale_power or record.document["powerState"]})
            else:
                origin.objects.remove(record)
            destination.put("vm", document)
        self.store.commit()
        return [{"name": document["name"], "extId": document["extId"]} for document in moved]


def _site(description: EstateSite, store: Store, clock: Clock, profile: Profile, switches: Any) -> Site:
    pc = description.prism_central
    return Site(
        id=description.id, name=pc.name, release=pc.release, username=pc.username, password=pc.password,
        api_keys=pc.api_keys, flex_mode=pc.flex_mode,
        domain_manager_id=object_id(description.id, "domain_manager", description.id),
        store=store, clock=clock, profile=profile, switches=switches,
    )  # fmt: skip


def _translated(origin: Site, destination: Site, record: Record, options: dict[str, Any]) -> Document:
    document = dict(record.document)
    if options.get("new_uuid"):
        document["extId"] = str(uuid.uuid4())
    clusters = [c for c in destination.objects.all("cluster") if "AOS" in c.document["config"]["clusterFunction"]]
    wanted = options.get("cluster")
    chosen = [c for c in clusters if wanted in (None, c.document["name"])]
    if not chosen:
        raise ValueError(f"no cluster {wanted or ''} at {destination.id}")
    document["cluster"] = {"extId": chosen[0].id}
    keep = options.get("keep_categories", True)
    kept = keep is True or (isinstance(keep, list) and document["name"] in keep)
    names = category_names(origin, document.get("categories", [])) if kept else []
    document["categories"] = categories_named(destination, names)
    document["disks"] = [_disk(origin, destination, chosen[0], disk) for disk in document.get("disks", ())]
    document["nics"] = [nic_by_name(origin, destination, nic, document["name"]) for nic in document.get("nics", ())]
    document["powerState"] = _power(options.get("power", "on"))
    return {key: value for key, value in document.items() if value not in (None, [])}


def _disk(origin: Site, destination: Site, cluster: Record, disk: Document) -> Document:
    container = container_like(origin, destination, cluster.id, disk["backingInfo"]["storageContainer"]["extId"])
    if container is None:
        raise ValueError(f"cluster {cluster.document['name']} at {destination.id} has no storage container")
    return disk_in(disk, container.id)


def _power(wanted: str) -> str:
    if wanted not in ("on", "off"):
        raise ValueError(f"power is on or off, not {wanted}")
    return wanted.upper()
