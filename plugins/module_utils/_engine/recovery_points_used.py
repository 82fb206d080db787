# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How old the recovery points were from which a recovery job started VMs, for the report. Reads, never writes; asks only the site of the job."""

from __future__ import annotations

import typing as t
from datetime import datetime

from .protected_vms import moment, read_resource

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4
    from .recovery_picture import Picture

Data = dict[str, t.Any]
_PLANNED = "planned"
_VM = t.Mapping[str, t.Any]


def points_used(client: CentralV4, action: str, job: t.Mapping[str, t.Any], vms: t.Sequence[_VM]) -> list[Data]:
    """``{vm, seconds, point, source}`` of each of ``vms`` (as `recovery_job.recovered` tells them): the age of its recovery point when the
    job began. ``source`` is planned (nothing is lost), recovery point, synchronous (in step, nothing is lost), or unknown.

    Raises DrError where the site doesn't answer.
    """
    if action == _PLANNED:
        return [_told(vm, 0, None, _PLANNED) for vm in vms]
    if not vms or not job.get("startTime"):
        return [_told(vm, None, None, "unknown") for vm in vms]
    began = moment(str(job["startTime"]))
    reference = str(job.get("recoveryReferenceTime") or "")
    latest = min(began, moment(reference)) if reference else began
    points = _points_before(client, latest)
    return [_of(client, vm, began, points.get(str(vm["source"]))) for vm in vms]


def copies(pictures: t.Iterable[Picture], action: str) -> list[Data]:
    """The same as it looks before the jobs begin; a site may forget how a VM was replicated once it has recovered it."""
    found: list[Data] = []
    for member in (member for picture in pictures for member in picture.members):
        vm = {"name": member.name}
        if action == _PLANNED:
            found.append(_told(vm, 0, None, _PLANNED))
        elif member.age is not None:
            found.append(_told(vm, member.age, None, "recovery point"))
        else:
            found.append(_told(vm, 0, None, "synchronous") if member.within else _told(vm, None, None, "unknown"))
    return found


def _of(client: CentralV4, vm: _VM, began: datetime, point: datetime | None) -> Data:
    resource = read_resource(client, str(vm["source"]))
    states = (resource or {}).get("replicationStates") or ()
    if states and all(int(state.get("recoveryPointObjectiveSeconds") or 0) == 0 for state in states):
        in_step = all(state.get("replicationStatus") == "IN_SYNC" for state in states)
        return _told(vm, 0, None, "synchronous") if in_step else _told(vm, None, None, "unknown")
    for side in (resource or {}).get("siteProtectionInfo") or ():
        for span in (side.get("recoveryInfo") or {}).get("restorableTimeRanges") or ():
            end = min(moment(str(span["endTime"])), began)
            point = max(end, point or end)
    if point is None:
        return _told(vm, None, None, "unknown")
    return _told(vm, int((began - point).total_seconds()), point.isoformat().replace("+00:00", "Z"), "recovery point")


def _points_before(client: CentralV4, latest: datetime) -> dict[str, datetime]:
    """The newest recovery point of each VM that was there then, by the VM's id."""
    found: dict[str, datetime] = {}
    for point in client.list("dataprotection", "config/recovery-points"):
        made = moment(str(point.get("creationTime")))
        for vm in point.get("vmRecoveryPoints") or () if made <= latest else ():
            ext_id = str(vm.get("vmExtId"))
            found[ext_id] = max(made, found.get(ext_id, made))
    return found


def _told(vm: _VM, seconds: int | None, point: str | None, source: str) -> Data:
    return {"vm": str(vm["name"]), "seconds": seconds, "point": point, "source": source}
