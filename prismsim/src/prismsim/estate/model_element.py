# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of what an estate says of Prism Element: storage, remote sites, protection domains, links between clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class StorageContainer:
    """A storage container; it holds one vStore of its own name."""

    name: str
    capacity_gib: int = 40000
    used_gib: int = 0


@dataclass(frozen=True)
class Disk:
    """A disk of a VM or a volume group in one of the cluster's storage containers."""

    container: str
    gib: int = 40


@dataclass(frozen=True)
class VolumeGroup:
    """A volume group; ``attached_to`` names VMs."""

    name: str
    disks: tuple[Disk, ...] = ()
    attached_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemoteSite:
    """One half of a pair. ``cluster`` is ``site/cluster``; ``addresses`` are its virtual IP when left out."""

    name: str
    cluster: str | None = None
    addresses: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ("BACKUP", "DISASTER_RECOVERY")
    vstore_map: Mapping[str, str] = field(default_factory=dict)
    network_map: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProtectionDomain:
    """A protection domain that is active on its cluster; ``schedules`` are v2.0 bodies."""

    name: str
    vms: tuple[str, ...] = ()
    volume_groups: tuple[str, ...] = ()
    schedules: tuple[Mapping[str, Any], ...] = ()
    metro: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Alert:
    """An alert that stands at start; ``message`` is a template with ``{name}`` slots which ``context`` fills."""

    title: str
    message: str
    context: Mapping[str, str] = field(default_factory=dict)
    severity: str = "kWarning"
    entity_type: str = "cluster"
    entity_name: str = ""
    resolved: bool = False


@dataclass(frozen=True)
class Link:
    """What passes from one cluster to another; no ``megabytes_per_second`` means that nothing takes time."""

    source: str
    target: str
    ports: tuple[int, ...] = (2009, 2020)
    megabytes_per_second: float | None = None
    latency_ms: float = 1.0
