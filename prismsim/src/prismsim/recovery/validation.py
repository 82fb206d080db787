# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against running a recovery plan now: errors that block it and warnings that may be ignored. Reads only.

The codes are prismsim's own: those of the vendor are not published.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from prismsim.objects import Document, Record
from prismsim.recovery import protection
from prismsim.recovery.members import Route, Stage
from prismsim.recovery.networks import connection
from prismsim.relocation import category_names, container_like
from prismsim.site import Site


@dataclass(frozen=True)
class Asked:
    """What a call wants of a plan."""

    site: Site
    plan: Record
    action: str
    ways: list[Route]
    stages: list[Stage]
    live: bool = False
    #: Recover what was then, seconds since the epoch.
    reference_time: float | None = None

    @property
    def test(self) -> bool:
        """Whether VMs are only copied into isolated networks."""
        return self.action == "TEST_FAILOVER"

    @property
    def needs_source(self) -> bool:
        """Whether the source must answer."""
        return self.action == "PLANNED_FAILOVER"

    @property
    def vms(self) -> list[tuple[Route, Record]]:
        """All VMs, in the order of the stages."""
        return [pair for stage in self.stages for pair in stage.vms]


def findings(asked: Asked) -> list[Document]:
    """All findings as ``RecoveryPlanValidationError`` documents."""
    found = [*_sites(asked), *_plan(asked)]
    for way, vm in asked.vms:
        found += [*_points(asked, way, vm), *_networks(asked, way, vm), *_storage(way, vm), *_categories(way, vm), *_copies(asked, way, vm)]
    return found


def _finding(code: str, group: str, severity: str, message: str, about: list[tuple[str, str, str]], cause: str, resolution: str, impact: str) -> Document:
    entities = [{"entityType": kind, "extId": ext_id, "name": name} for kind, ext_id, name in about]
    analysis = {"cause": cause, "resolutions": [resolution], "impacts": [impact]}
    return {
        "extId": str(uuid.uuid4()), "errorCode": code, "errorGroup": group, "severity": severity, "message": message,
        "affectedEntities": entities, "rootCauseAnalysis": analysis,
    }  # fmt: skip


def _sites(asked: Asked) -> Iterator[Document]:
    for way in asked.ways:
        down = asked.site.outages.down_since(way.cluster) is not None
        if down:
            name = _name(way.target, "cluster", way.cluster)
            yield _finding(
                "CLUSTER_NOT_AVAILABLE", "INFRASTRUCTURE", "ERROR", f"The cluster {name} does not answer.", [("CLUSTER", way.cluster, name)],
                "The cluster on which the VMs are to appear is down.", "Bring the cluster back.", "No VM can be recovered.",
            )  # fmt: skip
        if asked.needs_source and not way.source.answers:
            yield _finding(
                "SITE_NOT_REACHABLE", "CONNECTIVITY", "ERROR", f"{way.source.name} cannot be reached.",
                [("AVAILABILITY_ZONE", way.source.domain_manager_id, way.source.name)],
                "The source of a planned failover does not answer.", "Bring it back, or make an unplanned failover.", "No VM can be migrated.",
            )  # fmt: skip


def _plan(asked: Asked) -> Iterator[Document]:
    plan = ("RECOVERY_PLAN", asked.plan.id, str(asked.plan.document["name"]))
    if not asked.vms:
        yield _finding(
            "NOTHING_TO_RECOVER", "ENTITY", "ERROR", f"The recovery plan {plan[2]} has no VM at its source.", [plan],
            "No stage names a VM that runs at the source.", "Check the direction and the stages.", "Nothing would be recovered.",
        )  # fmt: skip
    for stage in asked.stages:
        for ext_id in stage.lost:
            yield _finding(
                "VM_NOT_FOUND", "ENTITY", "WARNING", f"The VM {ext_id} of stage {stage.record.id} does not exist.", [("VM", ext_id, "")],
                "The stage names a VM that is nowhere.", "Remove it from the stage.", "It is not recovered.",
            )  # fmt: skip
    left = [vm for way in asked.ways for vm in way.target.objects.all("vm") if vm.document.get(protection.TEST_OF) == asked.plan.id]
    if left:
        yield _finding(
            "TEST_VMS_LEFT", "ENTITY", "ERROR" if asked.test else "WARNING", f"{len(left)} VMs of an earlier test failover are still there.",
            [("VM", vm.id, vm.document["name"]) for vm in left],
            "The last test was not cleaned up.", "Clean up the resources of the recovery plan.", "Another test cannot start.",
        )  # fmt: skip


