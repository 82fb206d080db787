# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Migrate, activate, deactivate, roll back, restore, and what is pending (contract/element sections 4.4 to 4.6)."""

from __future__ import annotations

from prismsim.element import progress, recovery, replication, snapshots
from prismsim.element.agenda import Facts, action
from prismsim.element.cluster import Cluster
from prismsim.element.errors import broken_rule, malformed
from prismsim.element.fabric import Fabric
from prismsim.element.failover_steps import appear, leave
from prismsim.element.protection_domains import active_domain, domain_named, replications
from prismsim.element.relationship import ESTABLISHED, relationship
from prismsim.element.remote_sites import site_named
from prismsim.element.routes import Call, Collection, route
from prismsim.objects import Document, Record

_RESTORE = (
    "snapshot_id", "vm_names", "vm_uuids", "volume_group_uuids", "nfs_files", "replace", "path_prefix", "vm_name_prefix", "vg_name_prefix",
)  # fmt: skip


@route("POST", "protection_domains/{name}/migrate")
def _migrate(call: Call) -> Collection:
    cluster, site_name = call.cluster, call.value()
    domain = _idle(call, active_domain(cluster, call.params["name"]))
    name = domain.document["name"]
    site = site_named(cluster, site_name)
    found = relationship(call.fabric, cluster, site.document)
    if found.status != ESTABLISHED or found.peer is None:
        raise broken_rule(cluster.switches, f"Remote site {site_name} cannot be used: {found.status}")
    if "DISASTER_RECOVERY" not in site.document["capabilities"]:
        raise broken_rule(cluster.switches, f"Remote site {site_name} is for backup only")
    if replications(cluster, name):
        raise broken_rule(cluster.switches, f"Protection domain {name} has ongoing replications")
    names = replication.container_names(cluster, found.peer, site.document)
    held = recovery.contents(cluster, domain.document)
    stuck = [vm["entry"] for vm in held["vms"] if recovery.containers_of(vm) - set(names)]
    if stuck and not call.flag("skip_vm_mobility_check", "skipVmMobilityCheck"):
        return Collection(stuck, bare=False)
    left_behind = {entry["vm_id"] for entry in stuck}
    domain = cluster.change(domain, vms=[entry for entry in domain.document["vms"] if entry["vm_id"] not in left_behind])
    for entry in domain.document["vms"]:
        vm = cluster.site.objects.find("vm", entry["vm_id"])
        if vm is not None:
            cluster.site.put("vm", {**vm.document, "powerState": "OFF", "updateTime": cluster.site.now()})
    number = snapshots.take(call.fabric, cluster, domain, [site_name], migrate=True)
    cluster.change(domain, pending={"mode_type": "MIGRATE_PD", "failover_remote": site_name, "snapshot_id": number})
    progress.begin(call.fabric, cluster, "deactivate", name)
    return Collection([], bare=False)


@route("POST", "protection_domains/{name}/activate")
def _activate(call: Call) -> Document:
    cluster = call.cluster
    domain = _idle(call, domain_named(cluster, call.params["name"]))
    wanted = call.members({"value"}).get("value")
    name = domain.document["name"]
    if domain.document["active"]:
        raise broken_rule(cluster.switches, f"Protection domain {name} is already active on cluster {cluster.name}")
    found = snapshots.of_domain(cluster, name)
    if not found:
        raise broken_rule(cluster.switches, f"Protection domain {name} has no snapshot on cluster {cluster.name}")
    snapshot = snapshots.find(cluster, name, wanted) if wanted else found[0]
    cluster.change(domain, pending={"mode_type": "ACTIVATE_PD", "failover_remote": None, "snapshot_id": snapshot.document["snapshot_id"]})
    progress.begin(call.fabric, cluster, "activate", name)
    call.fabric.agenda.add(cluster.site.profile.recovery, "activate", cluster=cluster.id, domain=name, snapshot=snapshot.id)
    return {"value": True}


