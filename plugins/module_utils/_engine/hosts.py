# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs of several sites as hosts of an inventory: what each is called, where it is reached, and in which groups it is. Pure; knows no Ansible.

VMs are as ``inventory.vms`` gives them.
"""

from __future__ import annotations

import ipaddress
import typing as t
from collections import Counter

from .._model.form_categories import from_category_names

Vm = t.Mapping[str, t.Any]
Sites = t.Mapping[str, t.Sequence[Vm]]
WHEN_NEEDED, ALWAYS = "when_needed", "always"
SITE_IN_NAME = (WHEN_NEEDED, ALWAYS)


class Host(t.NamedTuple):
    """``address`` is empty if none is known that suits. ``groups`` are names as people chose them, not yet fit for Ansible."""

    name: str
    address: str
    groups: tuple[str, ...]
    variables: dict[str, t.Any]


def hosts(sites: Sites, *, networks: t.Sequence[str] = (), site_in_name: str = WHEN_NEEDED) -> list[Host]:
    """All VMs of all sites, in order. ``networks``: subnets or prefixes in which the address is looked for, the best first; all if empty.

    A name that several VMs have is never given to one of them: these are called NAME.SITE, and twins of one site NAME.SITE.EXT_ID.
    """
    everywhere = Counter(str(vm["name"]) for vms in sites.values() for vm in vms)
    found = []
    for site, vms in sites.items():
        here = Counter(str(vm["name"]) for vm in vms)
        for vm in vms:
            name = str(vm["name"])
            parts = [name]
            if everywhere[name] > 1 or site_in_name == ALWAYS:
                parts.append(site)
            if here[name] > 1:
                parts.append(str(vm["ext_id"]))
            groups = (f"site_{site}", *(category.replace("/", "_", 1) for category in vm["categories"]))
            found.append(Host(".".join(parts), address_of(vm, networks), groups, _variables(site, vm)))
    return found


def address_of(vm: Vm, networks: t.Sequence[str] = ()) -> str:
    """The first address of a VM, or the first within the first of some subnets (by name) or prefixes that has any; empty if there is none.
    An address that holds on its own link only is none."""
    known = [(str(nic["subnet"]), address) for nic in vm["nics"] for address in _addresses(nic) if not ipaddress.ip_address(address).is_link_local]
    if not networks:
        return known[0][1] if known else ""
    return next((address for network in networks for subnet, address in known if _is_in(network, subnet, address)), "")


def unused_networks(sites: Sites, networks: t.Sequence[str]) -> list[str]:
    """Those of ``networks`` in which no VM has an address: perhaps misspelled."""
    return [network for network in networks if not any(address_of(vm, [network]) for vms in sites.values() for vm in vms)]


def _is_in(network: str, subnet: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return network == subnet


def _addresses(nic: t.Mapping[str, t.Any]) -> list[str]:
    ips = nic["ip"]
    return list(ips) if isinstance(ips, list) else [ips] if ips else []


def _variables(site: str, vm: Vm) -> dict[str, t.Any]:
    return {
        "prism_name": vm["name"],
        "prism_ext_id": vm["ext_id"],
        "prism_site": site,
        "prism_cluster": vm["cluster"],
        "prism_power": vm["power"],
        "prism_categories": from_category_names(vm["categories"]),
        "prism_nics": [{**{word: nic[word] for word in ("subnet", "kind", "vpc")}, "addresses": _addresses(nic)} for nic in vm["nics"]],
    }
