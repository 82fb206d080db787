# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a plan goes: which VMs it secures differently, how much it deletes; and the refusal beyond the limits. Pure."""

from __future__ import annotations

import typing as t

from .._errors import SafetyLimit
from .._model.entity import Canonical
from .._segmentation.coverage import Coverage, secured_by
from .plan import CREATE, DELETE, Plan
from .site_map import Limits

_SHOWN = 10


class BlastRadius(t.NamedTuple):
    """``names``: VMs secured by other rules or in another mode than before, of ``vms`` in all."""

    vms: int
    names: tuple[str, ...]
    deletes: int

    @property
    def changed(self) -> int:
        return len(self.names)

    @property
    def percent(self) -> int:
        """Share of the VMs, rounded up: one VM of a thousand is not nothing."""
        return -(-100 * self.changed // self.vms) if self.vms else 0

    def as_result(self) -> dict[str, t.Any]:
        """The shape in which modules return it."""
        return {"vms": self.vms, "changed": self.changed, "percent": self.percent, "deletes": self.deletes, "names": list(self.names)}


def blast_radius(plan: Plan, current: t.Mapping[str, t.Sequence[Canonical]], vms: t.Sequence[t.Mapping[str, t.Any]]) -> BlastRadius:
    """What ``plan`` means for these VMs of the target. ``current`` has its canonical objects by kind, before the plan;
    ``vms`` are as ``inventory.vms`` gives them."""
    touched = _touched_rules(plan)
    before = _secured(current, vms, touched)
    after = _secured(after_plan(plan, current), vms, touched)
    names = sorted(name for name in {*before, *after} if before.get(name, set()) != after.get(name, set()))
    return BlastRadius(len(vms), tuple(names), plan.count(DELETE))


def check_limits(radius: BlastRadius, limits: Limits, *, site: str) -> None:
    """Raises SafetyLimit that names every limit that is passed."""
    passed = []
    if radius.percent > limits.max_vm_percent:
        shown = ", ".join(radius.names[:_SHOWN]) + (", ..." if radius.changed > _SHOWN else "")
        passed.append(f"{radius.changed} of {radius.vms} VMs ({radius.percent} %, allowed {limits.max_vm_percent} %) would be secured differently: {shown}")
    if radius.deletes > limits.max_deletes:
        passed.append(f"{radius.deletes} objects would be deleted (allowed {limits.max_deletes})")
    if passed:
        raise SafetyLimit("; ".join(passed), verb="plan", site=site, fix="Look at the plan with --check --diff, then raise the limit for this run")


def after_plan(plan: Plan, current: t.Mapping[str, t.Sequence[Canonical]]) -> dict[str, list[Canonical]]:
    """The objects that a site has once the plan is done."""
    steps = {(step.kind, step.name): step for step in plan.steps}
    found: dict[str, list[Canonical]] = {}
    for kind, items in current.items():
        for item in items:
            step = steps.get((kind, str(item.get("name") or f"{item.get('key')}/{item.get('value')}")))
            if step is None:
                found.setdefault(kind, []).append(item)
    for step in plan.steps:
        if step.after is not None:
            found.setdefault(step.kind, []).append(step.after)
    return found


def _touched_rules(plan: Plan) -> set[str] | None:
    """Names of the rules whose coverage the plan can change; None: of any rule, for a group of members changes."""
    if any(step.kind in ("entity_group", "address_group") and step.verb != CREATE for step in plan.steps):
        return None
    return {step.name for step in plan.steps if step.kind == "security_rule"}


def _secured(
    objects: t.Mapping[str, t.Sequence[Canonical]], vms: t.Sequence[t.Mapping[str, t.Any]], touched: set[str] | None
) -> dict[str, set[Coverage]]:
    """VM name -> the touched rules that act on it, each with its mode and NIC."""
    rules = [rule for rule in objects.get("security_rule", ()) if touched is None or rule["name"] in touched]
    if not rules or not vms:
        return {}
    covered = secured_by(rules, objects.get("entity_group", ()), vms, objects.get("address_group", ()))
    return {name: set(found) for name, found in covered.items()}
