# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings both halves of a pair to where they should be, in an order that always leads on: neither stands before the other is there.

First what is in the way goes, then both halves are made or led to their peer, then the relationship is awaited, then maps and the rest are written: one write
per half and phase. Each phase reads anew, so that a run that was interrupted anywhere is finished by the next.
"""

from __future__ import annotations

import copy
import hashlib
import typing as t

from .._errors import DrError, InvalidInput
from .._model.entity import Canonical, read_params
from .._model.problems import Problems
from .outcome import SKIPPED, Outcome
from .pairing import WantedHalf
from .plan import Plan, Step
from .plan_digest import plan_digest
from .remote_site_apply import SECOND_CALL, apply_remote_sites, wait_until_gone, wait_until_it_stands
from .remote_sites import RemoteSites

#: Told of the steps before they are taken, and of what became of them; each with the cluster.
Before = t.Callable[[str, t.Sequence[Step]], None]
After = t.Callable[[str, t.Sequence[Outcome]], None]


class PlannedHalf(t.NamedTuple):
    """One half, what has to be done to it, and where. ``removal`` has a step only where it is made anew; ``warnings`` for people."""

    wanted: WantedHalf
    sites: RemoteSites
    canonical: Canonical
    removal: Plan
    plan: Plan
    warnings: tuple[str, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*self.removal.steps, *self.plan.steps)

    @property
    def changed(self) -> bool:
        return bool(self.steps)


class Paired(t.NamedTuple):
    """``outcomes`` as (cluster, outcome); ``error`` is what ended it."""

    outcomes: tuple[tuple[str, Outcome], ...]
    error: DrError | None


def plan_half(wanted: WantedHalf, sites: RemoteSites) -> PlannedHalf:
    """Raises InvalidInput with everything that can be known to be wrong before the first write."""
    problems = Problems()
    canonical = read_params(sites.entity, wanted.params, problems, at=f"remote site '{wanted.name}'")
    problems.findings += wanted.findings
    problems.check(verb="plan", site=wanted.cluster)
    sites.read()
    removal, _none = sites.plan([], remove=lambda held: wanted.anew and held.name == wanted.name)
    # What is deleted first is not there when the new one is planned.
    left = copy.copy(sites)
    left.found = [site for site in sites.found if not (wanted.anew and site.name == wanted.name)]
    plan, warnings = left.plan([canonical])
    return PlannedHalf(wanted, sites, canonical, removal, plan, tuple(warnings))


def plan_halves(wanted: t.Iterable[tuple[WantedHalf, RemoteSites]]) -> list[PlannedHalf]:
    """All halves; what is wrong with any of them is reported together. Raises InvalidInput."""
    planned, refused = [], []
    for half, sites in wanted:
        try:
            planned.append(plan_half(half, sites))
        except InvalidInput as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise InvalidInput([finding for error in refused for finding in error.findings], verb="plan")
    return planned


def digest_of(halves: t.Sequence[PlannedHalf]) -> str:
    """sha256 over what would be done to all of them."""
    told = "\n".join(f"{half.wanted.cluster} {plan_digest(half.removal)} {plan_digest(half.plan)}" for half in halves)
    return hashlib.sha256(told.encode()).hexdigest()


def wait_until_free(wanted: WantedHalf, sites: RemoteSites, *, wait: float) -> None:
    """Until a half that an earlier run removed is gone, since its name is taken till then. Raises DeadlineExceeded."""
    if any(site.name == wanted.name and site.marked_for_removal for site in sites.read()):
        wait_until_gone(sites, wanted.name, wait)


def apply_pairing(halves: t.Sequence[PlannedHalf], *, wait: float, before: Before, after: After) -> Paired:
    """Carry out the plans of the halves of one pair. ``wait`` in seconds, for each thing that is waited for."""
    outcomes: list[tuple[str, Outcome]] = []

    def carry_out(half: PlannedHalf, plan: Plan, seconds: float) -> None:
        if not plan.steps:
            return
        before(half.wanted.cluster, plan.steps)
        done, _pending = apply_remote_sites(plan, half.sites, wait=seconds)
        after(half.wanted.cluster, done)
        outcomes.extend((half.wanted.cluster, outcome) for outcome in done)
        for outcome in done:
            if outcome.error is not None:
                raise outcome.error

    try:
        for half in halves:
            carry_out(half, half.removal, wait)
            if half.removal.steps:
                wait_until_gone(half.sites, half.wanted.name, wait)
        for half in halves:
            carry_out(half, _first_phase(half), 0.0)
        for half in halves:
            wait_until_it_stands(half.sites, half.wanted.name, wait)
        for half in halves:
            half.sites.read()
            carry_out(half, half.sites.plan([half.canonical])[0], wait)
    except DrError as error:
        outcomes += _not_begun(halves, outcomes)
        return Paired(tuple(outcomes), error)
    return Paired(tuple(outcomes), None)


def _first_phase(half: PlannedHalf) -> Plan:
    """What makes the half, or leads it to its peer, without that which needs the peer to answer."""
    first = {field: value for field, value in half.canonical.items() if field not in SECOND_CALL}
    touched = any((step.before or {}).get(field) != value for step in half.plan.steps for field, value in first.items())
    if not touched:
        return half.plan._replace(steps=())
    half.sites.read()
    return half.sites.plan([first])[0]


def _not_begun(halves: t.Sequence[PlannedHalf], outcomes: t.Sequence[tuple[str, Outcome]]) -> list[tuple[str, Outcome]]:
    """Steps of the plan that were not begun when it ended."""
    begun = {(cluster, outcome.step.verb) for cluster, outcome in outcomes}
    why = DrError("not begun, for what comes before it failed", fix="Run again when that is solved")
    steps = [(half.wanted.cluster, step) for half in halves for step in half.steps]
    return [(cluster, Outcome(step, SKIPPED, why)) for cluster, step in steps if (cluster, step.verb) not in begun]
