# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pair of clusters as a task found it: what each protection domain is to become, with the reasons, for the result and for people."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .._engine.gate import Reason
from .._engine.protection_domain_decision import ACTIVATE, DEACTIVATE, DEACTIVATION, MIGRATE, NOTHING, REFUSE, UNPLANNED, WAIT, Decision
from .._engine.protection_domain_gate import STARTS, Copy, reasons
from .._engine.protection_domain_views import newest_copies
from .._engine.protection_domain_way import Both, decide_all, look_at_both
from .._engine.replication_lag import Lag, lags
from .._engine.vm_power import powers
from .protection_domain_ways import Moves

Told = dict[str, t.Any]


class Picture(t.NamedTuple):
    """What was seen and decided, before anything is done."""

    moves: Moves
    both: Both
    decisions: dict[str, Decision]
    copies: dict[str, Copy | None]
    lags: dict[str, list[Lag]]

    @property
    def changes(self) -> bool:
        """Whether anything is yet to happen, started by this task or before it."""
        return any(decision.verb not in (NOTHING, REFUSE) for decision in self.decisions.values())

    def reasons(self, rpo_seconds: int | None) -> list[Reason]:
        return reasons(self.decisions, self.copies, self.lags, rpo_seconds)

    def vms(self, name: str) -> list[str]:
        """The VMs of a protection domain, from the side that has them."""
        here = self.both.source.vms(name) if self.both.source else []
        return here or self.both.target.vms(name)

    def doomed(self) -> list[str]:
        """The VMs that a deactivation would delete."""
        return [vm for name, decision in self.decisions.items() if decision.verb == DEACTIVATE for vm in self.vms(name)]

    def diff(self) -> list[dict[str, str]]:
        """One entry per protection domain that would be started."""
        return [_diff(self, name) for name, decision in self.decisions.items() if decision.verb in STARTS]


def look_at(moves: Moves) -> Picture:
    """Raises CANNOT_TELL if a cluster doesn't answer."""
    way = moves.way
    both = look_at_both(way, moves.names, count_snapshots=way.mode == UNPLANNED)
    decisions = decide_all(way, moves.moves, both)
    activating = [name for name, decision in decisions.items() if decision.verb == ACTIVATE]
    found = newest_copies(way.target, activating, way.target.element.now_usecs()) if activating else {}
    late: dict[str, list[Lag]] = {}
    if way.source is not None and both.source is not None:
        now = way.source.element.now_usecs()
        late = {name: lags(both.source.seen[name].body, now) for name, decision in decisions.items() if decision.verb in (MIGRATE, WAIT)}
    return Picture(moves, both, decisions, {name: Copy(*copy) if copy else None for name, copy in found.items()}, late)


def told(picture: Picture) -> list[Told]:
    """The protection domains as the module returns them."""
    way = picture.moves.way
    found: list[Told] = []
    for move in picture.moves.moves:
        decision, copy = picture.decisions[move.name], picture.copies.get(move.name)
        found.append(
            {
                "name": move.name,
                "source": way.source.site if way.source else None,
                "target": way.target.site,
                "remote_site": move.remote_site or None,
                "verb": decision.verb,
                "code": decision.code,
                "says": decision.text,
                "vms": picture.vms(move.name),
                "copy": {"seconds": copy.seconds, "snapshot": copy.snapshot} if copy else None,
            }
        )
    return found


def recovered(picture: Picture) -> list[Told]:
    """How much of each VM is lost that moves now, for the report: a migration loses nothing, an activation what is younger than the copy."""
    found: list[Told] = []
    for name, decision in picture.decisions.items():
        if decision.verb in (MIGRATE, WAIT):
            found += [{"vm": vm, "seconds": 0, "point": None, "source": "planned"} for vm in picture.vms(name)]
        elif decision.verb == ACTIVATE:
            copy = picture.copies.get(name)
            if copy:
                found += [{"vm": vm, "seconds": copy.seconds, "point": copy.snapshot, "source": "snapshot"} for vm in copy.vms]
    return found


def would_power_on(picture: Picture, wanted: t.Callable[[str], bool] | None) -> list[str]:
    """The VMs that a run would power on: of what has arrived those that are off, of what is yet to move all that are wanted, since a
    migration shuts them down."""
    if wanted is None:
        return []
    arrived = [name for name, decision in picture.decisions.items() if decision.verb == NOTHING]
    coming = [name for name, decision in picture.decisions.items() if decision.verb not in (NOTHING, REFUSE)]
    off = [power.name for power in powers(picture.moves.way.target, arrived) if not power.on and wanted(power.name)] if arrived else []
    return off + [vm for name in coming for vm in picture.vms(name) if wanted(vm)]


def confirmation(site: str, pictures: t.Sequence[Picture]) -> str:
    """What has to be typed before VMs are deleted: it changes with the protection domains and with the VMs. Empty if none would be."""
    doomed = sorted(
        (picture.both.source.view(name).cluster if picture.both.source else "", name, picture.vms(name))
        for picture in pictures
        for name, decision in picture.decisions.items()
        if decision.verb == DEACTIVATE
    )
    if not doomed:
        return ""
    return f"{site}:{DEACTIVATION}:{hashlib.sha256(json.dumps(doomed).encode()).hexdigest()[:8]}"


def _diff(picture: Picture, name: str) -> dict[str, str]:
    decision, way = picture.decisions[name], picture.moves.way
    source = way.source.site if way.source else "(not asked)"
    vms = "".join(f"  - {vm}\n" for vm in picture.vms(name))
    before, after = {
        DEACTIVATE: (f"active on: {source}, {way.target.site}\nvms on {source}:\n{vms}", f"active on: {way.target.site}\nvms on {source}: []\n"),
        ACTIVATE: (f"active on: {source}\n", f"active on: {way.target.site}\n"),
    }.get(decision.verb, (f"active on: {source}\nvms:\n{vms}", f"active on: {way.target.site}\nvms:\n{vms}"))
    title = f"protection domain '{name}'"
    verb = MIGRATE if decision.verb == WAIT else decision.verb
    return {"before_header": title, "after_header": f"{title} ({verb})", "before": before, "after": after}
