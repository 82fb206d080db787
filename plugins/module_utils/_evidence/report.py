# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of a run, made of its record alone: report.json for machines, report.md for people. The same record gives the same bytes."""

from __future__ import annotations

import datetime
import json
import os
import typing as t

from .files import read_file, replace_file
from .manifest import sha256
from .record import Event

Report = dict[str, t.Any]
_WORST = ("ok", "warning", "problem")
# What a reader wants to know first of a run, in this order.
_HEAD = ("verb", "mode", "source", "target", "user", "change_id", "reason", "failure")


class Written(t.NamedTuple):
    """Where the reports are: ``file -> sha256``, and whether any changed."""

    files: t.Mapping[str, str]
    changed: bool


def make_report(events: t.Sequence[Event], run_id: str) -> Report:
    """The report as data. A run that was never closed is INTERIM, one with failures is FAILED, else OK."""
    steps: dict[str, Report] = {}
    for event in events:
        step = steps.setdefault(event.step, {"step": event.step, "start": event.time, "end": event.time, "events": 0})
        step["end"] = event.time
        step["events"] += 1
    for step in steps.values():
        step["seconds"] = _seconds(step["start"], step["end"])
    ends = [event for event in events if event.type == "end"]
    outcomes = [{"step": event.step, **event.data} for event in events if event.type == "outcome"]
    findings = _open_findings(events)
    start = next((dict(event.data) for event in events if event.type == "start"), {})
    return {
        "schema": "nutanix_flow.dr/report",
        "schema_version": 1,
        "run_id": run_id,
        "verdict": _verdict(ends, outcomes, findings),
        "run": {**start, **(dict(ends[-1].data) if ends else {})},
        "start": events[0].time if events else "",
        "end": events[-1].time if events else "",
        "seconds": _seconds(events[0].time, events[-1].time) if events else 0,
        "steps": list(steps.values()),
        "gates": [{"step": event.step, **event.data} for event in events if event.type == "gate"],
        "checks": [_without_workloads({"step": event.step, **event.data}) for event in events if event.type == "check"],
        "workloads": _workloads(events),
        "plans": [{"step": event.step, **event.data} for event in events if event.type == "plan"],
        "outcomes": outcomes,
        "counts": _count(outcome.get("status", "") for outcome in outcomes),
        "findings": findings,
        "notes": [{"step": event.step, **event.data} for event in events if event.type == "note"],
        "unfinished": _unfinished(events),
        "record_head": events[-1].hash if events else "",
    }


def report_texts(report: Report) -> dict[str, str]:
    """The content of report.json and report.md."""
    return {"report.json": json.dumps(report, indent=2, sort_keys=True, ensure_ascii=False) + "\n", "report.md": to_markdown(report)}


def write_report(path: str, report: Report, *, dry: bool = False) -> Written:
    """Write report.json and report.md into ``path``; ``dry`` only tells whether anything would change. Raises OSError."""
    texts = {os.path.join(path, name): text for name, text in report_texts(report).items()}
    changed = [name for name, text in texts.items() if read_file(name) != text.encode()]
    for name in changed if not dry else ():
        replace_file(name, texts[name])
    return Written({name: sha256(text.encode()) for name, text in texts.items()}, bool(changed))


def to_markdown(report: Report) -> str:
    """The report for people: the verdict, what is wrong, then what was done."""
    run = report["run"]
    lines = [f"# {run.get('title') or 'Run'} {report['run_id']}: {report['verdict']}", ""]
    told = [name for name in _HEAD if run.get(name)] + sorted(name for name in run if name not in (*_HEAD, "title", "failed"))
    lines += [f"- {name.replace('_', ' ')}: {_text(run[name])}" for name in told]
    lines += [f"- start: {report['start']}", f"- end: {report['end']} ({report['seconds']} s)", f"- record: sha256 {report['record_head']}", ""]
    lines += _table("Findings", ("severity", "code", "problem", "fix"), report["findings"])
    bad = [outcome for outcome in report["outcomes"] if outcome.get("status") != "done"]
    lines += _table("Writes that failed or were skipped", ("verb", "kind", "name", "status", "error"), bad)
    lines += _table("Writes of unknown outcome", ("verb", "kind", "name"), report["unfinished"])
    lines += _table("Steps", ("step", "start", "seconds", "events"), report["steps"])
    lines += _table("Gates", ("step", "verdict", "reasons"), report["gates"])
    lines += _table("Checks", ("step", "check", "verdict", "counts"), report["checks"])
    lines += _table("Workloads", ("name", "status", "secured_by", "expected", "findings"), report["workloads"])
    lines += _table("Plans", ("step", "site", "plan_digest", "summary"), report["plans"])
    done = [outcome for outcome in report["outcomes"] if outcome.get("status") == "done"]
    lines += _table("Writes", ("step", "site", "verb", "kind", "name", "task"), done)
    lines += _table("Notes", ("step", "message"), report["notes"])
    return "\n".join(lines).rstrip("\n") + "\n"


