# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan on a site, side by side what doesn't need each other, and tells what became of each step. Decides nothing
that the plan didn't."""

from __future__ import annotations

import time
import typing as t

from .._errors import DrError
from .._model.directory import Reference
from .outcome import DONE, SKIPPED, Outcome, first_error
from .plan import CREATE, Plan, Step
from .plan_groups import Group, groups, hindered
from .writer import Writer

if t.TYPE_CHECKING:
    from .site import Site

__all__ = ["Outcome", "apply", "first_error"]

# Groups of steps at a time. The throttle of the client decides how fast their calls go.
_GROUPS = 6


def apply(
    plan: Plan,
    site: Site,
    *,
    run_id: str,
    before: t.Callable[[t.Sequence[Step]], None] = lambda steps: None,
    after: t.Callable[[t.Sequence[Outcome]], None] = lambda outcomes: None,
    sleep: t.Callable[[float], None] = time.sleep,
) -> list[Outcome]:
    """Do the steps; a failed one skips only those that need it. Returns one outcome per step, in the order of the plan.

    ``run_id`` goes into every request id: the same run repeats the same ids. ``before`` and ``after`` are called with each
    group of steps that goes to the site together, from this thread and never two at once; several groups may be under way.
    """
    run = _Run(site, _writer(plan, site, run_id, sleep), before, after)
    run.all(groups(plan, site.entities))
    # What was listed before the writes is not true any more.
    site.forget({step.kind for step in plan.steps})
    return [run.outcomes[step.reference] for step in plan.steps]


def _writer(plan: Plan, site: Site, run_id: str, sleep: t.Callable[[float], None]) -> Writer:
    if not any(site.entities[step.kind].part_lists for step in plan.steps):
        return Writer(site, run_id, sleep)
    # Imported here: only plans of disaster recovery need it.
    from .part_writer import PartWriter

    return PartWriter(site, run_id, sleep)


class _Run:
    """One plan on its way. Only the writes of a group leave this thread."""

    def __init__(
        self,
        site: Site,
        writer: Writer,
        before: t.Callable[[t.Sequence[Step]], None],
        after: t.Callable[[t.Sequence[Outcome]], None],
    ) -> None:
        self.site = site
        self.writer = writer
        self.before = before
        self.after = after
        self.outcomes: dict[Reference, Outcome] = {}

    def all(self, made: t.Sequence[Group]) -> None:
        if len(made) == 1:
            self._note(self._write(self._begun(made[0])))
        elif made:
            self._side_by_side(dict(enumerate(made)))

    def _side_by_side(self, waiting: dict[int, Group]) -> None:
        """Each group begins as soon as those that it needs are over."""
        # Imported here: most runs of a single module never need it, and it costs milliseconds.
        from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

        pool = ThreadPoolExecutor(max_workers=_GROUPS)
        under_way: dict[Future[list[Outcome]], int] = {}
        over: set[int] = set()
        try:
            while waiting or under_way:
                for number in [number for number, group in waiting.items() if group.needs <= over]:
                    under_way[pool.submit(self._write, self._begun(waiting.pop(number)))] = number
                for future in sorted(wait(under_way, return_when=FIRST_COMPLETED).done, key=under_way.__getitem__):
                    self._note(future.result())
                    over.add(under_way.pop(future))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _begun(self, group: Group) -> Group:
        """A group without the steps that can't be done because of others that were not."""
        not_done = {reference: outcome.step for reference, outcome in self.outcomes.items() if outcome.status != DONE}
        obstacles = hindered(self.site.entities, group, not_done)
        self._note([_skipped(step, obstacles[step.reference]) for step in group.steps if step.reference in obstacles])
        ready = group._replace(steps=tuple(step for step in group.steps if step.reference not in obstacles))
        if ready.steps:
            self.before(ready.steps)
        return ready

    def _write(self, group: Group) -> list[Outcome]:
        if not group.steps:
            return []
        entity = self.site.entities[group.kind]
        return self.writer.create(entity, group.steps) if group.verb == CREATE else self.writer.change(entity, group.steps)

    def _note(self, outcomes: t.Sequence[Outcome]) -> None:
        if not outcomes:
            return
        for outcome in outcomes:
            self.outcomes[outcome.step.reference] = outcome
            if outcome.error is not None:
                step = outcome.step
                outcome.error.about(verb=step.verb, kind=step.kind, name=step.name, site=self.site.label)
            elif outcome.step.verb == CREATE and outcome.ext_id:
                self.site.directory.add(outcome.step.kind, outcome.step.name, outcome.ext_id)
        self.after(outcomes)


def _skipped(step: Step, obstacle: Reference) -> Outcome:
    what = f"{obstacle.kind.replace('_', ' ')} '{obstacle.name}'"
    return Outcome(step, SKIPPED, DrError(f"skipped, for {what} failed", fix="Run again when that is solved"))
