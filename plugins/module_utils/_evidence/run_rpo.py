# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much data was lost: the age of the recovery points that the VMs were started from, by the record of a run. Pure."""

from __future__ import annotations

import typing as t

from .record import Event

Data = dict[str, t.Any]


def recovery_points(events: t.Iterable[Event], targets: t.Mapping[str, t.Any]) -> Data | None:
    """``vms`` with ``seconds`` lost (None: nobody can tell), ``max_seconds``, ``target_minutes`` and whether that was ``met``; None if no VM
    was recovered by what leaves such a record. ``met`` is None without a target, and where it can't be told of a VM."""
    found: dict[str, Data] = {}
    for event in events:
        for vm in event.data.get("recovered") or () if event.type == "check" else ():
            name = str(vm["vm"])
            # Who asks later may be told less: the newest answer that says something counts.
            if vm.get("seconds") is not None or name not in found:
                found[name] = {key: vm.get(key) for key in ("vm", "seconds", "point", "source")}
    if not found:
        return None
    limit = targets.get("rpo_minutes")
    vms = [{**vm, "met": _met([vm], limit)} for _name, vm in sorted(found.items())]
    known = [vm["seconds"] for vm in vms if vm["seconds"] is not None]
    return {
        "target_minutes": limit,
        "max_seconds": max(known, default=None),
        "unknown": len(vms) - len(known),
        "met": _met(vms, limit),
        "vms": sorted(vms, key=lambda vm: (vm["seconds"] is not None, -(vm["seconds"] or 0), vm["vm"])),
    }


def _met(vms: t.Sequence[Data], limit: float | None) -> bool | None:
    if limit is None:
        return None
    if any(vm["seconds"] is not None and vm["seconds"] > limit * 60 for vm in vms):
        return False
    return None if any(vm["seconds"] is None for vm in vms) else True
