# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a check of hit logs found, in words for people and plain data for machines: groups, findings, entries. Decides severities only. Pure."""

from __future__ import annotations

import typing as t

from .._evidence.hit_log_line import Hit
from .._segmentation.decision import Decision
from .._segmentation.entry_names import EntryNames
from .._segmentation.readings import flipped, open_questions
from .._segmentation.site_facts import NOTE, PROBLEM, WARNING
from .._segmentation.stage import DENY, Stage
from .._segmentation.verdict import Segmentation
from .._segmentation.wording import decision_data, decisions_words
from .hit_log_check import Group, HitLogCheck
from .hit_log_judge import (
    AGREES,
    ALLOWED_THOUGH_DENIED,
    CANNOT_TELL,
    DENIED_THOUGH_ALLOWED,
    MONITORED,
    OTHER_RULE,
    REASONS,
    TURNED,
    Judge,
)

SEVERITY_OF = {ALLOWED_THOUGH_DENIED: PROBLEM, DENIED_THOUGH_ALLOWED: WARNING, MONITORED: WARNING, OTHER_RULE: NOTE, CANNOT_TELL: NOTE}
_FIXES = {
    ALLOWED_THOUGH_DENIED: "ask segmentation_query; if the rule is newer than the line, set since; else the host has not the rules of the site",
    DENIED_THOUGH_ALLOWED: "ask segmentation_query; if the rule is newer than the line, set since; else the host has not the rules of the site",
    MONITORED: "set the policy to enforce, when what it would deny is known to be unwanted",
    OTHER_RULE: "see whether the policy was renamed, removed or changed since",
    CANNOT_TELL: "take the policies and VMs of the time and site of the log, as a baseline has them",
}


class Words:
    """Puts what was found on one site into words."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._names = EntryNames(judge.engine.objects.rules)

    def group(self, group: Group) -> dict[str, t.Any]:
        judgement, hit = group.judgement, group.example
        return {
            "kind": judgement.kind,
            "severity": SEVERITY_OF[judgement.kind],
            "reason": judgement.reason,
            "lines": group.lines,
            "logged": {"action": hit.action, "direction": hit.direction, "policy": hit.policy},
            "expected": decision_data(_decision(judgement.end, judgement.stage), self._names) if judgement.end else None,
            "example": {
                "from": self._name(hit.source),
                "to": self._name(hit.destination),
                "source": hit.source,
                "destination": hit.destination,
                "service": _service(hit),
                "event": hit.event,
                "time": shown_time(hit.time),
                "file": group.file,
                "line": group.line,
            },
            "explanation": self.explain(group),
        }

    def explain(self, group: Group) -> str:
        """The example and what is wrong with it, in one line."""
        judgement, hit = group.judgement, group.example
        flow = f"{self._name(hit.source)} -> {self._name(hit.destination)} {_service(hit)}"
        logged = f"logged {hit.action}{f' {hit.direction}' if hit.direction else ''} by {hit.policy or 'no policy'}"
        why = REASONS.get(judgement.reason, "")
        if judgement.end:
            said = decisions_words([_decision(judgement.end, judgement.stage)], self._names)
            why = f"{why}: {said}" if why else said
            if judgement.kind == MONITORED and not judgement.stage.deciders[0].allow:
                why += "; would be denied if it were enforced"
        return f"{flow}: {logged}; {why}"

    def entry(self, policy: str, where: str) -> str:
        return self._names.words(policy, where)

    def _name(self, address: str) -> str:
        place = self._judge.place(address)
        return " or ".join(sorted(place.vms)) if place and place.vms else address


def rules_data(check: HitLogCheck, words: Words) -> list[dict[str, t.Any]]:
    """Each entry of the site with the lines that show it at work."""
    return [
        {
            "policy": one.policy,
            "entry": one.entry,
            "entry_text": words.entry(one.policy, one.entry),
            "mode": one.mode,
            "lines": dict(one.lines),
            "seen": one.seen,
        }
        for one in check.rules.all()
    ]


def findings(check: HitLogCheck, groups: t.Sequence[t.Mapping[str, t.Any]], files: t.Sequence[t.Mapping[str, t.Any]]) -> list[dict[str, str]]:
    """For people, the most severe first: what contradicts, what the evidence lacks."""
    found = [
        _finding(group["severity"], group["kind"], _lines(group["lines"]), f"like {group['explanation']}", _FIXES[group["kind"]])
        for group in groups
    ]
    for file in files:
        if file["damage"]:
            found.append(_finding(WARNING, "incomplete", file["path"], file["damage"], "copy the file again; what was read of it is counted"))
    damaged = check.lines["damaged"]
    if damaged:
        fix = "let syslog send longer messages (rsyslog: $MaxMessageSize), and see 'unread'"
        found.append(_finding(WARNING, "damaged_lines", _lines(damaged), "of a hit log, cut or garbled, and not judged", fix))
    if not check.lines["judged"]:
        fix = "see that policies have hit_log, that the hosts may reach the syslog server, and that the files and times are the right ones"
        found.append(_finding(WARNING, "no_evidence", "the logs", "hold no line of a hit that could be judged, which says nothing about the policies", fix))
    return sorted(found, key=lambda one: (PROBLEM, WARNING, NOTE).index(one["severity"]))


def depends_on(groups: t.Iterable[Group], judge: Judge) -> dict[int, list[str]]:
    """By id of the group: the readings without which its example would agree. The log is then evidence against the reading."""
    asked = [group for group in groups if group.judgement.kind in (ALLOWED_THOUGH_DENIED, DENIED_THOUGH_ALLOWED)]
    found: dict[int, list[str]] = {id(group): [] for group in asked}
    for name in open_questions(judge.engine.readings, flex=judge.engine.has_flex) if asked else ():
        other = judge.with_engine(Segmentation(judge.engine.objects, flipped(judge.engine.readings, name)))
        for group in asked:
            if other.judge(group.example).kind in (AGREES, TURNED, MONITORED):
                found[id(group)].append(name)
    return found


def _lines(count: int) -> str:
    return f"{count} lines" if count != 1 else "one line"


def shown_time(text: str) -> str:
    """``2026/01/05 10:00:00`` as ``2026-01-05T10:00:00``; the host wrote no time zone, so there is none."""
    return text.replace("/", "-").replace(" ", "T")


def _finding(severity: str, code: str, subject: str, problem: str, fix: str) -> dict[str, str]:
    return {"code": f"HITLOG_{code.upper()}", "severity": severity, "subject": subject, "problem": problem, "fix": fix}


def _decision(end: str, at: Stage) -> Decision:
    """What the engine says of an end, as its first entry explains it."""
    action = "deny" if at.does == DENY else "allow"
    if not at.deciders:
        return Decision(end, at.level, action)
    return Decision(end, at.level, action, at.deciders[0].policy, at.deciders[0].where)


def _service(hit: Hit) -> str:
    return f"{hit.protocol.lower()}/{hit.port}" if hit.port else hit.protocol.lower()
