# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How old the copies of a protection domain are on each remote site, against the RPO (contract/element sections 4.2 and 4.4). Pure; reads no clock."""

from __future__ import annotations

import typing as t

OK, PROBLEM, CANNOT_TELL = "ok", "problem", "cannot_tell"
_USECS = 1_000_000


class Lag(t.NamedTuple):
    """What is lost at most if this cluster dies now and the site takes over. ``seconds`` is None when there is no copy there."""

    remote_site: str
    seconds: int | None
    snapshot: str | None
    replicating: bool
    percent: int | None

    def verdict(self, rpo_seconds: int | None) -> str:
        """Against an RPO; without one only a missing copy is a problem."""
        if self.seconds is None:
            return PROBLEM
        return OK if rpo_seconds is None or self.seconds <= rpo_seconds else PROBLEM

    def says(self, rpo_seconds: int | None) -> str:
        """In words, with the RPO if there is one."""
        if self.seconds is None:
            return f"nothing has arrived on {self.remote_site} yet"
        allowed = "" if rpo_seconds is None else f", {minutes(rpo_seconds)} are allowed"
        return f"the copy on {self.remote_site} is {minutes(self.seconds)} old{allowed}"


def lags(body: t.Mapping[str, t.Any], now_usecs: int) -> list[Lag]:
    """The lag of each remote site that the schedules name or that has a copy. A copy counts from the moment at which its replication
    began, so the snapshot is at least that old.

    ``now_usecs`` is the cluster's time."""
    links = {str(link["remoteSiteName"]): link for link in body.get("replicationLinks") or ()}
    names = sorted({*links, *(body.get("remoteSiteNames") or ())})
    return [_lag(name, links.get(name, {}), now_usecs) for name in names]


def age_of_newest(snapshots: t.Iterable[t.Mapping[str, t.Any]], now_usecs: int) -> tuple[int, str, tuple[str, ...]] | None:
    """Seconds since the newest of some snapshots was taken, its id, and the VMs in it; None without snapshots."""
    newest = max(snapshots, key=lambda one: int(one["snapshotCreateTimeUsecs"]), default=None)
    if newest is None:
        return None
    vms = tuple(sorted(str(vm["vmName"]) for vm in newest.get("vms") or ()))
    return max(0, now_usecs - int(newest["snapshotCreateTimeUsecs"])) // _USECS, str(newest["snapshotId"]), vms


def minutes(seconds: int) -> str:
    """90 -> "1.5 minutes", 7200 -> "2.0 hours"."""
    return f"{seconds / 60:.1f} minutes" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} hours"


def _lag(name: str, link: t.Mapping[str, t.Any], now_usecs: int) -> Lag:
    copied = link.get("lastSuccessfulReplicationSnapshotId")
    started = link.get("lastReplicationStartTimeInUsecs")
    seconds = max(0, now_usecs - int(started)) // _USECS if copied and started else None
    total, sent = link.get("currentReplicatingSnapshotTotalBytes"), link.get("currentReplicatingSnapshotTransmittedBytes")
    replicating = link.get("currentReplicatingSnapshotId") is not None
    percent = int(100 * int(sent or 0) / int(total)) if replicating and total else None
    return Lag(name, seconds, str(copied) if copied else None, replicating, percent)