def summary_line(report: Report) -> str:
    """One line for the end of a play."""
    writes = _count(_written(outcome) for outcome in report["outcomes"])
    told = _verified(report["checks"]) + ([f"{number} {what}" for what, number in writes.items()] or ["no writes"])
    if report["findings"]:
        told.append(f"{len(report['findings'])} findings")
    return f"{report['run'].get('title') or 'Run'} {report['run_id']}: {', '.join([report['verdict'], *told])}, {report['seconds']} s"


def _written(outcome: Report) -> str:
    """A write in a word; VMs are only written to give back what they lost."""
    if outcome.get("status") != "done":
        return str(outcome.get("status", ""))
    return "repaired" if outcome.get("kind") == "vm" else "written"


def _verified(checks: t.Sequence[Report]) -> list[str]:
    """What the last comparison and the last look at the VMs found."""
    last = {str(check.get("check", "")).partition(" ")[0]: check.get("counts") or {} for check in checks}
    told = [f"{last['drift'].get('equal', 0)} objects equal"] if "drift" in last else []
    if "coverage" in last:
        told.append(f"{last['coverage'].get('ok', 0)} of {last['coverage'].get('expected', 0)} VMs verified")
    return told


def _verdict(ends: t.Sequence[Event], outcomes: t.Iterable[Report], findings: t.Iterable[Report]) -> str:
    if any(outcome.get("status") != "done" for outcome in _last_of_each(outcomes)):
        return "FAILED"
    if not ends:
        return "INTERIM"
    if ends[-1].data.get("failed"):
        return "FAILED"
    worst = max((_WORST.index(finding["severity"]) for finding in findings if finding.get("severity") in _WORST), default=0)
    return ("OK", "OK WITH WARNINGS", "PROBLEMS")[worst]


def _open_findings(events: t.Iterable[Event]) -> list[Report]:
    """Findings that still hold: a check that was made again (after a repair) takes the place of the earlier one."""
    found: list[Report] = []
    for event in events:
        if event.type == "check":
            found = [finding for finding in found if finding.get("check") != event.data.get("check")]
        elif event.type == "finding":
            found.append({"step": event.step, **event.data})
    return found


def _workloads(events: t.Iterable[Event]) -> list[Report]:
    """The VMs as the last look at them found them."""
    looks = [event.data["workloads"] for event in events if event.type == "check" and "workloads" in event.data]
    return [dict(vm) for vm in looks[-1]] if looks else []


def _without_workloads(check: Report) -> Report:
    return {name: value for name, value in check.items() if name != "workloads"}


def _last_of_each(outcomes: t.Iterable[Report]) -> list[Report]:
    """The last outcome of each object: a second attempt in the same run counts, not the first."""
    return list({(outcome.get("site"), outcome.get("kind"), outcome.get("name")): outcome for outcome in outcomes}.values())


def _unfinished(events: t.Iterable[Event]) -> list[Report]:
    """Writes that were begun and of which no outcome was recorded."""
    begun: dict[tuple[t.Any, ...], Report] = {}
    for event in events:
        key = (event.data.get("site"), event.data.get("verb"), event.data.get("kind"), event.data.get("name"))
        if event.type == "intent":
            begun[key] = {"step": event.step, **event.data}
        elif event.type == "outcome":
            begun.pop(key, None)
    return list(begun.values())


def _count(words: t.Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return dict(sorted(found.items()))


def _seconds(start: str, end: str) -> float:
    first, last = (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
    return round((last - first).total_seconds(), 1)


def _table(title: str, columns: t.Sequence[str], rows: t.Sequence[Report]) -> list[str]:
    if not rows:
        return []
    lines = [f"## {title}", "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_text(row.get(column, '')) for column in columns)} |" for row in rows]
    return [*lines, ""]


def _text(value: t.Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(_text(item) for item in value)
    elif isinstance(value, dict):
        value = ", ".join(f"{key} {_text(item)}" for key, item in value.items() if item not in (None, "", [], {}))
    return str(value).replace("|", "\\|").replace("\n", " ")
