# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery points and what clusters can do (contract/v4 section 12.4), as calls."""

from __future__ import annotations

import uuid
from typing import Any

from prismsim import query, shape
from prismsim.clock import seconds
from prismsim.crud import Resource, checked_body, page, path_id, register
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, Refusal, not_found
from prismsim.objects import Document, Record
from prismsim.recovery import effects, points
from prismsim.recovery.points import Point
from prismsim.recovery.protection import clusters
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.relocation import nic_by_name
from prismsim.site import Site

_NAMESPACE, _CONFIG = "dataprotection", "dataprotection.v4.config."
_REL = "dataprotection:config:recovery-point"
POINT = Resource(
    _NAMESPACE, points.KIND, "recovery_points", "recovery_point", _CONFIG + "RecoveryPoint", _REL, "recovery point", names_are_unique=False,
)  # fmt: skip
#: What an override may say; the rest is not simulated.
_OVERRIDES = frozenset({"$objectType", "name", "description"})


def _found(call: Call, parameter: str = "extId") -> Point:
    ext_id = path_id(call, parameter)
    point = points.find(call.site, ext_id)
    if point is None:
        raise not_found("recovery point", ext_id)
    return point


def _list(call: Call) -> Answer:
    asked = query.parse(call.operation, call.query, call.catalog, POINT.model)
    found = [] if call.empty else [_shown(point.document) for point in points.all_points(call.site)]
    return page(call, asked, asked.arrange(found), POINT.model)


def _shown(document: Document) -> Document:
    return {key: value for key, value in document.items() if not key.startswith("_")}


def _get(call: Call) -> Answer:
    document = _shown(_found(call).document)
    return Answer(item=dump(shape.answer(document, POINT.model, call.catalog)), model=POINT.model, headers={"ETag": document["extId"]})


def _get_vm_point(call: Call) -> Answer:
    model, ext_id = _CONFIG + "VmRecoveryPoint", path_id(call)
    for entry in _found(call, "recoveryPointExtId").document["vmRecoveryPoints"]:
        if entry["extId"] == ext_id:
            return Answer(item=dump(shape.answer(entry, model, call.catalog)), model=model)
    raise not_found("VM recovery point", ext_id)


def _accept_create(call: Call) -> Work:
    body = checked_body(call, POINT.model, frozenset({"extId", "links", "tenantId", "status", "creationTime", "locationAgnosticId", "ownerExtId"}))
    vms = [entry.get("vmExtId") for entry in body.get("vmRecoveryPoints") or ()]
    if not vms or None in vms:
        raise ApiError(400, problems=[Problem("vmRecoveryPoints", "At least one VM is required; volume groups are not simulated")])
    kept = {key: body[key] for key in ("name", "expirationTime", "recoveryPointType") if body.get(key) is not None}
    return {"vms": vms, "kept": kept}


def _create(site: Site, work: Work) -> Outcome:
    records = [site.objects.find("vm", ext_id) for ext_id in work["vms"]]
    held = {record.id: record.document for record in records if record}
    gone = [ext_id for ext_id in work["vms"] if ext_id not in held]
    if gone or not held:
        raise _refused(f"The VM {', '.join(gone)} was not found.")
    cluster = next(iter(held.values()))["cluster"]["extId"]
    return _told(points.keep(site, site, str(uuid.uuid4()), cluster, held, site.clock.now(), **work["kept"]))


def _told(record: Record) -> Outcome:
    entities = [{"extId": record.id, "rel": _REL, "name": str(record.document.get("name") or record.id)}]
    ids = [entry["extId"] for entry in record.document["vmRecoveryPoints"]]
    entities += [{"extId": ext_id, "rel": "dataprotection:config:vm-recovery-point", "name": ext_id} for ext_id in ids]
    return Outcome(entities, [("recoveryPointExtId", record.id)], record=record)


def _refused(text: str) -> Refusal:
    return Refusal([Message(text, "DP-20400", "INVALID_INPUT")])


def _accept_one(call: Call) -> Work:
    return {"extId": path_id(call)}


def _accept_body(model: str) -> Any:
    def accept(call: Call) -> Work:
        point = _found(call)
        body = {} if call.body is None else checked_body(call, _CONFIG + model)
        return {"extId": point.document["extId"], "body": body}

    return accept


def _stored(site: Site, ext_id: str) -> Record:
    """A recovery point that a person made; those of policies live as long as their schedule says."""
    record = site.objects.find(points.KIND, ext_id)
    if record is None and points.find(site, ext_id) is not None:
        raise _refused("prismsim keeps the recovery points of protection policies as long as their retention says.")
    if record is None:
        raise Refusal([Message(f"Could not find recovery point with extId {ext_id}.", "RES-10001", "RESOURCE_NOT_FOUND")], 404)
    return record


def _delete(site: Site, work: Work) -> Outcome:
    record = _stored(site, work["extId"])
    site.objects.remove(record)
    return _told(record)


