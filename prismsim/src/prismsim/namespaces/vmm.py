# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs (contract/v4 section 14): list, get, categories and power. VMs are made by the estate or moved by the world."""

from __future__ import annotations

from collections.abc import Callable

from prismsim import crud
from prismsim.conditions import check_etag
from prismsim.crud import Resource, checked_body, register
from prismsim.errors import ApiError, Message, Problem, Refusal
from prismsim.objects import Document, Record
from prismsim.recovery.protection import covering
from prismsim.registry import WRITES, Call, Outcome, Work, Write
from prismsim.site import Site


def _derive(site: Site, record: Record) -> Document:
    """What protects the VM, if a protection policy does."""
    policy = next(iter(covering(site, record.document)), None)
    return {"protectionType": "RULE_PROTECTED", "protectionPolicyState": {"policy": {"extId": policy.id}}} if policy else {}


VM = Resource(
    "vmm", "vm", "vms", "vm", "vmm.v4.ahv.config.Vm", "vmm:ahv:config:vm", "VM", names_are_unique=False, derive=_derive,
)  # fmt: skip

_POWER = {
    "power_on_vm": "ON", "power_off_vm": "OFF", "shutdown_vm": "OFF",
    "power_cycle_vm": "ON", "reset_vm": "ON", "reboot_vm": "ON",
}  # fmt: skip


def _record(site: Site, work: Work) -> Record:
    record = site.objects.find("vm", work["extId"])
    if record is None:
        raise Refusal([Message(f"VM {work['extId']} was not found.", "VMM-30100", "VM_NOT_FOUND")], 404)
    if record.revision != work["revision"]:
        raise Refusal([Message(f"VM {work['extId']} was changed meanwhile.", "VMM-30303", "VM_ETAG_MISMATCH")], 412)
    return record


def _accept_categories(call: Call, model: str) -> Work:
    record = crud.find(VM, call)
    body = checked_body(call, model)
    revision = _revision(call, record)
    ids = [entry["extId"] for entry in body.get("categories") or () if entry.get("extId")]
    if not ids:
        raise ApiError(400, problems=[Problem("categories", "At least one category is required")])
    return {"extId": record.id, "revision": revision, "categories": ids}


def _revision(call: Call, record: Record) -> int:
    """The revision that the caller has seen; one that never was when a stale ETag is to fail in the task."""
    try:
        check_etag(call, record, required=True)
    except ApiError as error:
        if error.status != 412 or not call.site.switches.vm_etag_mismatch_fails_task:
            raise
        return -1
    return record.revision


def _perform_associate(site: Site, work: Work) -> Outcome:
    record = _record(site, work)
    gone = [i for i in work["categories"] if site.objects.find("category", i) is None]
    if gone:
        raise Refusal([Message(f"The following categories were not found: {', '.join(gone)}.", "VMM-30400", "CATEGORY_NOT_FOUND")])
    present = [entry["extId"] for entry in record.document.get("categories", ())]
    return _write(site, record, {"categories": _references(present + [i for i in work["categories"] if i not in present])})


def _perform_disassociate(site: Site, work: Work) -> Outcome:
    record = _record(site, work)
    left = [entry["extId"] for entry in record.document.get("categories", ()) if entry["extId"] not in work["categories"]]
    return _write(site, record, {"categories": _references(left)})


def _references(ids: list[str]) -> list[Document] | None:
    return [{"extId": ext_id} for ext_id in ids] or None


def _accept_power(call: Call) -> Work:
    if call.body is not None:
        raise ApiError(400, problems=[Problem("", "This operation does not take a request body")])
    record = crud.find(VM, call)
    return {"extId": record.id, "revision": _revision(call, record)}


def _perform_power(state: str) -> Callable[[Site, Work], Outcome]:
    return lambda site, work: _write(site, _record(site, work), {"powerState": state})


def _write(site: Site, record: Record, change: Document) -> Outcome:
    merged = {**record.document, **change, "updateTime": site.now()}
    written = site.put("vm", {key: value for key, value in merged.items() if value is not None})
    return Outcome([crud.affected(VM, written)], record=written)


register(VM, "list get")
WRITES["vmm", "associate_categories"] = Write(
    "AssociateVmCategories",
    lambda call: _accept_categories(call, "vmm.v4.ahv.config.AssociateVmCategoriesParams"),
    _perform_associate,
)
WRITES["vmm", "disassociate_categories"] = Write(
    "DisassociateVmCategories",
    lambda call: _accept_categories(call, "vmm.v4.ahv.config.DisassociateVmCategoriesParams"),
    _perform_disassociate,
)
for _name, _state in _POWER.items():
    WRITES["vmm", _name] = Write(_name, _accept_power, _perform_power(_state))
