# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster itself, its hosts with their CVMs, its networks, its metro witness (contract/element section 5)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any
from uuid import NAMESPACE_OID, uuid4, uuid5

from prismsim.element import containers
from prismsim.element.cluster import Cluster
from prismsim.element.errors import unknown
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document

_WITNESS = ("ip_addresses", "username", "password", "cluster_name")


@cache
def _template() -> dict[str, Any]:
    """The members of a cluster that say nothing here; names as recorded."""
    text = resources.files("prismsim").joinpath("data/element_cluster.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def host_uuid(cluster: Cluster, index: int = 0) -> str:
    """The id of a host."""
    return str(uuid5(NAMESPACE_OID, f"{cluster.uuid}/host/{index}"))


@route("GET", "cluster")
def _cluster(call: Call) -> Document:
    return _render(call.cluster)


@route("GET", "clusters")
def _clusters(call: Call) -> Collection:
    return Collection([_render(call.cluster)], bare=False)


@route("GET", "clusters/{id}")
def _one_cluster(call: Call) -> Document:
    number, _incarnation = call.cluster.identity
    if call.params["id"] not in (call.cluster.uuid, f"{call.cluster.uuid}::{number}"):
        raise unknown(call.cluster.switches, "Cluster", call.params["id"])
    return _render(call.cluster)


def _render(cluster: Cluster) -> Document:
    number, incarnation = cluster.identity
    described = cluster.described
    capacity = sum(record.document["max_capacity"] for record in cluster.objects.all("container"))
    used = sum(containers.used_bytes(cluster, container) for container in list(cluster.containers()))
    usage = {"storage.capacity_bytes": capacity, "storage.usage_bytes": used, "storage.free_bytes": capacity - used}
    template = _template()
    return {
        **template,
        "id": f"{cluster.uuid}::{number}",
        "uuid": cluster.uuid,
        "cluster_uuid": cluster.uuid,
        "cluster_incarnation_id": incarnation,
        "name": cluster.name,
        "cluster_external_ipaddress": described.virtual_ip,
        "cluster_external_data_services_ipaddress": described.data_services_ip,
        "version": described.version,
        "full_version": f"el8.5-release-{described.version}-stable",
        "target_version": described.version,
        "hypervisor_types": [described.hypervisor],
        "num_nodes": max(1, len(described.cvm_ips)),
        "usage_stats": {**template["usage_stats"], **{key: str(value) for key, value in usage.items()}},
    }


@route("GET", "hosts")
def _hosts(call: Call) -> Collection:
    cvms = call.cluster.described.cvm_ips or (None,)
    return Collection([_host(call.cluster, index, address) for index, address in enumerate(cvms)], bare=False)


def _host(cluster: Cluster, index: int, address: str | None) -> Document:
    return {
        "uuid": host_uuid(cluster, index),
        "service_vmid": f"{cluster.uuid}::{index + 4}",
        "service_vmexternal_ip": address,
        "name": f"{cluster.name}-{index + 1}",
        "cluster_uuid": cluster.uuid,
        "hypervisor_type": cluster.described.hypervisor,
        "hypervisor_address": None,
        "state": "NORMAL",
        "stats": {},
        "usage_stats": {},
    }


@route("GET", "networks")
def _networks(call: Call) -> Collection:
    found = [
        {
            "annotation": subnet.document.get("description"), "ip_config": None, "logical_timestamp": subnet.revision,
            "name": subnet.document["name"], "network_type": None, "uuid": subnet.id,
            "vlan_id": subnet.document.get("networkId"), "vswitch_name": "br0",
        }
        for subnet in call.cluster.networks()
    ]  # fmt: skip
    return Collection(found, bare=False)


@route("GET", "cluster/metro_witness")
def _witnesses(call: Call) -> list[Document]:
    return [_witness(call.cluster, record.id, record.document) for record in call.cluster.objects.all("witness")]


@route("POST", "cluster/metro_witness")
def _add_witness(call: Call) -> Document:
    members = call.members(_WITNESS, ["ip_addresses", "username", "password"])
    kept = {key: members.get(key) for key in _WITNESS if key != "password"}
    if call.flag("test_only", "testOnly"):
        return _witness(call.cluster, str(uuid4()), kept)
    record = call.cluster.put("witness", kept)
    return _witness(call.cluster, record.id, record.document)


@route("DELETE", "cluster/metro_witness/{uuid}")
def _remove_witness(call: Call) -> Document:
    record = call.cluster.objects.find("witness", call.params["uuid"])
    if record is None:
        raise unknown(call.cluster.switches, "Witness", call.params["uuid"])
    call.cluster.objects.remove(record)
    return {"value": True}


def _witness(cluster: Cluster, uuid: str, kept: Document) -> Document:
    return {
        "uuid": uuid, "witness_name": f"witness-{uuid[:8]}", "ip_addresses": kept["ip_addresses"], "username": kept["username"],
        "password": None, "cluster_name": kept["cluster_name"], "cluster_uuid": cluster.uuid, "cluster_timestamp_usecs": None,
        "nos_version": cluster.described.version, "nos_full_version": None, "marked_for_removal": False,
    }  # fmt: skip
