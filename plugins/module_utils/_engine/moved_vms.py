# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs of one site in the words of the other, and VMs that aren't there yet as if they had been moved. Pure."""

from __future__ import annotations

import typing as t

from .._model.form_categories import category_names
from .site_map import SiteMap
from .translation import SiteTranslation

Vm = t.Mapping[str, t.Any]


class Words:
    """How names and addresses of ``source`` are called on ``target``. Without a map everything is called the same."""

    def __init__(self, site_map: SiteMap | None, source: str, target: str) -> None:
        self._map, self._source, self._target = site_map, source, target
        self._translation = SiteTranslation(site_map, source, target) if site_map else None

    def vm(self, vm: Vm) -> dict[str, t.Any]:
        """The VM in the words of the target; on its own networks still."""
        categories = vm.get("categories") or []
        names = category_names(categories) if isinstance(categories, t.Mapping) else categories
        return {
            **vm,
            "categories": sorted(self._plain("category", str(name)) for name in names),
            "nics": [self._nic(nic) for nic in vm.get("nics") or ()],
        }

    def subnet(self, name: str) -> str | None:
        """What the subnet is called there; None if the map doesn't say."""
        return self._map.name_on(self._target, self._source, "subnet", name) if self._map else name

    def _nic(self, nic: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        ip = nic.get("ip") or ""
        return {
            **nic,
            "subnet": self._own("subnet", nic.get("subnet") or ""),
            "vpc": self._own("vpc", nic.get("vpc") or ""),
            "ip": self._address(ip) if isinstance(ip, str) else [self._address(one) for one in ip],
            **{word: [self._plain("category", name) for name in nic.get(word) or ()] for word in ("subnet_categories", "vpc_categories")},
        }

    def _address(self, text: str) -> str:
        return self._translation.address(text) if self._translation and text else text

    def _plain(self, kind: str, name: str) -> str:
        return (self._map.name_on(self._target, self._source, kind, name) if self._map else None) or name

    def _own(self, kind: str, name: str) -> str:
        """A network that the map doesn't name must not be taken for one of the target that has the same name."""
        if not name or self._map is None or self._source == self._target:
            return name
        return self._map.name_on(self._target, self._source, kind, name) or f"{name} of {self._source}"


class Recovered(t.NamedTuple):
    """A VM that a recovery job made: what it is called, its id at the source and its id now."""

    name: str
    source: str
    recovered: str


def as_recovered(vms: t.Iterable[Vm], recovered: t.Iterable[Recovered], before: t.Iterable[Vm]) -> list[dict[str, t.Any]]:
    """VMs of the target under the names that they had ``before`` at the source, found by their ids. Others of these names
    only have them, and are left out."""
    known = {str(vm.get("ext_id") or ""): str(vm["name"]) for vm in before}
    names = {one.recovered: called for one in recovered if (called := known.get(one.source) or one.name)}
    here = [dict(vm) for vm in vms]
    taken = {names[str(vm["ext_id"])] for vm in here if str(vm.get("ext_id", "")) in names}
    found = []
    for vm in here:
        name = names.get(str(vm.get("ext_id", "")))
        if name is not None:
            found.append({**vm, "name": name})
        elif vm["name"] not in taken:
            found.append(vm)
    return sorted(found, key=lambda vm: str(vm["name"]))


def as_if_moved(
    vms: t.Iterable[Vm], words: Words, landings: t.Mapping[str, t.Mapping[str, t.Any]] | None
) -> tuple[list[dict[str, t.Any]], dict[str, list[str]]]:
    """VMs of the source as they would be on the target, with the same categories and on the subnets that the map names; and, by
    subnet without a counterpart, the VMs that would land nowhere and are not among the first."""
    moved: list[dict[str, t.Any]] = []
    lost: dict[str, list[str]] = {}
    for vm in vms:
        there = words.vm(vm)
        nics = []
        for old, nic in zip(vm.get("nics") or (), there["nics"], strict=True):
            subnet = words.subnet(str(old.get("subnet") or ""))
            landing = (landings or {}).get(subnet) if subnet else None
            if landing is None:
                lost.setdefault(str(old.get("subnet") or ""), []).append(str(vm["name"]))
            else:
                nics.append({**landing, "ip": nic["ip"]})
        if len(nics) == len(there["nics"]):
            moved.append({**there, "nics": nics})
    return moved, lost
