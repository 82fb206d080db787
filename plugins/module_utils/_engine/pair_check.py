# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges a pair of clusters condition by condition: a table of small functions over facts in, one judgement each out. Pure.

A condition whose facts could not be read is ``cannot_tell``, never a pass and never a failure.
"""

from __future__ import annotations

import typing as t

from .gate import CANNOT_TELL, OK, PROBLEM, WARNING
from .pair_facts import PairFacts, Side, SignOff

#: From the best to the worst; the verdict of a check is its worst judgement.
SEVERITY = (OK, WARNING, CANNOT_TELL, PROBLEM)
#: The ways that a condition looks at: from the primary's cluster to the other, back, or both.
THERE, BACK, BOTH = "there", "back", "both"


class Found(t.NamedTuple):
    """What a condition found one way. ``evidence`` is what it was seen by."""

    status: str
    cause: str
    fix: str = ""
    evidence: str = ""


class Way(t.NamedTuple):
    """One direction: the cluster whose half is looked at, and the cluster that it leads to."""

    here: Side
    there: Side
    sign_offs: t.Mapping[str, SignOff] = {}


class Condition(t.NamedTuple):
    """One line of a check. ``needs`` are parts of the facts, as ``here.cluster``; ``here.half`` is the remote site itself.
    ``about`` tells what the judgement is about: ``half``, ``cluster`` or ``pair``."""

    id: str
    title: str
    ways: str
    needs: tuple[str, ...]
    judge: t.Callable[[Way], Found]
    about: str = "half"


class Judgement(t.NamedTuple):
    """One condition, judged."""

    id: str
    title: str
    status: str
    object: str
    cause: str
    fix: str = ""
    evidence: str = ""


def judged(conditions: t.Sequence[Condition], facts: PairFacts, *, merged: bool) -> list[Judgement]:
    """Every condition in the order of the table. ``merged`` makes one judgement of both ways, the worse one leading."""
    found: list[Judgement] = []
    for condition in conditions:
        each = [_judge(condition, Way(here, there, facts.sign_offs)) for here, there in _ways(condition, facts)]
        found += [_merge(each)] if merged else each
    return found


def verdict(judgements: t.Iterable[Judgement]) -> str:
    """The worst status."""
    return max((judgement.status for judgement in judgements), key=SEVERITY.index, default=CANNOT_TELL)


def _ways(condition: Condition, facts: PairFacts) -> t.Sequence[tuple[Side, Side]]:
    there, back = facts.ways()
    return {THERE: (there,), BACK: (back,), BOTH: (there, back)}[condition.ways]


def _judge(condition: Condition, way: Way) -> Judgement:
    about = {"half": way.here.half_label, "cluster": way.here.label, "pair": f"{way.here.label} and {way.there.label}"}[condition.about]
    found = next(filter(None, (_lacking(need, way) for need in condition.needs)), None) or condition.judge(way)
    return Judgement(condition.id, condition.title, found.status, about, found.cause, found.fix, found.evidence)


def _lacking(need: str, way: Way) -> Found | None:
    """Why the condition can't be judged this way, if it can't."""
    which, _dot, part = need.partition(".")
    side = way.here if which == "here" else way.there
    reason = side.unknown.get("remote_sites" if part == "half" else part)
    if reason is not None:
        return Found(CANNOT_TELL, f"{part.replace('_', ' ')} of {side.label} could not be read: {reason}", "Repair the access, then check again")
    if part == "half" and side.half is None:
        return Found(CANNOT_TELL, f"there is no {side.half_label} to look at", "Pair the clusters with the playbook pair_sites")
    return None


def _merge(each: t.Sequence[Judgement]) -> Judgement:
    """One judgement of several ways: the worst one's, with what the others say as evidence."""
    if len(each) == 1:
        return each[0]
    worst = max(each, key=lambda one: SEVERITY.index(one.status))
    alike = [one for one in each if one.status == worst.status]
    causes = "; ".join(dict.fromkeys(one.cause for one in alike))
    fixes = "; ".join(dict.fromkeys(one.fix for one in alike if one.fix))
    evidence = "; ".join(dict.fromkeys(one.evidence for one in each if one.evidence))
    about = " and ".join(dict.fromkeys(one.object for one in alike))
    return worst._replace(object=about, cause=causes, fix=fixes, evidence=evidence)
