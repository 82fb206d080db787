# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Powers VMs of a cluster on after they were recovered there. Those that run are left alone; none is ever powered off."""

from __future__ import annotations

import typing as t

from .._errors import DeadlineExceeded, DrError
from .._prism.element_domains import may_pass

if t.TYPE_CHECKING:
    from .._prism.element_domains import Domains

_WAIT = 1.0
_TRIES = 3


class Power(t.NamedTuple):
    """A VM of a protection domain as the cluster sees it."""

    name: str
    uuid: str
    on: bool


def powers(domains: Domains, names: t.Collection[str]) -> list[Power]:
    """The VMs that are in any of these protection domains, by name."""
    found = [
        Power(str(vm.get("vmName")), str(vm.get("uuid")), str(vm.get("powerState") or "").lower() == "on")
        for vm in domains.vms()
        if vm.get("protectionDomainName") in names
    ]
    return sorted(found)


def power_on(domains: Domains, names: t.Collection[str], wanted: t.Callable[[str], bool], *, deadline: float, before: t.Callable[[str], None]) -> list[str]:
    """Power on the wanted VMs of these protection domains that are off, and wait until they run; their names.

    Raises DeadlineExceeded with the names of those that didn't start, and what the cluster refuses.
    """
    element = domains.element
    until = element.clock() + deadline
    started: list[str] = []
    tries: dict[str, int] = {}
    while True:
        off = [power for power in powers(domains, names) if not power.on and wanted(power.name)]
        if not off:
            return started
        if element.clock() >= until:
            missing = ", ".join(power.name for power in off)
            fix = "Look at their tasks in Prism, then run again"
            raise DeadlineExceeded(f"not running in time: {missing}", verb="power on", kind="vm", site=domains.site, fix=fix)
        for power in off:
            if power.name not in started:
                _start(domains, power, tries, before)
                started.append(power.name)
        element.sleep(_WAIT)


def _start(domains: Domains, power: Power, tries: dict[str, int], before: t.Callable[[str], None]) -> None:
    before(power.name)
    while True:
        try:
            domains.power_on(power.uuid)
            return
        except DrError as error:
            tries[power.name] = tries.get(power.name, 0) + 1
            if tries[power.name] >= _TRIES or not may_pass(error):
                raise error.about(verb="power on", kind="vm", name=power.name, site=domains.site) from error
            # Powering on what runs already changes nothing: it may be sent again.
            domains.element.sleep(_WAIT)
