# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to do with a protection domain, from how both clusters see it: one table per mode. Pure; asks nobody, does nothing.

The source is the cluster that is left, the target the one that takes over. A run that died is run again: what has been done is seen
on the clusters, what runs is followed. Effects of the verbs: contract/element section 4.5.
"""

from __future__ import annotations

import typing as t

PLANNED, UNPLANNED, DEACTIVATION = "planned", "unplanned", "deactivation"

NOTHING, ATTACH, WAIT, REFUSE = "nothing", "attach", "wait", "refuse"
MIGRATE, ACTIVATE, DEACTIVATE = "migrate", "activate", "deactivate"


class View(t.NamedTuple):
    """A protection domain as one cluster sees it. ``pending`` is migrate, activate or deactivate while that runs, ``pending_to`` the remote
    site it goes to; ``replicating`` counts unfinished replications that start here; ``snapshots`` those that lie here."""

    cluster: str
    there: bool = True
    active: bool = False
    pending: str = ""
    pending_to: str = ""
    replicating: int = 0
    snapshots: int = 0


class Decision(t.NamedTuple):
    """``verb`` is what comes next; ``code``, ``text`` and ``fix`` are for people."""

    verb: str
    code: str
    text: str
    fix: str = ""


def decide(mode: str, source: View | None, target: View, remote_site: str = "") -> Decision:
    """The next step. ``source`` is None in an unplanned failover, which never asks it; ``remote_site`` is the target as the source calls it."""
    if mode == UNPLANNED or source is None:
        return _unplanned(target)
    if mode == DEACTIVATION:
        return _deactivation(source, target)
    return _planned(source, target, remote_site)


def _planned(source: View, target: View, remote_site: str) -> Decision:
    if source.active and target.active:
        return _split_brain(source, target)
    if target.pending == ACTIVATE:
        return Decision(ATTACH, "PD_MOVING", f"{target.cluster} is activating it")
    if target.active:
        return Decision(NOTHING, "PD_MOVED", f"is active on {target.cluster}")
    if not source.there:
        return Decision(REFUSE, "PD_MISSING", f"is not on {source.cluster}", "Correct the name, or the clusters in the site map")
    if source.pending == MIGRATE and source.pending_to in ("", remote_site):
        return Decision(ATTACH, "PD_MOVING", f"is on its way to {target.cluster}")
    if source.pending:
        towards = f" to remote site {source.pending_to}" if source.pending_to else ""
        return _busy(source, towards)
    if not source.active:
        return _active_nowhere(source, target)
    if source.replicating:
        running = f"{source.replicating} replication{'s' if source.replicating > 1 else ''} still running on {source.cluster}"
        return Decision(WAIT, "PD_REPLICATING", f"{running}, a migration begins after that")
    return Decision(MIGRATE, "PD_READY", f"can be migrated from {source.cluster} to {target.cluster}")


def _unplanned(target: View) -> Decision:
    if target.pending == ACTIVATE:
        return Decision(ATTACH, "PD_MOVING", f"{target.cluster} is activating it")
    if target.pending:
        return _busy(target)
    if target.active:
        return Decision(NOTHING, "PD_MOVED", f"is active on {target.cluster}")
    if not target.there:
        return Decision(REFUSE, "PD_NO_COPY", f"is not on {target.cluster}: nothing of it was ever replicated there", "Recover its VMs from another copy")
    if not target.snapshots:
        return Decision(REFUSE, "PD_NO_COPY", f"has no snapshot on {target.cluster}", "Recover its VMs from another copy")
    return Decision(ACTIVATE, "PD_READY", f"can be activated on {target.cluster}")


def _deactivation(stale: View, survivor: View) -> Decision:
    """``stale`` came back after the survivor took over; its VMs go."""
    if stale.pending == DEACTIVATE:
        return Decision(ATTACH, "PD_MOVING", f"{stale.cluster} is deactivating it")
    if stale.pending:
        return _busy(stale)
    if not stale.active:
        return Decision(NOTHING, "PD_INACTIVE", f"is not active on {stale.cluster}")
    if not survivor.active or survivor.pending:
        fix = "Deactivate the side whose VMs may go; never the only one"
        return Decision(REFUSE, "PD_ONLY_COPY", f"is active on {stale.cluster} alone: deactivating it would delete the only running VMs", fix)
    return Decision(DEACTIVATE, "PD_STALE", f"is active on both {stale.cluster} and {survivor.cluster}; its VMs on {stale.cluster} would be deleted")


def _busy(view: View, towards: str = "") -> Decision:
    text = f"{view.cluster} is busy with another verb: {view.pending}{towards}"
    return Decision(REFUSE, "PD_PENDING", text, "Wait until that has ended, then run again")


def _split_brain(source: View, target: View) -> Decision:
    return Decision(
        REFUSE,
        "PD_SPLIT_BRAIN",
        f"split brain: it is active on both {source.cluster} and {target.cluster}",
        f"Find out which side holds the data that counts, and deactivate the other one (mode deactivation deletes its VMs): "
        f"usually {source.cluster} after an unplanned failover",
    )


def _active_nowhere(source: View, target: View) -> Decision:
    text = f"is active neither on {source.cluster} nor on {target.cluster}"
    return Decision(REFUSE, "PD_NOT_ACTIVE", text, f"Activate it: mode unplanned with {target.cluster} as target, or with {source.cluster} to stay there")
