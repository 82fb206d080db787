# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole hit logs against the policies of a site: exact counts, a few examples of each thing, in constant memory. Judges no line itself.

Every line is counted once: as judged, as a repetition, as outside of the wanted time, as damaged or as something else. Lines that say
the same of the same flow are judged once (`_KEPT` answers at a time).
"""

from __future__ import annotations

import typing as t

from .._evidence.hit_log_line import DAMAGED, DROP, OTHER, REPEATED, Hit, is_doubtful, parse, usual
from .._segmentation.stage import Decider
from .hit_log_judge import (
    AGREES,
    ALLOWED_THOUGH_DENIED,
    CANNOT_TELL,
    KINDS,
    MONITORED,
    OTHER_RULE,
    TURNED,
    Judge,
    Judgement,
    may_be_turned,
)
from .hit_log_rules import SEEN_ALLOWED, SEEN_DENIED, SEEN_MONITORED, Exercised

JUDGED, OUTSIDE = "judged", "outside_time"
LINES = (JUDGED, REPEATED, OUTSIDE, DAMAGED, OTHER)
_SHOWN = 10
_LONGEST_SHOWN = 300
_KEPT = 200_000
_WINDOW = 100_000
"""Lines that a repetition may be away from the first one, at least."""
_TURNABLE = (ALLOWED_THOUGH_DENIED, OTHER_RULE, CANNOT_TELL)
NOBODY = Decider("", "", True)


class Lines(t.Protocol):
    """A file of lines that can be read once."""

    path: str

    def read(self) -> t.Iterator[str]:
        """The lines, without their ends."""


class Unread(t.NamedTuple):
    """A line that is no hit."""

    file: str
    line: int
    what: str
    text: str


class Group:
    """Lines that don't agree in the same way: same kind, reason, action, policy, end and entry. ``example`` is the first of them."""

    def __init__(self, judgement: Judgement, example: Hit, file: str, line: int) -> None:
        self.judgement, self.example, self.file, self.line = judgement, example, file, line
        self.lines = 0


class _Answer:
    """What is known of all lines that say the same, and how many came since the last settling."""

    __slots__ = ("group", "hit", "judgement", "lines")

    def __init__(self, judgement: Judgement, hit: Hit) -> None:
        self.judgement, self.hit, self.lines = judgement, hit, 0
        self.group: Group | None = None


