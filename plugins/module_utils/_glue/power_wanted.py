# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which recovered VMs are to be powered on: none, all, or those that ran when the baseline was made. Knows the options only."""

from __future__ import annotations

import typing as t

from .._entities.registry import ENTITIES
from .._evidence.baseline import read_baseline

NONE, AS_BEFORE, ALL = "none", "as_before", "all"

Spec = dict[str, dict[str, t.Any]]


def power_spec() -> Spec:
    return {"power_on": {"type": "str", "choices": [NONE, AS_BEFORE, ALL], "default": NONE}, "baseline": {"type": "path"}}


def power_rules() -> list[tuple[str, str, tuple[str, ...]]]:
    """For required_if."""
    return [("power_on", AS_BEFORE, ("baseline",))]


def wanted_power(params: t.Mapping[str, t.Any]) -> t.Callable[[str], bool] | None:
    """Whether a VM of this name is to run; None if none is to be touched. Raises InvalidInput for a baseline that is not as it was exported."""
    if params["power_on"] == NONE:
        return None
    if params["power_on"] == ALL:
        return lambda name: True
    vms = read_baseline(params["baseline"], ENTITIES).content.membership.get("vms") or ()
    ran = {str(vm["name"]) for vm in vms if str(vm.get("power") or "").lower() == "on"}
    return lambda name: name in ran
