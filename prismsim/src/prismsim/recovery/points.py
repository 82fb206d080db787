# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery points that a site has: those that policies took, worked out from schedules, and those that people made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from prismsim.clock import timestamp
from prismsim.objects import Document, Record
from prismsim.recovery import past
from prismsim.recovery.protection import Protection, protections
from prismsim.site import ADMIN, Site

KIND = "recovery_point"


@dataclass(frozen=True)
class Point:
    """A recovery point as ``RecoveryPoint``, and what it holds: VMs of its origin by their ids."""

    document: Document
    origin: Site
    held: dict[str, Document]


def all_points(site: Site) -> list[Point]:
    """All recovery points of a site, oldest first."""
    found = [*_made(site), *_by_policies(site)]
    return sorted(found, key=lambda point: str(point.document["creationTime"]))


def find(site: Site, ext_id: str) -> Point | None:
    """One recovery point, or None."""
    return next((point for point in all_points(site) if point.document["extId"] == ext_id), None)


def _made(site: Site) -> Iterator[Point]:
    sites = {site.domain_manager_id: site, **site.peers}
    for record in site.objects.all(KIND):
        if record.document.get("expirationTime", "9") > site.now():
            yield Point(record.document, sites[record.document["_origin"]], record.document["_held"])


def _by_policies(site: Site) -> Iterator[Point]:
    for origin in (site, *site.peers.values()):
        if not origin.objects.count("protection_policy"):
            continue
        for vm in origin.objects.all("vm"):
            for protection in protections(origin, vm):
                if protection.objective and site in (origin, protection.target):
                    yield from _of(site, protection)


def _of(site: Site, protection: Protection) -> Iterator[Point]:
    """What the target has of one VM; the site on which it runs has the same points."""
    vm = protection.vm
    cluster = vm.document["cluster"]["extId"] if site is protection.site else protection.cluster
    for moment in protection.moments():
        held = past.at(protection.site, vm, moment)
        key, more = _named(protection, held, moment)
        yield Point(describe(protection.site, key, cluster, {vm.id: held}, moment, **more), protection.site, {vm.id: held})


def _named(protection: Protection, held: Document, moment: float) -> tuple[str, Document]:
    """The key of a point that a policy took, and what it is called."""
    key = f"{protection.policy.id} {protection.vm.id} {protection.cluster} {moment:.3f}"
    name = f"{protection.policy.document['name']} {held['name']} {timestamp(moment)}"
    return key, {"name": name, "recoveryPointType": protection.schedule["recoveryPointType"]}


def describe(origin: Site, key: str, cluster: str, held: dict[str, Document], moment: float, **more: Any) -> Document:
    """A ``RecoveryPoint``; ``key`` is the same for all copies of one point."""
    source = next(iter(held.values()))["cluster"]["extId"]
    common = {"creationTime": timestamp(moment), "status": "COMPLETE", "recoveryPointType": "CRASH_CONSISTENT", **more}
    where = {"sourceLocation": {"domainManagerExtId": origin.domain_manager_id, "clusterExtIds": [source]}}
    return {
        "extId": _id(key, cluster), "locationAgnosticId": _id(key), "ownerExtId": ADMIN, "locationReferences": [{"locationExtId": cluster}],
        "isSecure": False, **common, **where, "vmRecoveryPoints": [{**_of_vm(key, cluster, vm), **common, **where} for vm in held.values()],
    }  # fmt: skip


def _of_vm(key: str, cluster: str, vm: Document) -> Document:
    disks = [
        {"diskExtId": disk["backingInfo"]["diskExtId"], "diskRecoveryPointExtId": _id(key, cluster, disk["backingInfo"]["diskExtId"])}
        for disk in vm.get("disks") or ()
    ]
    return {
        "extId": _id(key, cluster, vm["extId"]), "locationAgnosticId": _id(key, vm["extId"]), "vmExtId": vm["extId"], "hypervisorType": "AHV",
        "vmCategories": [entry["extId"] for entry in vm.get("categories") or ()], "diskRecoveryPoints": disks,
    }  # fmt: skip


def _id(*parts: str) -> str:
    return str(uuid5(NAMESPACE_OID, "recovery point " + " ".join(parts)))


def outlive(protection: Protection, held: Document, moment: float) -> None:
    """Store the point at the target that a VM was restored from: it stays there when the VM at the source is no longer protected."""
    if protection.objective:
        key, more = _named(protection, held, moment)
        keep(protection.target, protection.site, key, protection.cluster, {protection.vm.id: held}, moment, **more)


def keep(site: Site, origin: Site, key: str, cluster: str, held: dict[str, Document], moment: float, **more: Any) -> Record:
    """Store a recovery point that a person made, or a copy of one."""
    document = describe(origin, key, cluster, held, moment, **more)
    return site.put(KIND, {**document, "_held": held, "_origin": origin.domain_manager_id, "_key": key, "_moment": moment})
