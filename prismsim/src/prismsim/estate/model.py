# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a loaded estate: what exists where. Knows nothing of files, of the API or of a running world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prismsim.estate.model_element import Alert, Disk, Link, ProtectionDomain, RemoteSite, StorageContainer, VolumeGroup

#: A v4 API body (camelCase, newest minor) in which each id is still a reference string such as ``@category:AppType/Web``.
Body = Mapping[str, Any]


@dataclass(frozen=True)
class PrismCentral:
    """The Prism Central of a site; ``release`` decides which API minors it speaks (contract/v4 section 1)."""

    name: str
    release: str
    username: str = "admin"
    password: str = "prismsim/4u"
    api_keys: tuple[str, ...] = ()
    flex_mode: bool = False


@dataclass(frozen=True)
class Cluster:
    """A cluster; the only place where a VM can run. The credentials are those of Prism Element."""

    name: str
    virtual_ip: str | None = None
    cvm_ips: tuple[str, ...] = ()
    data_services_ip: str | None = None
    username: str | None = None
    password: str | None = None
    number: int | None = None
    incarnation: int | None = None
    version: str = "7.0.1"
    hypervisor: str = "kKvm"
    clock_offset_seconds: float = 0.0
    snapshot_seconds: float = 0.0
    storage_containers: tuple[StorageContainer, ...] = (StorageContainer("default"),)
    volume_groups: tuple[VolumeGroup, ...] = ()
    remote_sites: tuple[RemoteSite, ...] = ()
    protection_domains: tuple[ProtectionDomain, ...] = ()
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True)
class Category:
    """One key and value; ``type`` is USER or SYSTEM."""

    key: str
    value: str
    description: str | None = None
    type: str = "USER"

    @property
    def name(self) -> str:
        """The name a reference uses: ``key/value`` (neither may hold a slash)."""
        return f"{self.key}/{self.value}"


@dataclass(frozen=True)
class Vpc:
    """A VPC; ``categories`` are reference strings."""

    name: str
    description: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subnet:
    """A VLAN subnet of a cluster or an overlay subnet of a VPC; ``type`` is ``vlan`` or ``overlay``."""

    name: str
    type: str
    vlan_id: int | None = None
    cluster: str | None = None
    vpc: str | None = None
    prefix: str | None = None
    gateway: str | None = None
    advanced: bool = True
    categories: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The name a reference or a NIC uses: ``vpc/subnet`` for an overlay subnet, else the plain name."""
        return f"{self.vpc}/{self.name}" if self.vpc else self.name


@dataclass(frozen=True)
class NetworkFunction:
    """A service VM that rules can send traffic through."""

    name: str
    description: str | None = None
    failure_handling: str = "FAIL_CLOSE"
    traffic_forwarding_mode: str = "INLINE"


@dataclass(frozen=True)
class Nic:
    """One NIC of a VM; ``subnet`` is a subnet's path, ``ip`` an address inside its prefix."""

    subnet: str
    ip: str | None = None


@dataclass(frozen=True)
class Vm:
    """A VM; ``power`` is ``on`` or ``off``, ``categories`` are reference strings in the order of association."""

    name: str
    cluster: str
    power: str = "on"
    categories: tuple[str, ...] = ()
    nics: tuple[Nic, ...] = ()
    disks: tuple[Disk, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class EntitySync:
    """One object that the two Prism Centrals keep in step by themselves (contract/v4 section 11)."""

    entity_type: str
    name: str
    remote_site: str
    status: str = "IN_SYNC"


@dataclass(frozen=True)
class Availability:
    """The sites whose Prism Centrals this one is registered with."""

    registered_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Site:
    """All that one Prism Central shows at start, system-defined objects included."""

    id: str
    prism_central: PrismCentral
    clusters: tuple[Cluster, ...] = ()
    categories: tuple[Category, ...] = ()
    vpcs: tuple[Vpc, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    network_functions: tuple[NetworkFunction, ...] = ()
    address_groups: tuple[Body, ...] = ()
    service_groups: tuple[Body, ...] = ()
    entity_groups: tuple[Body, ...] = ()
    security_policies: tuple[Body, ...] = ()
    protection_policies: tuple[Body, ...] = ()
    recovery_plans: tuple[Body, ...] = ()
    vms: tuple[Vm, ...] = ()
    entity_sync: tuple[EntitySync, ...] = ()
    availability: Availability = field(default_factory=Availability)


@dataclass(frozen=True)
class Estate:
    """The world at start: sites by id, links between clusters, the chosen switches, the faults armed from the beginning."""

    name: str
    sites: Mapping[str, Site]
    switches: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Mapping[str, Any], ...] = ()
    links: tuple[Link, ...] = ()