def _points(asked: Asked, way: Route, vm: Record) -> Iterator[Document]:
    name, about = str(vm.document["name"]), [("VM", vm.id, str(vm.document["name"]))]
    found = protection.to(way.source, vm, way.target)
    if found is None:
        yield _finding(
            "VM_NOT_PROTECTED", "ENTITY", "ERROR", f"The VM {name} is not protected at {way.target.name}.", about,
            "No protection policy covers the VM in this direction, or its protection is paused.", "Give it a category of a protection policy.",
            "It cannot be recovered.",
        )  # fmt: skip
        return
    if asked.live and (found.objective or found.status != "IN_SYNC"):
        yield _finding(
            "NOT_SYNCHRONOUS", "ENTITY", "ERROR", f"The VM {name} is not replicated synchronously.", about,
            "Live migration needs synchronous replication in step.", "Migrate it without live migration.", "It cannot be moved while it runs.",
        )  # fmt: skip
    if asked.needs_source and way.source.answers and found.cut_since is None:
        return  # the last recovery point is taken by the failover itself
    if found.moment(asked.reference_time) is None:
        yield _finding(
            "RECOVERY_POINT_MISSING", "RECOVERY_POINT", "ERROR", f"The VM {name} has no recovery point at {way.target.name}.", about,
            "Nothing was replicated (by the reference time).", "Wait for the first replication or choose another time.", "It cannot be recovered.",
        )  # fmt: skip
    elif found.status == "OUT_OF_SYNC" and not asked.reference_time:
        yield _finding(
            "RECOVERY_POINT_TOO_OLD", "RECOVERY_POINT", "WARNING",
            f"The newest recovery point of the VM {name} is {int(found.lag or 0)} s old; the objective is {found.objective} s.", about,
            "Replication is interrupted or behind.", "Let the replication catch up.", "More is lost than the objective allows.",
        )  # fmt: skip


def _networks(asked: Asked, way: Route, vm: Record) -> Iterator[Document]:
    for nic in vm.document.get("nics") or ():
        found = connection(asked.site, asked.plan, way, nic, asked.test)
        source = str(found.source.document["name"]) if found.source else "?"
        about = [("VM", vm.id, str(vm.document["name"])), ("SUBNET", nic["networkInfo"]["subnet"]["extId"], source)]
        if found.mapping is None:
            what = "test network" if asked.test else "network"
            yield _finding(
                "NETWORK_NOT_MAPPED", "NETWORK", "ERROR", f"The network {source} of the VM {vm.document['name']} has no {what} at {way.target.name}.",
                about, "No network mapping of the plan names the network.", "Add a network mapping.", "The VM would have no network.",
            )  # fmt: skip
        elif found.subnet is None:
            yield _finding(
                "NETWORK_NOT_FOUND", "NETWORK", "ERROR", f"The network {found.wanted} does not exist at {way.target.name}.", about,
                "The network mapping names a network that is not there, or not on the cluster.", "Create the network or change the mapping.",
                "The VM would have no network.",
            )  # fmt: skip


def _categories(way: Route, vm: Record) -> Iterator[Document]:
    for name in category_names(way.source, vm.document.get("categories", [])):
        if not way.target.objects.named("category", name):
            yield _finding(
                "CATEGORY_NOT_FOUND", "CATEGORY", "WARNING", f"The category {name} of the VM {vm.document['name']} does not exist at {way.target.name}.",
                [("VM", vm.id, str(vm.document["name"]))], "The category was not replicated.", f"Create {name} there.",
                "The VM is recovered without it, and policies that select by it do not secure it.",
            )  # fmt: skip


def _storage(way: Route, vm: Record) -> Iterator[Document]:
    old = [disk["backingInfo"]["storageContainer"]["extId"] for disk in vm.document.get("disks") or ()]
    if any(container_like(way.source, way.target, way.cluster, ext_id) is None for ext_id in old):
        name = _name(way.target, "cluster", way.cluster)
        yield _finding(
            "NO_STORAGE_CONTAINER", "INFRASTRUCTURE", "ERROR", f"The cluster {name} has no storage container.", [("CLUSTER", way.cluster, name)],
            "There is nowhere to put the disks.", "Create a storage container.", "The VM cannot be recovered.",
        )  # fmt: skip


def _copies(asked: Asked, way: Route, vm: Record) -> Iterator[Document]:
    """What is already at the target: copies that an earlier failover gave up there."""
    for copy in [] if asked.test else old_copies(way.target, vm):
        runs = copy.document["powerState"] == "ON"
        yield _finding(
            "OLD_COPY_RUNS" if runs else "OLD_COPY_REPLACED", "ENTITY", "ERROR" if runs else "WARNING",
            f"The old copy of the VM {vm.document['name']} at {way.target.name} is powered {'on' if runs else 'off'}.",
            [("VM", copy.id, str(copy.document["name"]))], "An earlier failover gave it up.",
            "Power it off." if runs else "Nothing, if it may be overwritten.",
            "Both would run." if runs else "It is overwritten.",
        )  # fmt: skip


def old_copies(target: Site, vm: Record) -> list[Record]:
    """The copies of the same VM that an earlier failover gave up at a site."""
    same = vm.document.get("biosUuid")
    return [each for each in target.objects.all("vm") if protection.GIVEN_UP in each.document and each.document.get("biosUuid") == same]


def _name(site: Site, kind: str, ext_id: str) -> str:
    record = site.objects.find(kind, ext_id)
    return str(record.document["name"]) if record else ext_id
