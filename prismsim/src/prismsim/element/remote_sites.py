# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remote sites: create, read, replace, patch, remove (contract/element section 2). Each is one half of a pair."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from uuid import uuid4

from prismsim.element import traffic
from prismsim.element.agenda import Facts, action
from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, malformed, unknown
from prismsim.element.fabric import Fabric
from prismsim.element.relationship import ESTABLISHED, relationship
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

#: What a caller sets, with what it is when the caller leaves it out: a PUT replaces all of it.
_SETTABLE: dict[str, Any] = {
    "remote_ip_ports": {}, "capabilities": ["BACKUP"], "cloud_type": None, "region": None, "credential_name": None,
    "cvm_name": None, "proxy_enabled": False, "compression_enabled": False, "ssh_enabled": False, "vstore_name_map": {},
    "max_bps": None, "bandwidth_policy_enabled": False, "bandwidth_policy": None, "network_mapping": None,
}  # fmt: skip
_SHOWN_ONLY = (
    "uuid", "remote_vstore_info", "marked_for_removal", "status", "latency_in_usecs", "metro_ready", "cluster_id",
    "cluster_incarnation_id", "cluster_external_data_services_ipaddress", "cluster_arch", "cluster_type",
    "replication_links", "stats", "usage_stats", "alert_summary", "health_summary", "remote_ip_address_ports",
)  # fmt: skip
_MEMBERS = {"name", *_SETTABLE, *_SHOWN_ONLY}
_CAPABILITIES = {
    "BACKUP", "DISASTER_RECOVERY", "METRO_AVAILABILITY", "SUPPORT_DEDUPED_EXTENTS", "SUPPORT_VSPHERE", "SUPPORT_HYPERV", "SUPPORT_KVM",
}  # fmt: skip
_RETRY_SECONDS = 5.0


def add(fabric: Fabric, cluster: Cluster, members: Document) -> Record:
    """Make a remote site from members that were checked."""
    document = {**_settled(members), "name": members["name"], "marked_for_removal": False}
    return cluster.put(
        "remote_site",
        {**document, "cluster_id": None, "cluster_incarnation_id": None, "_created": fabric.agenda.now()},
    )


def site_named(cluster: Cluster, name: str) -> Record:
    """The remote site of this name. Raises ElementError when there is none."""
    record = cluster.named("remote_site", name)
    if record is None:
        raise unknown(cluster.switches, "Remote site", name)
    return record


def render(fabric: Fabric, cluster: Cluster, record: Record, full: bool = True) -> Document:
    """The DTO; what is known of the peer is noted at the first contact."""
    found = relationship(fabric, cluster, record.document)
    if found.peer is not None and record.document["cluster_id"] is None:
        number, incarnation = found.peer.identity
        record = cluster.change(record, cluster_id=number, cluster_incarnation_id=incarnation)
    switches, site = cluster.switches, record.document
    told = full or not switches.element_status_needs_full_details
    status = found.status.lower() if switches.element_status_lower_case else found.status
    peer = found.peer
    shown: Document = {"name": site["name"], "uuid": record.id}
    for key in _SETTABLE:
        shown[key] = site[key]
        if key == "vstore_name_map":
            shown["remote_vstore_info"] = _remote_vstores(peer) if peer and full and switches.element_remote_vstore_info else {}
    if switches.element_address_ports:
        shown["remote_ip_address_ports"] = site["remote_ip_ports"]
    return {
        **shown,
        "marked_for_removal": site["marked_for_removal"],
        "status": status if told else None,
        "latency_in_usecs": found.latency_usecs if told else None,
        "metro_ready": False,
        "cluster_id": site["cluster_id"],
        "cluster_incarnation_id": site["cluster_incarnation_id"],
        "cluster_external_data_services_ipaddress": peer.described.data_services_ip if peer else None,
        "cluster_arch": "X86_64",
        "cluster_type": [],
        "replication_links": [],
        "stats": {name: str(value) for name, value in traffic.statistics(fabric, cluster, site).items()},
        "usage_stats": {},
        "alert_summary": None,
        "health_summary": None,
    }


def _remote_vstores(peer: Cluster) -> Document:
    return {c.document["name"]: {"name": c.document["name"], "container_uuid": c.id} for c in peer.containers()}


@route("GET", "remote_sites")
def _list(call: Call) -> Collection:
    names, deleted = call.names("names"), call.flag("include_deleted", "includeDeleted")
    full = call.flag("full_details", "fullDetails")
    found = [
        render(call.fabric, call.cluster, record, full)
        for record in list(call.cluster.objects.all("remote_site"))
        if (names is None or record.document["name"] in names) and (deleted or not record.document["marked_for_removal"])
    ]
    return Collection(found)


@route("GET", "remote_sites/{name}")
def _get(call: Call) -> Document:
    return render(call.fabric, call.cluster, site_named(call.cluster, call.params["name"]), call.flag("full_details", "fullDetails"))


@route("POST", "remote_sites")
def _post(call: Call) -> Document:
    members = _checked(call, call.members(_MEMBERS, ["name", "remote_ip_ports"]))
    if call.cluster.named("remote_site", members["name"]) is not None:
        raise broken_rule(call.cluster.switches, f"Remote site {members['name']} already exists")
    _check_map(call, members, {**_settled(members), "cluster_id": None, "cluster_incarnation_id": None, "_created": 0.0}, {})
    record = add(call.fabric, call.cluster, members)
    # What waits for the pair may start once the two know each other.
    call.fabric.agenda.add(call.cluster.site.profile.pairing, "reconsider")
    return render(call.fabric, call.cluster, record)


