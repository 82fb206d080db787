# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a baseline notes beside its objects: each VM with its networks and what secures it, and what native sync carries. Pure."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .._segmentation.coverage import Coverage, secured_by
from .native_sync import Synced

Vm = t.Mapping[str, t.Any]


def membership(objects: t.Mapping[str, t.Sequence[Canonical]], vms: t.Sequence[Vm], synced: t.Sequence[Synced]) -> dict[str, t.Any]:
    """``{vms: [...], entity_sync: [...]}``, plain data without ids, in stable order.

    ``objects`` are all readable ones of the site by kind (not only those in scope), ``vms`` as ``inventory.vms`` gives them.
    A VM: ``{name, power, categories, nics: [{subnet, vpc, kind, advanced, ip}], secured_by: [{rule, mode, nics}]}``; no empty parts.
    """
    secured = coverage(objects, vms)
    return {
        "vms": [_vm(vm, secured[vm_label(vm, secured)]) for vm in vms],
        "entity_sync": [item.as_result() for item in synced],
    }


def coverage(objects: t.Mapping[str, t.Sequence[Canonical]], vms: t.Sequence[Vm]) -> dict[str, list[Coverage]]:
    """What secures each VM; see ``secured_by``."""
    return secured_by(objects.get("security_rule", ()), objects.get("entity_group", ()), vms, objects.get("address_group", ()))


def vm_label(vm: Vm, secured: t.Mapping[str, t.Any]) -> str:
    """The name under which ``secured_by`` lists a VM: its own, or with its id where several share it."""
    name = str(vm["name"])
    return name if name in secured else f"{name} ({vm.get('ext_id', '')})"


def rules_of(found: t.Iterable[Coverage]) -> list[dict[str, t.Any]]:
    """Coverage of one VM by rule: ``{rule, mode, nics: [place]}``."""
    places: dict[tuple[str, str], list[int]] = {}
    for one in found:
        places.setdefault((one.rule, one.mode), []).append(one.nic)
    return [{"rule": rule, "mode": mode, "nics": sorted(nics)} for (rule, mode), nics in sorted(places.items())]


def _vm(vm: Vm, found: t.Iterable[Coverage]) -> dict[str, t.Any]:
    nics = [{key: nic[key] for key in ("subnet", "vpc", "kind", "advanced", "ip") if nic.get(key)} for nic in vm["nics"]]
    data = {"name": vm["name"], "power": vm["power"], "categories": list(vm["categories"]), "nics": nics, "secured_by": rules_of(found)}
    return {key: value for key, value in data.items() if value}
