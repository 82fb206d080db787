# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ends of flows on one site: interfaces of VMs and plain addresses, with everything that policies can see of them. Knows no policy."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from prismsim.estate.model import Site

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class End:
    """An interface of a VM, or, without ``vm``, an address that no VM has. Categories are reference strings, by who carries them."""

    address: Address
    vm: str = ""
    subnet: str = ""
    vpc: str = ""
    overlay: bool = False
    enforced: bool = False
    host: str = ""
    categories: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def family(self) -> int:
        return self.address.version

    def carries(self, kind: str, references: list[str]) -> bool:
        """Whether the VM, its SUBNET or its VPC has all of these categories."""
        return bool(references) and self.vm != "" and set(references) <= self.categories.get(kind, frozenset())


def outside(address: str) -> End:
    """An address that no VM has."""
    return End(ipaddress.ip_address(address))


def ends_of(site: Site) -> list[End]:
    """Every interface of a running VM that has an address."""
    subnets = {subnet.path: subnet for subnet in site.subnets}
    vpcs = {vpc.name: vpc for vpc in site.vpcs}
    found = []
    for number, vm in enumerate(site.vms):
        for nic in vm.nics:
            subnet = subnets[nic.subnet]
            if not nic.ip or vm.power != "on":
                continue
            vpc = vpcs[subnet.vpc].categories if subnet.vpc else ()
            found.append(
                End(
                    ipaddress.ip_address(nic.ip),
                    vm.name,
                    subnet.path,
                    subnet.vpc or "",
                    subnet.type == "overlay",
                    subnet.type == "overlay" or subnet.advanced,
                    f"{vm.cluster}-{number % 4 + 1}",
                    {"VM": frozenset(vm.categories), "SUBNET": frozenset(subnet.categories), "VPC": frozenset(vpc)},
                )
            )
    return found
