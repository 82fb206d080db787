# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many interfaces are secured, and why the others aren't. Counts what coverage tells; knows no flow."""

from __future__ import annotations

import typing as t

from .coverage import secured_by
from .members import is_basic
from .rules import Objects

ENFORCED, MONITORED, UNSECURED, BASIC_VLAN = "enforced", "monitored", "unsecured", "basic_vlan"
STATES = (ENFORCED, MONITORED, UNSECURED, BASIC_VLAN)


def census(objects: Objects, names: t.Container[str]) -> dict[str, int]:
    """Counts for the VMs of these names: ``vms``, ``interfaces``, each of the states (their sum is the interfaces), and
    ``without_address`` of them. Raises UnknownReference for a group that was not given."""
    vms = [vm for vm in objects.vms if vm["name"] in names]
    secured = secured_by(objects.rules, objects.entity_groups, vms, objects.address_groups)
    counts = {"vms": len(vms), "interfaces": 0, **dict.fromkeys(STATES, 0), "without_address": 0}
    for vm in vms:
        modes: dict[int, set[str]] = {}
        for one in secured[str(vm["name"])]:
            modes.setdefault(one.nic, set()).add(one.mode)
        for number, nic in enumerate(vm.get("nics") or ()):
            counts["interfaces"] += 1
            counts["without_address"] += not nic.get("ip")
            counts[_state(nic, modes.get(number, set()))] += 1
    return counts


def _state(nic: t.Mapping[str, t.Any], modes: set[str]) -> str:
    if "enforce" in modes:
        return ENFORCED
    if modes:
        return MONITORED
    return BASIC_VLAN if is_basic(nic) else UNSECURED