class HitLogCheck:
    """Reads logs, file by file. ``since`` and ``until``: times as the hosts write them (``2026/01/05 10:00:00``), empty for no limit.

    Memory is bounded by ``limit``, the number of groups that are kept; all counts are exact.
    """

    def __init__(self, judge: Judge, *, since: str = "", until: str = "", limit: int = 1000) -> None:
        self.judge, self._since, self._until, self._limit = judge, since, until, limit
        self.lines = dict.fromkeys(LINES, 0)
        self.counts = dict.fromkeys(KINDS, 0)
        self.cannot_tell: dict[str, int] = {}
        self.unknown_policies: dict[str, int] = {}
        self.renamed: dict[str, str] = {}
        self.unread: list[Unread] = []
        self.lines_without_group = 0
        self.first = self.last = ""
        self.rules = Exercised(judge.engine.objects.rules)
        self._groups: dict[tuple[str, ...], Group] = {}
        self._answers: dict[tuple[str, ...], _Answer] = {}
        self._turned: dict[tuple[str, ...], _Answer | None] = {}
        self._recent: set[int] = set()
        self._older: set[int] = set()
        self._shown = {DAMAGED: 0, OTHER: 0}

    @property
    def groups(self) -> list[Group]:
        """What does not agree, the most severe first."""
        return sorted(self._groups.values(), key=lambda one: (KINDS.index(one.judgement.kind), -one.lines, one.example))

    def read(self, file: Lines) -> None:
        """Count all lines of a file."""
        for number, text in enumerate(file.read(), 1):
            found = usual(text)
            if found is None or is_doubtful(found[12], text):
                self._unusual(file.path, number, text)
            else:
                self._count(found.groups(""), file.path, number)
        self._settle()

    def _unusual(self, path: str, number: int, text: str) -> None:
        found = parse(text)
        if isinstance(found, Hit):
            self._count(found, path, number)
            return
        self.lines[found] += 1
        if self._shown.get(found, _SHOWN) < _SHOWN:
            self._shown[found] += 1
            self.unread.append(Unread(path, number, found, text[:_LONGEST_SHOWN].rstrip()))

    def _count(self, fields: tuple[str, ...], path: str, number: int) -> None:
        """This and `read` run for every line, the rest only for what is new or doesn't agree."""
        mark = hash(fields)  # 64 bits instead of the whole line: small, and all but unique within the window
        if mark in self._recent or mark in self._older:
            self.lines[REPEATED] += 1
            return
        self._recent.add(mark)
        if len(self._recent) >= _WINDOW:
            self._older, self._recent = self._recent, set()
        time, rule_id, policy, _event, source, destination, protocol, source_port, port, action, direction, _rest = fields
        if (self._since and time < self._since) or (self._until and time > self._until):
            self.lines[OUTSIDE] += 1
            return
        if time > self.last:
            self.last = time
        if time < self.first or not self.first:
            self.first = time
        # The source port tells nothing, except between the two of DHCP.
        told = source_port if port in ("67", "68") else ""
        key = (rule_id, policy, source, destination, protocol, told, port, action, direction)
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) >= _KEPT:
                self._settle()
            hit = Hit._make(fields)
            answer = self._answers[key] = _Answer(self.judge.judge(hit), hit)
        if answer.judgement.kind == AGREES:
            answer.lines += 1
        else:
            self._disagrees(answer, Hit._make(fields), path, number)

    def _disagrees(self, answer: _Answer, hit: Hit, path: str, number: int) -> None:
        if answer.judgement.kind in _TURNABLE and may_be_turned(hit):
            turned = self._turn(hit)
            if turned:
                turned.lines += 1
                return
        answer.lines += 1
        if answer.group is None:
            judgement = answer.judgement
            first = judgement.stage.deciders[0] if judgement.stage.deciders else NOBODY
            key = (judgement.kind, judgement.reason, hit.action, judgement.end, hit.policy, first.policy, first.where)
            if key not in self._groups and len(self._groups) < self._limit:
                self._groups[key] = Group(judgement, hit, path, number)
            answer.group = self._groups.get(key)

    def _turn(self, hit: Hit) -> _Answer | None:
        key = (hit.rule_id, hit.policy, hit.source, hit.destination, hit.protocol, hit.source_port, hit.port, hit.action)
        if key not in self._turned:
            if len(self._turned) >= _KEPT:
                self._settle()
            judgement = self.judge.turned(hit)
            self._turned[key] = _Answer(judgement, hit) if judgement else None
        return self._turned[key]

    def _settle(self) -> None:
        """Add up what the answers counted, and forget them."""
        for answer in (*self._answers.values(), *self._turned.values()):
            if answer is None:
                continue
            judgement, hit, lines = answer.judgement, answer.hit, answer.lines
            self.lines[JUDGED] += lines
            self.counts[judgement.kind] += lines
            if judgement.kind == CANNOT_TELL:
                self.cannot_tell[judgement.reason] = self.cannot_tell.get(judgement.reason, 0) + lines
            word = SEEN_MONITORED if judgement.kind == MONITORED else SEEN_DENIED if hit.action == DROP else SEEN_ALLOWED
            self.rules.count(judgement.exercised, word, lines)
            if answer.group:
                answer.group.lines += lines
            elif judgement.kind not in (AGREES, TURNED):
                self.lines_without_group += lines
            self._settle_name(hit, lines)
        self._answers, self._turned = {}, {}

    def _settle_name(self, hit: Hit, lines: int) -> None:
        called = self.judge.called(hit.rule_id, hit.policy)
        if not self.judge.knows(called):
            self.unknown_policies[called] = self.unknown_policies.get(called, 0) + lines
        elif called != hit.policy:
            self.renamed[hit.policy] = called