def _expire(site: Site, work: Work) -> Outcome:
    record = _stored(site, work["extId"])
    return _told(site.put(points.KIND, {**record.document, "expirationTime": work["body"]["expirationTime"]}))


def _replicate(site: Site, work: Work) -> Outcome:
    body, point = work["body"], points.find(site, work["extId"])
    target = {site.domain_manager_id: site, **site.peers}.get(body.get("pcExtId", site.domain_manager_id))
    if point is None or target is None or not target.answers:
        raise _refused("The recovery point or the target cannot be reached.")
    cluster = body.get("clusterExtId") or next(iter(clusters(target)), None)
    if cluster is None or target.objects.find("cluster", cluster) is None:
        raise _refused(f"The cluster {cluster} was not found.")
    document = point.document
    kept = {key: document[key] for key in ("name", "expirationTime", "recoveryPointType") if key in document}
    moment = seconds(document["creationTime"])
    key = str(document.get("_key") or document["locationAgnosticId"])
    return _told(points.keep(target, point.origin, key, cluster, point.held, moment, **kept))


def _restore(site: Site, work: Work) -> Outcome:
    body, point = work["body"], points.find(site, work["extId"])
    if point is None:
        raise _refused("The recovery point is gone.")
    cluster = body.get("clusterExtId") or point.document["locationReferences"][0]["locationExtId"]
    overrides = {entry.get("vmRecoveryPointExtId"): entry.get("vmOverrideSpec") or {} for entry in body.get("vmRecoveryPointRestoreOverrides") or ()}
    changes = {entry["vmExtId"]: overrides.get(entry["extId"], {}) for entry in point.document["vmRecoveryPoints"]}
    strange = {name for change in changes.values() for name in change} - _OVERRIDES
    if strange:
        raise _refused(f"prismsim does not simulate the override of {', '.join(sorted(strange))}.")
    made = [restored(site, point.origin, cluster, {**held, **_plain(changes[ext_id])}) for ext_id, held in point.held.items()]
    entities = [{"extId": work["extId"], "rel": _REL, "name": work["extId"]}]
    return Outcome(entities, [("vmExtIds", ",".join(vm.id for vm in made))])


def _plain(change: Document) -> Document:
    return {key: value for key, value in change.items() if key != "$objectType"}


def restored(site: Site, origin: Site, cluster: str, held: Document, *, keeps_id: bool = False, power: str = "OFF") -> Record:
    """A VM from a recovery point on a cluster of this site, in the networks of the same names. Raises Refusal."""
    if site.objects.find("cluster", cluster) is None:
        raise _refused(f"The cluster {cluster} was not found.")
    try:
        nics = [nic_by_name(origin, site, nic, held["name"]) for nic in held.get("nics") or ()]
    except ValueError as error:
        raise _refused(str(error)) from error
    return effects.appear(origin, site, cluster, held, nics, power=power, keeps_id=keeps_id, marks={})


def _capabilities(call: Call) -> Answer:
    model = _CONFIG + "DataProtectionClusterCapability"
    asked = query.parse(call.operation, call.query, call.catalog, model)
    names = call.catalog.models[_CONFIG + "DataProtectionCapabilityName"].values
    able = [{"capabilityName": name, "isSupported": True} for name in sorted(names)]
    found = [] if call.empty else [{"extId": ext_id, "clusterExtId": ext_id, "capabilities": able} for ext_id in clusters(call.site)]
    return page(call, asked, asked.arrange(found), model)


def _no_stores(call: Call) -> Answer:
    model = _CONFIG + "RecoveryPointStore"
    query.parse(call.operation, call.query, call.catalog, model)
    return Answer(items=[], model=model, total=0)


register(POINT, "")
READS[_NAMESPACE, "list_recovery_points"] = _list
READS[_NAMESPACE, "get_recovery_point_by_id"] = _get
READS[_NAMESPACE, "get_vm_recovery_point_by_id"] = _get_vm_point
READS[_NAMESPACE, "list_data_protection_cluster_capabilities"] = _capabilities
READS[_NAMESPACE, "list_recovery_point_stores"] = _no_stores
WRITES[_NAMESPACE, "create_recovery_point"] = Write("CreateRecoveryPoint", _accept_create, _create)
WRITES[_NAMESPACE, "delete_recovery_point_by_id"] = Write("DeleteRecoveryPoint", _accept_one, _delete)
for _operation, _title, _model, _perform in (
    ("set_recovery_point_expiration_time", "SetExpirationTime", "ExpirationTimeSpec", _expire),
    ("replicate_recovery_point", "EntitySnapshotReplicate", "RecoveryPointReplicationSpec", _replicate),
    ("restore_recovery_point", "RestoreRecoveryPoint", "RecoveryPointRestorationSpec", _restore),
):
    WRITES[_NAMESPACE, _operation] = Write(_title, _accept_body(_model), _perform)
