# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives VMs their categories on a site, many at a time (contract/v4 section 14). Decides nothing that the changes don't say."""

from __future__ import annotations

import typing as t

from .._errors import Conflict, DrError
from .._prism.batch import BatchItem
from .._prism.request_ids import request_id

if t.TYPE_CHECKING:
    from .site import Site
    from .vm_categories import VmChange

_NAMESPACE, _PATH = "vmm", "ahv/config/vms"
_ADD, _TAKE = "associate-categories", "disassociate-categories"
_BODY = {_ADD: "vmm.v4.ahv.config.AssociateVmCategoriesParams", _TAKE: "vmm.v4.ahv.config.DisassociateVmCategoriesParams"}


class VmOutcome(t.NamedTuple):
    """What became of one VM; without an error it has what was wanted."""

    change: VmChange
    error: DrError | None = None


def apply_vm_categories(changes: t.Sequence[VmChange], site: Site, *, run_id: str) -> list[VmOutcome]:
    """Add what is missing, then take what is too much. A VM whose adding failed keeps what it has.

    A VM that somebody changed meanwhile is tried once more. One outcome per change that changes something, in their order.
    """
    wanted = [change for change in changes if change.changed]
    errors = _act(_ADD, {change.name: change.add for change in wanted if change.add}, wanted, site, run_id)
    taking = {change.name: change.take for change in wanted if change.take and change.name not in errors}
    errors.update(_act(_TAKE, taking, wanted, site, run_id))
    site.forget(["vm"])
    return [VmOutcome(change, errors.get(change.name)) for change in wanted]


def _act(action: str, categories: t.Mapping[str, t.Sequence[str]], changes: t.Sequence[VmChange], site: Site, run_id: str) -> dict[str, DrError]:
    """Errors by VM name."""
    waiting = [change for change in changes if change.name in categories]
    errors: dict[str, DrError] = {}
    for attempt in (1, 2):
        errors.update(_once(action, categories, waiting, site, f"{run_id}/{attempt}"))
        waiting = [change for change in waiting if isinstance(errors.get(change.name), Conflict)]
        if not waiting or attempt == 2:
            break
        for change in waiting:
            del errors[change.name]
    for name, error in errors.items():
        error.about(verb=action, kind="vm", name=name, site=site.label)
    return errors


def _once(action: str, categories: t.Mapping[str, t.Sequence[str]], changes: t.Sequence[VmChange], site: Site, run_id: str) -> dict[str, DrError]:
    if not changes:
        return {}
    fetched = site.client.get_many(_NAMESPACE, _PATH, [change.ext_id for change in changes])
    errors: dict[str, DrError] = {}
    items = []
    for change in changes:
        vm = fetched[change.ext_id]
        if isinstance(vm, DrError):
            errors[change.name] = vm
            continue
        ids = [site.directory.id_of("category", name) for name in categories[change.name]]
        body = {"categories": [{"extId": ext_id} for ext_id in ids]}
        items.append(BatchItem(change.name, body, change.ext_id, vm.etag, request_id(run_id, action, change.ext_id, *sorted(ids))))
    if items:
        template = site.client.uri(_NAMESPACE, _PATH) + "/{extId}/$actions/" + action
        whole = request_id(run_id, action, *(item.request_id for item in items))
        found = site.client.writes.batch("ACTION", template, _BODY[action], items, name=f"{action} of {len(items)} VMs", request_id=whole)
        errors.update({outcome.key: outcome.error for outcome in found if outcome.error is not None})
    return errors
