# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an auditor asks of a run: how, with what, on what, when and by whom it was tested, and which controls that supports. Pure.

It supports evidence; whether a control is fulfilled, people judge.
"""

from __future__ import annotations

import typing as t

from .record import Event
from .run_checks import inputs, methods

Data = dict[str, t.Any]

STATEMENT = (
    "This report supports evidence for the controls listed here. It is a test of controls by the operator's own tools, no penetration test by an"
    " independent tester."
)
EVIDENCE, PARTIAL = "evidence", "partial"
_RECOVERS = ("failover", "failback", "drill")


class _Control(t.NamedTuple):
    """``asks``: what it wants to see, in short."""

    framework: str
    clause: str
    asks: str


_SEGMENTATION = (
    _Control("PCI DSS 4.0", "11.4.5", "segmentation controls are tested every year and after any change to them"),
    _Control("PCI DSS 4.0", "11.4.6", "service providers: the same every six months and after any change"),
)
_RECOVERY = (
    _Control("SOC 2", "A1.3", "recovery procedures are tested, measured against their objectives"),
    _Control("ISO 22301", "8.5", "exercises with objectives, a report afterwards, and what is to be corrected"),
    _Control("DORA", "11-12, 24-25", "scenario-based tests with a switch to the secondary site, recovery time and point measured"),
)


def evidence(report: t.Mapping[str, t.Any], events: t.Sequence[Event]) -> Data:
    """The part of the report for auditors."""
    starts = [event.data for event in events if event.type == "start"]
    run = report["run"]
    proof = next((proof for proof in reversed(report["segmentation"])), None)
    return {
        "statement": STATEMENT,
        "tools": _once(start["tool"] for start in starts if start.get("tool")),
        "methods": methods(events),
        "scope": {
            "source": run.get("source"),
            "target": run.get("target"),
            "workloads": len(report["workloads"]) or None,
            "interfaces": ((proof or {}).get("compared") or {}).get("interfaces"),
            "policies": len((proof or {}).get("policies") or ()) or None,
        },
        "inputs": inputs(events),
        "plans": _once(plan["plan_digest"] for plan in report["plans"] if plan.get("plan_digest")),
        "testers": _once(start["user"] for start in starts if start.get("user")),
        "change_id": run.get("change_id"),
        "start": report["start"],
        "end": report["end"],
        "controls": _controls(report),
    }


def _controls(report: t.Mapping[str, t.Any]) -> list[Data]:
    """The controls that the report supports evidence for, whole or in part, and why in part only."""
    found: list[Data] = []
    missing = _missing_of_segmentation(report)
    if missing is not None:
        fields = [name for name in ("segmentation", "probes", "hit_logs", "coverage") if report[name]]
        found += [_told(control, fields, missing) for control in _SEGMENTATION]
    if report["run"].get("verb") in _RECOVERS:
        missing = _missing_of_recovery(report)
        found += [_told(control, ["clock", "steps", "rpo", "findings", "record"], missing) for control in _RECOVERY]
    return found


def _missing_of_segmentation(report: t.Mapping[str, t.Any]) -> list[str] | None:
    """What is missing for whole evidence; None if the run tested no segmentation."""
    if not report["segmentation"] and not report["probes"]:
        return None
    missing = [] if report["segmentation"] else ["no proof over all flows"]
    if not report["probes"]:
        missing.append("no packets were sent (probes)")
    elif any(probe.get("verdict") in ("INCONCLUSIVE", "SKIPPED") for probe in report["probes"]):
        missing.append("some probes say nothing")
    return missing


def _missing_of_recovery(report: t.Mapping[str, t.Any]) -> list[str]:
    rpo = report["rpo"] or {}
    return [
        what
        for what, there in (
            ("no recovery time objective is set", report["clock"]["rto_minutes"] is not None),
            ("the recovery time is not measured to its end", report["clock"]["rto_met"] is not None),
            ("no recovery point objective is set", (report["rpo"] or {"target_minutes": report["targets"].get("rpo_minutes")})["target_minutes"] is not None),
            ("the recovery point is not measured", rpo.get("max_seconds") is not None and not rpo.get("unknown")),
        )
        if not there
    ]


def _told(control: _Control, fields: t.Sequence[str], missing: t.Sequence[str]) -> Data:
    return {**control._asdict(), "status": PARTIAL if missing else EVIDENCE, "fields": list(fields), "missing": list(missing)}


def _once(values: t.Iterable[t.Any]) -> list[t.Any]:
    found: list[t.Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
