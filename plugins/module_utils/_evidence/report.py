# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run as data, made of its record alone. The same record gives the same report. Knows no format for people."""

from __future__ import annotations

import typing as t

from .._errors import Finding
from .record import Event
from .report_evidence import evidence
from .run_checks import checks, hit_logs, probes, proofs, uncertain
from .run_coverage import coverage
from .run_rpo import recovery_points
from .run_times import run_times

Report = dict[str, t.Any]
_WORST = ("ok", "warning", "problem")


def make_report(events: t.Sequence[Event], run_id: str, broken: Finding | None = None) -> Report:
    """The report as data. ``broken``: where the chain of the record ends to hold; ``events`` are those before it.

    The verdict is BROKEN RECORD then, INTERIM while the run is not closed, FAILED, PROBLEMS, OK WITH WARNINGS, or OK.
    """
    outcomes = [{"step": event.step, **event.data} for event in events if event.type == "outcome"]
    findings = _open_findings(events)
    if broken:
        findings.insert(0, {"severity": "problem", "code": "BROKEN_RECORD", "problem": str(broken), "fix": "Nothing after that line is evidence"})
    states = [{"step": event.step, "time": event.time, **event.data} for event in events if event.type == "state"]
    end = next((dict(event.data) for event in reversed(events) if event.type == "end"), {})
    start = next((dict(event.data) for event in events if event.type == "start"), {})
    run = {**start, **end}
    targets: Report = next((state["targets"] for state in reversed(states) if state.get("targets")), {})
    times = run_times(events, targets, str(run.get("declared") or ""))
    workloads = _workloads(events)
    report: Report = {
        "schema": "nutanix_flow.dr/report",
        "schema_version": 3,
        "run_id": run_id,
        "verdict": "BROKEN RECORD" if broken else _verdict(events, outcomes, findings),
        "run": {name: value for name, value in run.items() if name not in ("process", "tool")},
        **{name: times["clock"][name] for name in ("start", "end", "seconds")},
        "clock": times["clock"],
        "targets": targets,
        "rpo": recovery_points(events, targets),
        "steps": times["steps"],
        "spans": times["spans"],
        "gaps": times["gaps"],
        "states": states,
        "gates": [{"step": event.step, **event.data} for event in events if event.type == "gate"],
        "waivers": _waivers(events),
        "checks": checks(events),
        "segmentation": proofs(events),
        "probes": probes(events),
        "hit_logs": hit_logs(events),
        "uncertain": uncertain(events),
        "coverage": coverage(workloads),
        "workloads": workloads,
        "plans": [{"step": event.step, **event.data} for event in events if event.type == "plan"],
        "outcomes": outcomes,
        "counts": _count(outcome.get("status", "") for outcome in outcomes),
        "findings": findings,
        "notes": [{"step": event.step, **event.data} for event in events if event.type == "note"],
        "unfinished": _unfinished(events),
        "record": {"chain": "broken" if broken else "intact", "events": len(events), "head": events[-1].hash if events else ""},
    }
    return {**report, "evidence": evidence(report, events)}


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


def _verdict(events: t.Sequence[Event], outcomes: t.Iterable[Report], findings: t.Iterable[Report]) -> str:
    if any(outcome.get("status") != "done" for outcome in _last_of_each(outcomes)):
        return "FAILED"
    if not events or events[-1].type != "end":
        return "INTERIM"
    if events[-1].data.get("failed"):
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


def _waivers(events: t.Iterable[Event]) -> list[Report]:
    """What the gate let pass because somebody took it upon them: the reasons that it gave the last time."""
    gates = [event for event in events if event.type == "gate"]
    waived = [str(reason).removeprefix("waived ") for reason in (gates[-1].data.get("reasons") or () if gates else ()) if str(reason).startswith("waived ")]
    return [{"code": code, "text": text.strip()} for code, _colon, text in (reason.partition(":") for reason in waived)]
