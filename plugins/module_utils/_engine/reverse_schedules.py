# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules that a protection domain needs after it was moved, so that copies go back where it came from. Pure.

Schedules don't follow a failover (contract/element section 4.5): the cluster that took over has none, or those of an earlier visit.
"""

from __future__ import annotations

import typing as t

from .._entities.snapshot_schedule import Canonical, strikes
from .._model.struct import as_set


def leads_to(domain: Canonical, remote_site: str) -> bool:
    """Whether a schedule that is not suspended replicates to a remote site."""
    return any(
        not schedule.get("suspended") and remote["site"] == remote_site
        for schedule in domain.get("schedules") or ()
        for remote in schedule.get("remotes") or ()
    )


def reversed_schedules(here: Canonical, there: Canonical | None, remote_site: str, fallback: t.Sequence[Canonical] = ()) -> list[Canonical] | None:
    """All schedules that the protection domain is to have here, where it is active; ``remote_site`` is what this cluster calls the other one.

    What leads there already is kept. Otherwise those of the other cluster are mirrored, or else ``fallback`` is taken as it is. None if
    neither says anything.
    """
    own = list(here.get("schedules") or ())
    if leads_to(here, remote_site):
        return own
    mirrored = [_mirrored(schedule, remote_site) for schedule in (there or {}).get("schedules") or ()]
    wanted = mirrored if any(schedule.get("remotes") for schedule in mirrored) else list(fallback)
    if not wanted:
        return None
    struck = {(strikes(schedule), schedule.get("at")) for schedule in wanted}
    return as_set([*wanted, *(schedule for schedule in own if (strikes(schedule), schedule.get("at")) not in struck)])


def _mirrored(schedule: Canonical, remote_site: str) -> Canonical:
    """The same moments and the same numbers, the copies to the one remote site. Of several remote sites the most copies count."""
    remotes = schedule.get("remotes") or []
    if not remotes:
        return schedule
    most = max(remotes, key=lambda remote: int(remote["keep"]))
    return {**schedule, "remotes": [{**most, "site": remote_site}]}
