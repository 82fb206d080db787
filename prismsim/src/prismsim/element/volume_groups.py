# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volume groups: read only here; protection domains carry them from cluster to cluster."""

from __future__ import annotations

from uuid import uuid4

from prismsim.element.errors import unknown
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record


def disk(index: int, container: str, size: int) -> Document:
    """A disk of a volume group, as v2.0 shows it; ``size`` in bytes."""
    return {
        "index": index, "storage_container_uuid": container, "storage_container_id": None, "vmdisk_uuid": str(uuid4()),
        "vmdisk_size_bytes": size, "vmdisk_size_mb": size // 1024**2, "flash_mode_enabled": False,
    }  # fmt: skip


def document(name: str, disks: list[Document], vms: list[str]) -> Document:
    """What is kept of a volume group; ``vms`` are the ids of those it is attached to."""
    return {"name": name, "disk_list": disks, "attachment_list": [{"vm_uuid": vm, "client_uuid": None} for vm in vms]}


@route("GET", "volume_groups")
def _list(call: Call) -> Collection:
    return Collection([_render(record) for record in call.cluster.objects.all("volume_group")], bare=False)


@route("GET", "volume_groups/{uuid}")
def _get(call: Call) -> Document:
    record = call.cluster.objects.find("volume_group", call.params["uuid"])
    if record is None:
        raise unknown(call.cluster.switches, "Volume group", call.params["uuid"])
    return _render(record)


def _render(record: Record) -> Document:
    return {
        "uuid": record.id,
        "name": record.document["name"],
        "description": None,
        "is_shared": len(record.document["attachment_list"]) > 1,
        "iscsi_target": f"iqn.2010-06.com.nutanix:{record.document['name']}",
        "flash_mode_enabled": False,
        "is_deleted": False,
        "logical_timestamp": record.revision,
        "last_modified_timestamp_usecs": None,
        "enabled_authentications": None,
        "attachment_list": record.document["attachment_list"],
        "disk_list": record.document["disk_list"],
    }
