# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""May these protection domains be moved: every reason for and against, from how the clusters see them. Pure; asks nobody, reads no clock."""

from __future__ import annotations

import typing as t

from .gate import OK, PROBLEM, WARNING, Reason
from .protection_domain_decision import ACTIVATE, DEACTIVATE, MIGRATE, REFUSE, WAIT, Decision
from .replication_lag import Lag, minutes

#: Verbs that this run would start.
STARTS = frozenset({MIGRATE, ACTIVATE, DEACTIVATE, WAIT})
_STATUS = {REFUSE: PROBLEM, WAIT: WARNING}


class Copy(t.NamedTuple):
    """The newest copy on the cluster that takes over: how old it is in seconds, which snapshot, and which VMs are in it."""

    seconds: int
    snapshot: str
    vms: tuple[str, ...] = ()


def reasons(
    decisions: t.Mapping[str, Decision],
    copies: t.Mapping[str, Copy | None],
    lags: t.Mapping[str, t.Sequence[Lag]],
    rpo_seconds: int | None,
) -> list[Reason]:
    """One reason per protection domain and fact. ``copies`` are those that would be activated, ``lags`` those of domains that would be migrated."""
    found: list[Reason] = []
    for name, decision in decisions.items():
        status = _STATUS.get(decision.verb, OK)
        found.append(Reason(decision.code, status, f"protection domain '{name}' {decision.text}", decision.fix))
        if decision.verb == ACTIVATE:
            found += _lost(name, copies.get(name), rpo_seconds)
        elif decision.verb in (MIGRATE, WAIT):
            found += _late(name, lags.get(name, ()), rpo_seconds)
    return found


def _lost(name: str, copy: Copy | None, rpo_seconds: int | None) -> list[Reason]:
    """What an unplanned failover loses: everything that is younger than the newest copy."""
    if copy is None:
        return []
    text = f"protection domain '{name}': its newest copy is {minutes(copy.seconds)} old, what is younger is lost"
    if rpo_seconds is None or copy.seconds <= rpo_seconds:
        return [Reason("PD_COPY", OK, text)]
    fix = "Nothing can be won back without the primary; waive this with a name and a reason"
    return [Reason("PD_COPY_OLD", PROBLEM, f"{text}; the RPO is {minutes(rpo_seconds)}", fix)]


def _late(name: str, lags: t.Sequence[Lag], rpo_seconds: int | None) -> list[Reason]:
    """A planned failover loses nothing, but has the more to send."""
    late = [lag for lag in lags if lag.verdict(rpo_seconds) == PROBLEM]
    fix = "Nothing is lost by that; the more is sent while the VMs are off. Look why replication lags"
    return [Reason("PD_LAG", WARNING, f"protection domain '{name}': {lag.says(rpo_seconds)}", fix) for lag in late]
