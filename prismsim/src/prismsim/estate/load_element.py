# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the checked document to the shapes of ``model_element``: clusters with all they hold, and links."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prismsim.estate.model import Cluster
from prismsim.estate.model_element import Alert, Disk, Link, ProtectionDomain, RemoteSite, StorageContainer, VolumeGroup

_PARTS: dict[str, Any] = {"remote_sites": RemoteSite, "protection_domains": ProtectionDomain, "alerts": Alert}


def cluster(entry: dict[str, Any]) -> Cluster:
    """One cluster of a site."""
    whole = _tuples(entry)
    for name, shape in _PARTS.items():
        whole[name] = tuple(shape(**_tuples(part)) for part in entry.get(name) or ())
    whole["volume_groups"] = tuple(
        VolumeGroup(part["name"], disks(part), tuple(part.get("attached_to") or ())) for part in entry.get("volume_groups") or ()
    )
    if "storage_containers" in entry:
        whole["storage_containers"] = tuple(
            StorageContainer(part) if isinstance(part, str) else StorageContainer(**part) for part in entry["storage_containers"]
        )
    return Cluster(**whole)


def disks(owner: dict[str, Any]) -> tuple[Disk, ...]:
    """The disks of a VM or a volume group."""
    return tuple(Disk(**disk) for disk in owner.get("disks") or ())


def links(entries: Iterable[dict[str, Any]]) -> tuple[Link, ...]:
    """The links between clusters."""
    return tuple(Link(entry["from"], entry["to"], **_without(_tuples(entry), "from", "to")) for entry in entries)


def _without(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in names}


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
