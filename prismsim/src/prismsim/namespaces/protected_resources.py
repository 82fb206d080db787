# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Protected resources (contract/v4 section 12.3): the replication of one VM, and its promotion or restoration elsewhere.

Only minutely and synchronous schedules show here, as the contract says.
"""

from __future__ import annotations

from prismsim import shape
from prismsim.clock import seconds, timestamp
from prismsim.crud import checked_body, path_id
from prismsim.envelope import dump
from prismsim.errors import ApiError, Message, Problem, Refusal, not_found
from prismsim.namespaces.recovery_points import restored
from prismsim.objects import Document, Record
from prismsim.recovery import effects, past
from prismsim.recovery.protection import GIVEN_UP, NEAR_SYNC_SECONDS, Protection, covering, protections
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.relocation import category_names
from prismsim.site import Site

_MODEL = "dataprotection.v4.config.ProtectedResource"


def _place(site: Site, cluster: str) -> Document:
    """A location, as 4.0 and as later minors call its Prism Central."""
    return {"domainManagerExtId": site.domain_manager_id, "mgmtClusterExtId": site.domain_manager_id, "clusterExtId": cluster}


def _shown(protection: Protection) -> bool:
    return protection.objective <= NEAR_SYNC_SECONDS


def _found(site: Site, ext_id: str) -> tuple[Site, Record, list[Protection]] | None:
    """The VM of this id that is protected from here, or from elsewhere to here."""
    for origin in (site, *site.peers.values()):
        vm = origin.objects.find("vm", ext_id)
        ours = [each for each in protections(origin, vm) if _shown(each) and site in (origin, each.target)] if vm else []
        if vm is not None and ours:
            return origin, vm, ours
    return None


def _document(origin: Site, vm: Record, ours: list[Protection]) -> Document:
    source = _place(origin, vm.document["cluster"]["extId"])
    synchronous = any(each.objective == 0 for each in ours)
    sides = [{"locationReference": source, **({"synchronousReplicationRole": "PRIMARY"} if synchronous else {})}]
    sides += [_target_side(each) for each in ours]
    return {
        "entityExtId": vm.id, "entityType": "VM", "sourceSiteReference": source, "siteProtectionInfo": sides,
        "replicationStates": [_state(each) for each in ours], "categoryFqNames": category_names(origin, vm.document.get("categories", [])),
    }  # fmt: skip


def _target_side(protection: Protection) -> Document:
    side: Document = {"locationReference": _place(protection.target, protection.cluster)}
    if protection.objective == 0:
        return {**side, "synchronousReplicationRole": "SECONDARY"}
    moments = protection.moments()
    ranges = [{"startTime": timestamp(moments[0]), "endTime": timestamp(moments[-1])}] if moments else []
    return {**side, "recoveryInfo": {"restorableTimeRanges": ranges}} if ranges else side


def _state(protection: Protection) -> Document:
    return {
        "protectionPolicyExtId": protection.policy.id, "recoveryPointObjectiveSeconds": protection.objective,
        "replicationStatus": protection.status, "targetSiteReference": _place(protection.target, protection.cluster),
    }  # fmt: skip


def _given_up(site: Site, ext_id: str) -> Document | None:
    """A copy that was given up is no longer replicated, yet still known where a policy would cover it."""
    vm = site.objects.find("vm", ext_id)
    if vm is None or GIVEN_UP not in vm.document:
        return None
    if not covering(site, {key: value for key, value in vm.document.items() if key != GIVEN_UP}):
        return None
    place = _place(site, vm.document["cluster"]["extId"])
    names = category_names(site, vm.document.get("categories", []))
    side = {"locationReference": place, "synchronousReplicationRole": "INDEPENDENT"}
    return {"entityExtId": vm.id, "entityType": "VM", "sourceSiteReference": place, "siteProtectionInfo": [side], "categoryFqNames": names}


def _get(call: Call) -> Answer:
    ext_id = path_id(call)
    found = _found(call.site, ext_id)
    document = _document(*found) if found else _given_up(call.site, ext_id)
    if document is None:
        raise not_found("protected resource", ext_id)
    return Answer(item=dump(shape.answer(document, _MODEL, call.catalog)), model=_MODEL, headers={"ETag": ext_id})


def _secondary(call: Call) -> Work:
    """What is promoted or restored is protected from elsewhere to here."""
    ext_id = path_id(call)
    if _to_here(call.site, ext_id) is None:
        raise not_found("protected resource", ext_id)
    return {"extId": ext_id}


def _to_here(site: Site, ext_id: str) -> Protection | None:
    found = _found(site, ext_id)
    return next((each for each in found[2] if each.target is site), None) if found else None


def _accept_promote(call: Call) -> Work:
    if call.body is not None:
        raise ApiError(400, problems=[Problem("", "This operation does not take a request body")])
    return _secondary(call)


def _refused(text: str) -> Refusal:
    return Refusal([Message(text, "DP-20400", "INVALID_INPUT")])


def _promote(site: Site, work: Work) -> Outcome:
    """The VM runs here from now on. The other copy is decoupled: powered off if its site answers, and given up."""
    protection = _to_here(site, work["extId"])
    if protection is None or protection.objective or protection.moment() is None:
        raise _refused(f"The VM {work['extId']} is not replicated synchronously to this domain manager.")
    vm, moment = protection.vm, protection.moment() or 0.0
    made = restored(
        site, protection.site, protection.cluster, past.at(protection.site, vm, moment),
        keeps_id=site.switches.recovered_vm_keeps_uuid, power="ON",
    )  # fmt: skip
    effects.change(protection.site, vm.id, **{GIVEN_UP: made.id}, **({"powerState": "OFF"} if protection.site.answers else {}))
    return Outcome(details=[("promotedVmExtId", made.id)])


def _accept_restore(call: Call) -> Work:
    body = checked_body(call, "dataprotection.v4.config.ProtectedResourceRestoreSpec")
    return {**_secondary(call), "body": body}


def _restore(site: Site, work: Work) -> Outcome:
    """A VM appears here, powered off, as it was at a moment; the one at the source is left alone."""
    protection, wanted = _to_here(site, work["extId"]), work["body"].get("restoreTime")
    if protection is None or not protection.objective:
        raise _refused(f"The VM {work['extId']} has no minutely schedule to this domain manager.")
    limit = seconds(wanted) if wanted else None
    moment = protection.moment(limit)
    if moment is None:
        raise _refused(f"The VM {work['extId']} has no recovery point of that time.")
    held = past.at(protection.site, protection.vm, moment)
    made = restored(site, protection.site, work["body"]["clusterExtId"], held)
    if not protection.site.answers:
        effects.change(protection.site, protection.vm.id, **{GIVEN_UP: made.id})
    return Outcome([{"extId": made.id, "rel": "vmm:ahv:config:vm", "name": made.document["name"]}], [("vmExtIds", made.id)])


READS["dataprotection", "get_protected_resource_by_id"] = _get
WRITES["dataprotection", "promote_protected_resource"] = Write("VmPromote", _accept_promote, _promote)
WRITES["dataprotection", "restore_protected_resource"] = Write("EntitySnapshotRealizeWithAction", _accept_restore, _restore)