@action("activate")
def _appear(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    snapshot = cluster.objects.find("dr_snapshot", facts["snapshot"])
    domain = cluster.named("protection_domain", facts["domain"])
    if domain is None:
        return
    if snapshot is None:
        cluster.change(domain, pending=None)
        return
    appear(fabric, cluster, facts["domain"], snapshot)


@route("POST", "protection_domains/{name}/deactivate")
def _deactivate(call: Call) -> Document:
    domain = _idle(call, active_domain(call.cluster, call.params["name"]))
    name = domain.document["name"]
    call.cluster.change(domain, pending={"mode_type": "DEACTIVATE_PD", "failover_remote": None, "snapshot_id": None})
    progress.begin(call.fabric, call.cluster, "deactivate", name)
    call.fabric.agenda.add(call.cluster.site.profile.recovery, "deactivate", cluster=call.cluster.id, domain=name)
    return {"value": True}


@action("deactivate")
def _leave(fabric: Fabric, facts: Facts) -> None:
    cluster = fabric.clusters[facts["cluster"]]
    if cluster.named("protection_domain", facts["domain"]) is not None:
        leave(fabric, cluster, facts["domain"])


def _idle(call: Call, domain: Record) -> Record:
    if domain.document["pending"] is not None:
        raise broken_rule(call.cluster.switches, f"Protection domain {domain.document['name']} has pending actions")
    return domain


@route("POST", "protection_domains/{name}/rollback")
def _rollback(call: Call) -> Document:
    _idle(call, active_domain(call.cluster, call.params["name"]))
    snapshot = snapshots.find(call.cluster, call.params["name"], call.value())
    for held in snapshot.document["held"]["vms"]:
        _restore(call.fabric, call.cluster, held, snapshot.document["held"]["origin"], "")
    return {"value": True}


@route("POST", "protection_domains/{name}/restore_entities")
def _restore_entities(call: Call) -> Document:
    body = call.members(_RESTORE, ["snapshot_id"])
    name, prefix = call.params["name"], body.get("vm_name_prefix") or ""
    domain_named(call.cluster, name)
    if not body.get("replace") and not prefix:
        raise malformed("vm_name_prefix is required unless replace is true")
    held = snapshots.find(call.cluster, name, body["snapshot_id"]).document["held"]
    names, uuids = set(body.get("vm_names") or ()), set(body.get("vm_uuids") or ())
    chosen = [vm for vm in held["vms"] if vm["document"]["name"] in names or vm["document"]["extId"] in uuids]
    missing = names - {vm["document"]["name"] for vm in chosen}
    if missing:
        raise broken_rule(call.cluster.switches, f"VM {min(missing)} is not in snapshot {body['snapshot_id']}")
    for vm in chosen:
        _restore(call.fabric, call.cluster, vm, held["origin"], "" if body.get("replace") else prefix)
    return {"value": True}


def _restore(fabric: Fabric, cluster: Cluster, held: Document, origin: str, prefix: str) -> None:
    """From a local snapshot: over the VM that is there, or under another name beside it."""
    running = cluster.site.objects.find("vm", held["document"]["extId"])
    if not prefix and running is not None:
        cluster.site.objects.remove(running)
    recovery.register_vm(fabric, cluster, held, origin, prefix)


@route("GET", "protection_domains/pending_actions")
def _all_pending(call: Call) -> list[Document]:
    wanted = call.names("protection_domain_names", "protectionDomainNames")
    domains = list(call.cluster.objects.all("protection_domain"))
    return [_pending_actions(call.cluster, domain) for domain in domains if wanted is None or domain.document["name"] in wanted]


@route("GET", "protection_domains/{name}/pending_actions")
def _pending(call: Call) -> list[Document]:
    return [_pending_actions(call.cluster, domain_named(call.cluster, call.params["name"]))]


def _pending_actions(cluster: Cluster, domain: Record) -> Document:
    document, name = domain.document, domain.document["name"]
    sites: dict[str, list[str]] = {}
    for record in replications(cluster, name):
        sites.setdefault(record.document["remote_site_name"], []).append(record.document["snapshot_id"])
    return {
        "protection_domain_name": name, "has_pending_actions": bool(document["pending"] or sites),
        "marked_for_removal": document["marked_for_removal"], "pending_change_mode": document["pending"],
        "pending_replications": [{"remote_site": site, "snapshot_ids": ids} for site, ids in sites.items()],
        "pending_vms_restore": [], "pending_nfs_files_restore": [], "to_be_removed_vms": [], "to_be_removed_nfs_files": [],
        "to_be_removed_snapshots": [],
    }  # fmt: skip


@route("GET", "protection_domains/pending_replications")
@route("GET", "remote_sites/pending_replications")
def _all_pending_replications(call: Call) -> list[Document]:
    return _waiting(call, call.names("protection_domain_names", "protectionDomainNames"), call.names("remote_site_names", "remoteSiteNames"))


@route("GET", "protection_domains/{name}/pending_replications")
def _domain_pending_replications(call: Call) -> list[Document]:
    domain_named(call.cluster, call.params["name"])
    return _waiting(call, {call.params["name"]}, call.names("remote_site_names", "remoteSiteNames"))


@route("GET", "remote_sites/{name}/pending_replications")
def _site_pending_replications(call: Call) -> list[Document]:
    site_named(call.cluster, call.params["name"])
    return _waiting(call, call.names("protection_domain_names", "protectionDomainNames"), {call.params["name"]})


def _waiting(call: Call, domains: set[str] | None, sites: set[str] | None) -> list[Document]:
    """The replications that wait for their turn."""
    found: list[Document] = []
    for record in replications(call.cluster):
        document = record.document
        snapshot = call.cluster.objects.find("dr_snapshot", document["snapshot_uuid"])
        chosen = (domains is None or document["protection_domain_name"] in domains) and (sites is None or document["remote_site_name"] in sites)
        if document["started"] is None and chosen and snapshot is not None:
            ends = {key: document[key] for key in ("protection_domain_name", "remote_site_name")}
            found.append({**ends, "snapshot": snapshots.render(snapshot)})
    return found


@route("GET", "protection_domains/status")
def _status(call: Call) -> Document:
    domains = [domain.document for domain in call.cluster.objects.all("protection_domain")]
    suspended = {domain["name"]: all(s["suspended"] for s in domain["cron_schedules"]) for domain in domains if domain["cron_schedules"]}
    return {"active_replications": bool(replications(call.cluster)), "pd_suspended_schedules_map": suspended}
