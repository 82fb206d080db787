# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How clusters see protection domains right now: the facts that decisions and progress lines are made of. Reads, never writes."""

from __future__ import annotations

import typing as t

from .protection_domain_decision import ACTIVATE, DEACTIVATE, MIGRATE, View
from .replication_lag import age_of_newest

if t.TYPE_CHECKING:
    from .._prism.element_domains import Domains

_MODES = {"MIGRATE_PD": MIGRATE, "ACTIVATE_PD": ACTIVATE, "DEACTIVATE_PD": DEACTIVATE}

Body = dict[str, t.Any]


class Seen(t.NamedTuple):
    """One protection domain on one cluster: the view that decides, and the body for everything else (empty if it isn't there)."""

    view: View
    body: Body


class Looked(t.NamedTuple):
    """All protection domains of interest on one cluster."""

    seen: dict[str, Seen]
    #: How far running replications are, in words.
    sent: dict[str, str]

    def view(self, name: str) -> View:
        return self.seen[name].view

    def vms(self, name: str) -> list[str]:
        """The names of its VMs here."""
        return sorted(str(vm["vmName"]) for vm in self.seen[name].body.get("vms") or ())


def look(domains: Domains, names: t.Collection[str], *, count_snapshots: bool = False) -> Looked:
    """Four calls at most, whatever the number of protection domains. Raises DrError, CANNOT_TELL if the cluster doesn't answer."""
    bodies = {str(body["name"]): body for body in domains.read(names)}
    pending = domains.pending(names) if bodies else {}
    held: dict[str, int] = {}
    if count_snapshots:
        for snapshot in domains.snapshots(names):
            owner = str(snapshot.get("protectionDomainName"))
            held[owner] = held.get(owner, 0) + 1
    seen = {name: _seen(domains.site, bodies.get(name), pending.get(name, {}), held.get(name, 0)) for name in names}
    replicating = [name for name, one in seen.items() if one.view.replicating]
    return Looked(seen, _sent(domains.replications(replicating)) if replicating else {})


def newest_copies(domains: Domains, names: t.Collection[str], now_usecs: int) -> dict[str, tuple[int, str, tuple[str, ...]] | None]:
    """Age in seconds, id and VMs of the newest snapshot on this cluster, by protection domain."""
    found = domains.snapshots(names)
    return {name: age_of_newest([one for one in found if one.get("protectionDomainName") == name], now_usecs) for name in names}


def elapsed(seconds: float) -> str:
    """75 -> "0:01:15"."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _sent(replications: t.Iterable[Body]) -> dict[str, str]:
    """How far the running replications are, in words, by protection domain."""
    found: dict[str, list[str]] = {}
    for one in replications:
        if one.get("sender"):
            percent = f"{float(one.get('completedPercentage') or 0):.0f} % sent to {one.get('remoteSiteName')}"
            paused = ", paused" if one.get("paused") else ""
            left = one.get("replicationTimeToCompleteSecs")
            rest = f", {elapsed(left)} left" if left and not paused else ""
            found.setdefault(str(one.get("protectionDomainName")), []).append(percent + paused + rest)
    return {name: "; ".join(told) for name, told in found.items()}


def _seen(cluster: str, body: Body | None, pending: Body, snapshots: int) -> Seen:
    if body is None or body.get("markedForRemoval"):
        return Seen(View(cluster, there=False, snapshots=snapshots), {})
    mode = pending.get("pendingChangeMode") or {}
    kind = str(mode.get("modeType") or "").upper()
    view = View(
        cluster,
        active=bool(body.get("active")),
        pending=_MODES.get(kind, kind.lower()),
        pending_to=str(mode.get("failoverRemote") or ""),
        replicating=int(body.get("ongoingReplicationCount") or 0) + int(body.get("pendingReplicationCount") or 0),
        snapshots=snapshots,
    )
    return Seen(view, dict(body))