@route("PUT", "remote_sites")
def _put(call: Call) -> Document:
    members = call.members(_MEMBERS, ["name", "remote_ip_ports"])
    return _replace(call, site_named(call.cluster, members["name"]), members)


@route("PATCH", "remote_sites")
def _patch(call: Call) -> Document:
    wrapped = call.members({"cluster_uuid", "generic_dto", "operation"}, ["generic_dto"])
    members = wrapped["generic_dto"]
    if not isinstance(members, dict) or not members.get("name") or set(members) - _MEMBERS:
        raise malformed("generic_dto must be a remote site with its name")
    record = site_named(call.cluster, members["name"])
    kept = {key: record.document[key] for key in _SETTABLE} if call.cluster.switches.element_patch_merges else {}
    return _replace(call, record, {**kept, **members})


@route("DELETE", "remote_sites/{name}")
def _delete(call: Call) -> Document:
    record = site_named(call.cluster, call.params["name"])
    if call.cluster.switches.element_delete_in_use_refused and in_use(call.cluster, record.document["name"]):
        raise broken_rule(call.cluster.switches, f"Remote site {record.document['name']} is used by schedules or replications")
    call.cluster.change(record, marked_for_removal=True)
    call.fabric.agenda.add(call.cluster.site.profile.removal, "remove remote site", cluster=call.cluster.id, uuid=record.id)
    return {"value": True}


@action("remove remote site")
def _remove(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    record = cluster.objects.find("remote_site", facts["uuid"])
    if record is None:
        return
    if in_use(cluster, record.document["name"]):
        fabric.agenda.add(_RETRY_SECONDS, "remove remote site", **facts)
    else:
        cluster.objects.remove(record)


def in_use(cluster: Cluster, name: str) -> bool:
    """Whether a schedule names the remote site or a replication to it runs."""
    if any(replication.document["remote_site_name"] == name for replication in cluster.objects.all("replication")):
        return True
    domains = cluster.objects.all("protection_domain")
    schedules = (schedule for domain in domains for schedule in domain.document["cron_schedules"])
    return any(name in (schedule["retention_policy"]["remote_max_snapshots"] or {}) for schedule in schedules)


def _replace(call: Call, record: Record, members: Document) -> Document:
    if record.document["marked_for_removal"]:
        raise broken_rule(call.cluster.switches, f"Remote site {members['name']} is marked for removal")
    members = _checked(call, members)
    peer: Document = {}
    if members["remote_ip_ports"] != record.document["remote_ip_ports"]:
        peer = {"cluster_id": None, "cluster_incarnation_id": None}
    _check_map(call, members, {**record.document, **members, **peer}, record.document["vstore_name_map"])
    call.fabric.agenda.add(0.0, "reconsider")
    return render(call.fabric, call.cluster, call.cluster.change(record, **_settled(members), **peer))


def _settled(members: Document) -> Document:
    """All that can be set, with a uuid for whatever has one of its own."""
    document = {key: default if members.get(key) is None else members[key] for key, default in _SETTABLE.items()}
    mapping = document["network_mapping"] or {}
    document["network_mapping"] = {
        "uuid": mapping.get("uuid") or str(uuid4()),
        "l2_network_mappings": mapping.get("l2_network_mappings") or [],
    }
    policy = document["bandwidth_policy"]
    if policy is not None:
        windows = [{**window, "schedule_uuid": window.get("schedule_uuid") or str(uuid4())} for window in policy.get("bandwidth_configurations") or []]
        document["bandwidth_policy"] = {
            "policy_uuid": policy.get("policy_uuid") or str(uuid4()), "policy_name": policy["policy_name"],
            "default_bandwidth_limit": policy.get("default_bandwidth_limit"), "bandwidth_configurations": windows,
        }  # fmt: skip
    return document


def _checked(call: Call, members: Document) -> Document:
    """Refuse what no cluster would keep."""
    refuse = call.cluster.switches
    for address, port in _object(members, "remote_ip_ports").items():
        try:
            ip_address(address)
        except ValueError as error:
            raise broken_rule(refuse, f"Invalid remote address {address}") from error
        if not isinstance(port, int) or not 0 < port < 65536:
            raise broken_rule(refuse, f"Invalid port {port} of remote address {address}")
        if address in call.cluster.addresses:
            raise broken_rule(refuse, f"Remote address {address} is an address of this cluster")
    strange = set(members.get("capabilities") or ()) - _CAPABILITIES
    if strange:
        raise malformed(f"Unknown capability {sorted(strange)[0]}")
    policy = members.get("bandwidth_policy")
    if policy is not None and (not isinstance(policy, dict) or not policy.get("policy_name")):
        raise malformed("bandwidth_policy.policy_name is required")
    return members


def _check_map(call: Call, members: Document, site: Document, before: Document) -> None:
    """Both ends of each new mapping must exist, which only a peer that answers can tell."""
    new = {local: remote for local, remote in _object(members, "vstore_name_map").items() if before.get(local) != remote}
    refuse = call.cluster.switches
    if not new or not refuse.element_unknown_vstore_refused:
        return
    found = relationship(call.fabric, call.cluster, site)
    if found.status != ESTABLISHED or found.peer is None:
        raise broken_rule(refuse, f"vStores of remote site {members['name']} cannot be read: {found.status}")
    for local, remote in new.items():
        if call.cluster.container_named(local) is None:
            raise broken_rule(refuse, f"vStore {local} does not exist on cluster {call.cluster.name}")
        if found.peer.container_named(remote) is None:
            raise broken_rule(refuse, f"vStore {remote} does not exist on remote site {members['name']}")


def _object(members: Document, name: str) -> Document:
    value = members.get(name) or {}
    if not isinstance(value, dict):
        raise malformed(f"{name} must be an object")
    return value
