# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chooses few probes that show much: as many goals as a budget allows, and a positive control for each denial. Sends nothing.

A packet that gets no answer says something only if the same destination answers somebody. So a denial is planned together with a
packet that must pass to the same destination: to the same port if anybody may reach it, else to another one.
"""

from __future__ import annotations

import random
import typing as t

from .._errors import DrError
from .decision import Decision
from .entry_names import EntryNames
from .probe_controls import Controls, Way
from .probe_field import UDP, End, Field
from .probe_goals import HOST, KINDS, WITNESS, Candidate, Goal, Goals
from .service_atoms import Packet, parse_packet
from .verdict import Flow

ALLOW, DENY = "allow", "deny"
_LOOKED_AT = 24
"""Candidates per goal among which the best is chosen."""
_NO_CONTROL = "nobody may reach its destination, so that silence would show nothing"
_NO_HOSTS = "no two hosts of the inventory stand at its ends"
_BUDGET = "the budget is spent"


class Probe(t.NamedTuple):
    """A chosen one. ``controls``: ids of probes one of which must be answered before silence means denied."""

    id: str
    way: Way
    expect: str
    decided: tuple[Decision, ...]
    controls: tuple[str, ...]
    covers: tuple[Goal, ...]


class Count(t.NamedTuple):
    """Goals that there are, and those that the probes cover."""

    goals: int
    covered: int


class Plan(t.NamedTuple):
    """``coverage``: by kind of goal. ``not_covered``: what is not, and why."""

    probes: tuple[Probe, ...]
    coverage: dict[str, Count]
    not_covered: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


class Wanted(t.NamedTuple):
    """``witnesses``: flows that must be shown, whatever else is. ``prefer``: packets to take where any would do."""

    budget: int
    seed: int = 0
    witnesses: tuple[Flow, ...] = ()
    prefer: tuple[Packet, ...] = ()


def plan_probes(field: Field, wanted: Wanted, names: EntryNames) -> Plan:
    """The same input and seed give the same plan."""
    return _Chooser(field, wanted, names).plan()


class _Chooser:
    def __init__(self, field: Field, wanted: Wanted, names: EntryNames) -> None:
        self._field, self._wanted, self._names = field, wanted, names
        self._goals = Goals(field, wanted.prefer)
        self._random = random.Random(wanted.seed)
        self._favorite = {key: self._random.randrange(len(ends)) for key, ends in sorted(field.senders.items())}
        self._of_class: dict[tuple[int, int, bool], list[Candidate]] = {}
        for one in self._goals.candidates:
            for number in sorted({one.cell.source, one.cell.destination}):
                self._of_class.setdefault((one.cell.family, number, one.part.allowed), []).append(one)
        self._chosen: dict[Way, tuple[Way, ...]] = {}
        """With the controls of each."""
        self._controls = Controls(field, self._goals.open_to, wanted.prefer)
        self._covered: dict[Way, frozenset[Goal]] = {}
        self._done: set[Goal] = set()
        self._missed: dict[Goal, str] = dict(self._goals.out_of_reach())

    def plan(self) -> Plan:
        for flow in self._wanted.witnesses:
            self._witness(flow)
        for goal in sorted(self._goals.by_goal, key=lambda goal: (KINDS.index(goal.kind), goal)):
            if goal not in self._done:
                self._reach(goal)
        for end in self._field.ends:
            self._show(end)
        missed = {goal: why for goal, why in sorted(self._missed.items()) if goal not in self._done}
        coverage = {kind: Count(*(sum(goal.kind == kind for goal in goals) for goals in (self._done | set(missed), self._done))) for kind in KINDS}
        return Plan(self._probes(), coverage, tuple((goal.words(self._names), why) for goal, why in missed.items()), tuple(self._field.notes))

    def _witness(self, flow: Flow) -> None:
        goal = Goal(WITNESS, "", "", f"{flow.source} -> {flow.destination} {flow.packet}")
        try:
            packet, cell = parse_packet(flow.packet), self._field.find(flow)
        except DrError as error:
            self._missed[goal] = error.cause
            return
        if packet.protocol not in ("tcp", UDP) or not packet.number:
            self._missed[goal] = "only TCP and UDP are probed"
        elif cell is None:
            self._missed[goal] = _NO_HOSTS
        else:
            pairs = sorted(self._field.pairs(cell), key=lambda pair: (pair[0].name != flow.source, pair[1].name != flow.destination))
            self._take(goal, [Way(*pair, packet) for pair in pairs])

    def _reach(self, goal: Goal) -> None:
        options = self._goals.by_goal[goal]
        if len(options) > _LOOKED_AT:
            options = self._random.sample(options, _LOOKED_AT)
        ranked = sorted(options, key=lambda one: -len(one.goals - self._done))
        self._take(goal, [way for way in map(self._way, ranked) if way is not None])

    def _show(self, end: End) -> None:
        """Each host at one end of a packet that passes, and of one that doesn't."""
        for expect in (ALLOW, DENY):
            goal = Goal(HOST, "", "", f"{end.name} {expect}{' over IPv6' if end.family == 6 else ''}")
            if any(end in way[:2] and self._expect(way) == expect for way in self._chosen):
                self._done.add(goal)
                continue
            candidates = self._of_class.get((end.family, end.number, expect == ALLOW), [])
            ways = [way for way in (self._with(candidate, end) for candidate in candidates[:_LOOKED_AT]) if way is not None]
            if ways:
                self._take(goal, ways)

    def _with(self, candidate: Candidate, end: End) -> Way | None:
        """A candidate with this host at one of its ends."""
        return next((Way(*pair, candidate.packet) for pair in self._field.pairs(candidate.cell) if end in pair), None)

    def _way(self, candidate: Candidate) -> Way | None:
        """A candidate between the favorite hosts of its classes, or the next ones that are two."""
        cell = candidate.cell
        senders, targets = self._field.senders[cell.family, cell.source], self._field.targets[cell.family, cell.destination]
        for source in _from(senders, self._favorite[cell.family, cell.source]):
            for destination in _from(targets, self._favorite[cell.family, cell.destination]):
                if source.vm != destination.vm:
                    return Way(source, destination, candidate.packet)
        return None

    def _take(self, goal: Goal, ways: t.Sequence[Way]) -> None:
        """Choose the first of some ways for which there is a control, if the budget allows it."""
        why = _NO_HOSTS
        for way in ways:
            if len(self._chosen) >= self._wanted.budget and way not in self._chosen:
                why = _BUDGET
                continue
            controls = () if self._expect(way) == ALLOW else self._controls.of(way)
            if self._expect(way) == DENY and not controls:
                why = _NO_CONTROL
                continue
            new = [one for one in (way, *controls) if one not in self._chosen]
            if len(self._chosen) + len(new) > self._wanted.budget:
                why = _BUDGET
                continue
            for one in new:
                self._add(one)
            self._chosen[way] = controls
            self._covered[way] |= {goal}
            self._done.add(goal)
            return
        self._missed[goal] = why

    def _add(self, way: Way) -> None:
        cell = self._field.cell(way.source, way.destination)
        goals = self._goals.covered_by(cell, way.packet)
        self._chosen[way], self._covered[way] = (), goals
        self._done |= goals
        if self._expect(way) == ALLOW:
            self._controls.add(way)

    def _expect(self, way: Way) -> str:
        return ALLOW if self._field.part_of(self._field.cell(way.source, way.destination), way.packet).allowed else DENY

    def _probes(self) -> tuple[Probe, ...]:
        order = sorted(self._chosen, key=lambda way: (way.source.host, way.destination.name, way.packet))
        ids = {way: f"p{number:04d}" for number, way in enumerate(order, start=1)}
        return tuple(
            Probe(
                ids[way],
                way,
                self._expect(way),
                self._field.part_of(self._field.cell(way.source, way.destination), way.packet).decided,
                tuple(ids[one] for one in self._chosen[way]),
                tuple(sorted(self._covered[way])),
            )
            for way in order
        )


def _from(ends: t.Sequence[End], first: int) -> t.Sequence[End]:
    return [*ends[first % len(ends) :], *ends[: first % len(ends)]]
