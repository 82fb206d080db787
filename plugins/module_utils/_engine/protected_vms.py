# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How well single VMs are replicated, as one Prism Central says (contract/v4 sections 12.3 and 12.4), and what to do to have them here.

Only synchronous and minutely replication tells its state; of slower ones the recovery points tell how old the newest copy is.
"""

from __future__ import annotations

import typing as t
from datetime import datetime

from .._errors import NotFound

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4

Data = dict[str, t.Any]
Body = t.Mapping[str, t.Any]
_PATH = "config/protected-resources"
_PROMOTE, _RESTORE, NOTHING, REFUSE = "promote", "restore", "nothing", "refuse"
#: Replication that is this far behind its objective or less is in time: a recovery point also has to travel.
_GRACE = 2


class Seen(t.NamedTuple):
    """What was found of one VM: its state in our words, and whether a VM of this name is at this Prism Central already."""

    name: str
    ext_id: str
    state: Data
    is_here: bool = False


def read_resource(client: CentralV4, ext_id: str) -> Body | None:
    """The protected resource of a VM; None for one that isn't replicated synchronously or minutely. Raises ``CANNOT_TELL``."""
    try:
        return client.get("dataprotection", _PATH, ext_id).body
    except NotFound:
        return None


def newest_points(client: CentralV4) -> dict[str, datetime]:
    """When the newest recovery point that this Prism Central has was made, by the id of its VM."""
    found: dict[str, datetime] = {}
    for point in client.list("dataprotection", "config/recovery-points"):
        made = moment(str(point.get("creationTime")))
        for vm in point.get("vmRecoveryPoints") or ():
            ext_id = str(vm.get("vmExtId"))
            found[ext_id] = max(made, found.get(ext_id, made))
    return found


def moment(text: str) -> datetime:
    """A time of the API. Raises ValueError."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def state_of(resource: Body | None, newest: datetime | None, own_id: str, now: datetime) -> Data:
    """How a VM is replicated: ``{protected, role, rpo_seconds, status, newest, age_seconds, within_rpo}``.

    ``role`` is that of this Prism Central, where replication is synchronous. ``within_rpo`` is None where it can't be told.
    """
    found: Data = {"protected": bool(resource or newest), "role": None, "rpo_seconds": None, "status": None}
    for side in (resource or {}).get("siteProtectionInfo") or ():
        if _place(side.get("locationReference")) == own_id:
            found["role"] = str(side.get("synchronousReplicationRole") or "").lower() or None
        for span in (side.get("recoveryInfo") or {}).get("restorableTimeRanges") or ():
            end = moment(str(span["endTime"]))
            newest = max(end, newest or end)
    states = (resource or {}).get("replicationStates") or ()
    if states:
        worst = max(states, key=lambda state: _WORSE.get(str(state.get("replicationStatus")), 0))
        found["rpo_seconds"] = min(int(state.get("recoveryPointObjectiveSeconds") or 0) for state in states)
        found["status"] = str(worst.get("replicationStatus") or "").lower() or None
    age = max(0, int((now - newest).total_seconds())) if newest else None
    return {**found, "newest": newest.isoformat() if newest else None, "age_seconds": age, "within_rpo": _within(found, age)}


_WORSE = {"SYNCING": 1, "OUT_OF_SYNC": 2}


def _within(state: Data, age: int | None) -> bool | None:
    if state["rpo_seconds"] is None:
        return None
    if state["status"] == "out_of_sync":
        return False
    if state["rpo_seconds"] == 0:
        return bool(state["status"] == "in_sync")
    return None if age is None else age <= _GRACE * int(state["rpo_seconds"])


def _place(reference: Body | None) -> str:
    """4.0 calls it otherwise than later minors."""
    given = reference or {}
    return str(given.get("domainManagerExtId") or given.get("mgmtClusterExtId") or "")


def verdict(seen: Seen, action: str) -> tuple[str, str]:
    """What to do for one VM, and why not if it can't be done."""
    if seen.is_here:
        return NOTHING, "is here already"
    if not seen.state["protected"]:
        return REFUSE, "is not replicated to this Prism Central"
    synchronous = seen.state["rpo_seconds"] == 0
    if action == _PROMOTE and not synchronous:
        return REFUSE, "is not replicated synchronously, so it can't be promoted; restore it"
    if action == _RESTORE and seen.state["rpo_seconds"] in (None, 0):
        return REFUSE, "is replicated synchronously, so it is promoted" if synchronous else "has no minutely replication; use a recovery plan"
    return action, ""
