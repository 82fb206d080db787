# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives a site what an estate cannot say, so that there is a value for every field that a list can be filtered or ordered by."""

from __future__ import annotations

from typing import Any

from prismsim.testing import Running
from tests.contract.sdk import Site, data_of

_ID = "9d3c0a6e-5f0b-4c86-9a53-0f6f1a2b3c4d"
_VM = {
    "apcConfig": {"isApcEnabled": True, "cpuModel": {"extId": _ID, "name": "Intel Cascadelake"}},
    "gpus": [{"extId": _ID, "mode": "PASSTHROUGH_COMPUTE", "vendor": "NVIDIA", "name": "Tesla T4"}],
    "host": {"extId": _ID},
    "isAgentVm": False,
    "isCpuHotplugEnabled": True,
    "isCpuPassthroughEnabled": False,
    "isGpuConsoleEnabled": False,
    "isLiveMigrateCapable": True,
    "isMemoryOvercommitEnabled": False,
    "isScsiControllerEnabled": True,
    "isVcpuHardPinningEnabled": False,
    "isVgaConsoleEnabled": True,
    "memorySizeBytes": 8 * 1024**3,
    "numNumaNodes": 2,
    "numSockets": 4,
}
_CLUSTER = {
    "backupEligibilityScore": 7,
    "clusterProfileExtId": _ID,
    "inefficientVmCount": 3,
    "network": {"keyManagementServerType": "LOCAL"},
    "nodes": {"numberOfNodes": 4},
    "upgradeStatus": "SUCCEEDED",
}
_CLUSTER_CONFIG = {"encryptionInTransitStatus": "DISABLED", "encryptionOption": ["SOFTWARE"], "encryptionScope": ["CLUSTER"]}
_CONTAINER = {
    "affinityHostExtId": _ID,
    "compressionDelaySecs": 3600,
    "erasureCode": "OFF",
    "ownerExtId": _ID,
    "replicationFactor": 2,
    "storagePoolExtId": _ID,
}


def fill(site: Site, world: Running) -> None:
    """Complete a VM, the cluster and its container; leave tasks and a batch behind."""
    state = world.state(site.id)
    world.edit(site.id, "vm", "web-1", _VM)
    cluster = state["cluster"]["ahv"]
    network = {**cluster["network"], **_CLUSTER["network"]}
    world.edit(site.id, "cluster", "ahv", {**_CLUSTER, "network": network, "config": {**cluster["config"], **_CLUSTER_CONFIG}})
    (container,) = state["storage_container"]
    world.edit(site.id, "storage_container", container, _CONTAINER)
    _leave_tasks(site)


def _leave_tasks(site: Site) -> None:
    """A batch, whose subtasks have a parent, one of which has failed."""
    body: dict[str, Any] = {"name": "for-a-task", "ipv4Addresses": [{"value": "10.99.0.0", "prefixLength": 24}]}
    groups = site.api("microseg", "AddressGroupsApi")
    uri = f"/api/microseg/v4.{site.minor('microseg')}/config/address-groups"
    items = [{"data": {"$objectType": "microseg.v4.config.AddressGroup", **body}}] * 2
    spec = {"metadata": {"action": "CREATE", "name": "twice", "uri": uri}, "payload": items}
    site.wait(site.api("prism", "BatchesApi").submit_batch(site.model("prism", "operations.BatchSpec", spec, known=False)), status="FAILED")
    (made,) = data_of(groups.list_address_groups(_filter="name eq 'for-a-task'"))
    site.wait(groups.delete_address_group_by_id(made.ext_id))
