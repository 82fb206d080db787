# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What recovery does to VMs: they appear at the target, leave the source or are given up there. Knows no job and no time."""

from __future__ import annotations

import uuid
from typing import Any

from prismsim.crud import children
from prismsim.objects import Document, Record
from prismsim.recovery import mirror
from prismsim.recovery.protection import GIVEN_UP, PAUSED_BY, TEST_OF
from prismsim.relocation import categories_named, category_names, container_like, disk_in
from prismsim.site import Site

#: The parts of a plan that name VMs.
_PARTS = ("recovery_stage", "recovery_setting")


def appear(source: Site, target: Site, cluster: str, held: Document, nics: list[Document], *, power: str, keeps_id: bool, marks: Document) -> Record:
    """Register a VM at the target from what a recovery point holds; copies that were given up there are overwritten.

    Categories are those of the recovery point, as far as they exist at the target. ``marks`` are members that are never shown.
    """
    for copy in [vm for vm in target.objects.all("vm") if GIVEN_UP in vm.document and vm.document.get("biosUuid") == held.get("biosUuid")]:
        if TEST_OF not in marks:
            target.objects.remove(copy)
    free = target.objects.find("vm", held["extId"]) is None
    containers = [container_like(source, target, cluster, disk["backingInfo"]["storageContainer"]["extId"]) for disk in held.get("disks", ())]
    document = {
        **{key: value for key, value in held.items() if key not in (GIVEN_UP, PAUSED_BY, TEST_OF)},
        "extId": held["extId"] if keeps_id and free else str(uuid.uuid4()),
        "cluster": {"extId": cluster},
        "categories": categories_named(target, category_names(source, held.get("categories", []))),
        "nics": nics,
        "disks": [disk_in(disk, container.id) for disk, container in zip(held.get("disks", ()), containers, strict=True) if container],
        "powerState": power,
        "updateTime": target.now(),
        **marks,
    }
    return target.put("vm", {key: value for key, value in document.items() if value not in (None, [])})


def leave(source: Site, ext_id: str) -> None:
    """The VM is gone from the source."""
    vm = source.objects.find("vm", ext_id)
    if vm is not None:
        source.objects.remove(vm)


def give_up(source: Site, ext_id: str, recovered_as: str) -> None:
    """The VM stays at the source as it is, but it is no longer the one that counts: not protected, not recovered again."""
    change(source, ext_id, **{GIVEN_UP: recovered_as}, **({"powerState": "OFF"} if _powers_off(source) else {}))


def _powers_off(source: Site) -> bool:
    return source.answers and source.switches.unplanned_failover_powers_off


def change(site: Site, ext_id: str, **members: Any) -> None:
    """Replace members of a VM; None removes one."""
    vm = site.objects.find("vm", ext_id)
    if vm is not None:
        merged = {**vm.document, **members, "updateTime": site.now()}
        site.put("vm", {key: value for key, value in merged.items() if value is not None})


def reassign(site: Site, plan: Record, old: str, new: str) -> None:
    """Let the parts of a plan that name a VM name the one that it was recovered as."""
    for part in [part for kind in _PARTS for part in children(site, plan, kind)]:
        document = _replaced(part.document, old, new)
        if document != part.document:
            mirror.copy(site, site.put(part.kind, document), False)


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value == old else value


def pause(site: Site, plan: Record, vms: list[str], paused: bool) -> None:
    """Pause or resume the protection of what a plan has recovered."""
    mirror.copy(site, site.put("recovery_plan", {**plan.document, "isProtectionPausedPostFailover": paused}), False)
    for ext_id in vms:
        change(site, ext_id, **{PAUSED_BY: plan.id if paused else None})


def clean_up(site: Site, plan: str) -> list[Record]:
    """Remove the VMs that test failovers of a plan made; those that were there."""
    found = [vm for vm in site.objects.all("vm") if vm.document.get(TEST_OF) == plan]
    for vm in found:
        site.objects.remove(vm)
    return found
