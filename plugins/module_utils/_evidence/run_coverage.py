# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many VMs were secured before and are now, by what the last look at each of them found. Pure; knows the shape of coverage checks."""

from __future__ import annotations

import typing as t

_LEVELS = ("enforced", "monitored", "not_secured")


def coverage(workloads: t.Sequence[t.Mapping[str, t.Any]]) -> dict[str, t.Any] | None:
    """``vms``, and ``before`` and ``after`` with how many of them are enforced, monitored or not secured; None without a look."""
    if not workloads:
        return None
    told: dict[str, t.Any] = {"vms": len(workloads)}
    for when, part in (("before", "expected"), ("after", "secured_by")):
        levels = [_level(vm.get(part) or {}) for vm in workloads]
        told[when] = {level: levels.count(level) for level in _LEVELS}
    return told


def _level(rules: t.Mapping[str, str]) -> str:
    """By the strongest of the rules that secure a VM."""
    modes = set(rules.values())
    return "enforced" if "enforce" in modes else "monitored" if "monitor" in modes else "not_secured"
