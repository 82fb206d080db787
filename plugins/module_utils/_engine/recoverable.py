# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recovery plan would recover at a Prism Central now, and how old that is. Reads, never writes."""

from __future__ import annotations

import typing as t
from datetime import datetime

from .._model.entity import Canonical
from .._model.form_categories import category_names
from .._prism.parallel import in_threads
from .protected_vms import Data, newest_points, read_resource, state_of

if t.TYPE_CHECKING:
    from .recovery_site import RecoverySite

# VMs asked for at the same time. The throttle of the client decides how fast their calls go.
_AT_ONCE = 4


class Vm(t.NamedTuple):
    """A VM that runs elsewhere."""

    name: str
    ext_id: str
    categories: frozenset[str]


def vms_elsewhere(site: RecoverySite) -> list[Vm]:
    """The VMs at the other Prism Centrals that are known, sorted by name. Raises DrError."""
    found = []
    for other in site.others:
        other.load(["category"])
        for body in other.client.list("vmm", "ahv/config/vms"):
            ids = [str(item.get("extId")) for item in body.get("categories") or ()]
            names = frozenset(other.directory.name_of("category", ext_id) for ext_id in ids if other.directory.has_id("category", ext_id))
            found.append(Vm(str(body.get("name") or ""), str(body["extId"]), names))
    return sorted(found)


def members(plan: Canonical, vms: t.Iterable[Vm]) -> list[tuple[int, Vm]]:
    """The VMs of a plan with the priority of their stage: each belongs to the first one that names it."""
    found = []
    for vm in vms:
        for stage in plan.get("stages", ()):
            if vm.name in stage.get("vms", ()) or vm.categories.intersection(category_names(stage.get("categories", {}))):
                found.append((int(stage["priority"]), vm))
                break
    return sorted(found)


class Recoverable:
    """Answers for many plans with one listing of VMs and one of recovery points."""

    def __init__(self, site: RecoverySite, now: datetime) -> None:
        self._site, self._now = site, now
        self._vms = vms_elsewhere(site)
        self._points = newest_points(site.client)
        self._own = site.identity_of(site).ext_id

    def of(self, plan: Canonical) -> list[Data]:
        """Each VM of the plan that isn't here, with its stage and the state of its replication to here."""
        found = members(plan, self._vms)
        states = in_threads(lambda one: self._state(one[1]), found, threads=_AT_ONCE)
        return [{"name": vm.name, "ext_id": vm.ext_id, "priority": priority, **state} for (priority, vm), state in zip(found, states, strict=True)]

    def _state(self, vm: Vm) -> Data:
        return state_of(read_resource(self._site.client, vm.ext_id), self._points.get(vm.ext_id), self._own, self._now)
