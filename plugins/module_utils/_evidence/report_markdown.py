# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run as Markdown: the verdict, what is wrong, then what was done. Knows the report, not the record."""

from __future__ import annotations

import typing as t

from .report import Report
from .report_matrix import kinds

# What a reader wants to know first of a run, in this order.
_HEAD = ("verb", "mode", "source", "target", "user", "change_id", "reason", "failure")


def to_markdown(report: Report) -> str:
    """The report for people: the verdict, what is wrong, then what was done."""
    run = report["run"]
    clock = report["clock"]
    lines = [f"# {_text(run.get('title') or 'Run')} {_text(report['run_id'])}: {report['verdict']}", ""]
    told = [name for name in _HEAD if run.get(name)] + sorted(name for name in run if name not in (*_HEAD, "title", "failed"))
    lines += [f"- {name.replace('_', ' ')}: {_text(run[name])}" for name in told]
    lines += [f"- start: {clock['start']}", f"- end: {clock['end']}", f"- took: {took(clock)}"]
    lines += [f"- recovery time objective: {objective(clock)}", f"- recovery point objective: {point_objective(report)}"]
    lines += [f"- record: {report['record']['chain']}, sha256 {report['record']['head']}", ""]
    lines += _table("Findings", ("severity", "code", "problem", "fix"), report["findings"])
    for proof in report["segmentation"]:
        lines += _proof(proof)
    lines += _table("Probes", ("verdict", "source", "destination", "service", "expected", "observed", "policy", "reason"), report["probes"])
    for log in report["hit_logs"]:
        title = f"Flow logs of {log['site']}: {log['lines']} lines, {log['agreements']} agree"
        lines += _table(title, ("contradiction", "lines", "policy", "for instance"), contradictions(log)) or [f"## {_text(title)}", ""]
    lines += _table("What is uncertain", ("about", "text"), report["uncertain"])
    bad = [outcome for outcome in report["outcomes"] if outcome.get("status") != "done"]
    lines += _table("Writes that failed or were skipped", ("verb", "kind", "name", "status", "error"), bad)
    lines += _table("Writes of unknown outcome", ("verb", "kind", "name"), report["unfinished"])
    lines += _table("Steps", ("step", "start", "took", "tools", "people", "target", "met"), [_step(step) for step in report["steps"]])
    if report["rpo"]:
        rows = [{**vm, "lost": "cannot be told" if vm["seconds"] is None else duration(vm["seconds"])} for vm in report["rpo"]["vms"]]
        lines += _table("Data lost, as measured", ("vm", "lost", "source", "point", "met"), rows)
    if report["coverage"]:
        rows = [{"when": when, **report["coverage"][when]} for when in ("before", "after")]
        lines += _table("Coverage", ("when", "enforced", "monitored", "not_secured"), rows)
    lines += _table("States of the pair", ("time", "what", "verb", "before", "after", "active", "epoch"), report["states"])
    lines += _table("Waivers", ("code", "text"), report["waivers"])
    lines += _table("Gates", ("step", "verdict", "reasons"), report["gates"])
    lines += _table("Checks", ("step", "check", "verdict", "counts"), report["checks"])
    lines += _table("Workloads", ("name", "status", "secured_by", "expected", "findings"), report["workloads"])
    lines += _table("Plans", ("step", "site", "plan_digest", "summary"), report["plans"])
    done = [outcome for outcome in report["outcomes"] if outcome.get("status") == "done"]
    lines += _table("Writes", ("step", "site", "verb", "kind", "name", "task"), done)
    lines += _table("Notes", ("step", "message"), report["notes"])
    lines += _evidence(report["evidence"])
    return "\n".join(lines).rstrip("\n") + "\n"


def _proof(proof: Report) -> list[str]:
    """A proof with its causes and differences, and of the matrix what differs."""
    lines = [f"## Segmentation {_text(proof['source'])} to {_text(proof['target'])}: {_text(proof['verdict'])}", "", f"{_text(proof['proof'])}.", ""]
    lines += _table("Causes", ("kind", "policy", "groups", "explanation"), proof["causes"] or (), level=3)
    lines += _table("Facts", ("severity", "code", "subject", "problem", "fix"), proof["facts"] or (), level=3)
    rows = [{**row, "witness": "{from} to {to} {service}".format(**row["witness"])} for row in proof["differences"]]
    lines += _table("Flows that differ", ("kind", "services", "pairs", "witness", "before", "after"), rows, level=3)
    ways = [{**way, "differs": kinds(way)} for way in (proof["matrix"] or {}).get("ways") or () if kinds(way)]
    return lines + _table("Tiers between which flows differ", ("from", "to", "before", "after", "differs"), ways, level=3)


def _evidence(evidence: Report) -> list[str]:
    lines = ["## Evidence", "", evidence["statement"], ""]
    for name in ("tools", "methods", "inputs", "plans", "testers"):
        lines += [f"- {name[:-1]}: {_text(value)}" for value in evidence[name]]
    lines += [f"- scope: {_text(evidence['scope'])}", ""]
    rows = [{**row, "supports evidence for": f"{row['framework']} {row['clause']}"} for row in evidence["controls"]]
    return lines + _table("Controls", ("supports evidence for", "asks", "status", "missing"), rows, level=3)


def contradictions(log: Report) -> list[Report]:
    """What a log contradicts, a row for each class and policy, with three of its lines in words."""
    return [
        {
            **row,
            "contradiction": row["class"].replace("_", " "),
            "lines": row["count"],
            "for instance": [_example(one) for one in (row.get("examples") or ())[:3]],
        }
        for row in log.get("contradictions") or ()
    ]


def _example(one: Report) -> str:
    reason = f": {one['reason']}" if one.get("reason") else ""
    return f"{one['source']} to {one['destination']} {one['service']}{reason}"


def _step(step: Report) -> Report:
    """A step with its times in words."""
    seconds = {"took": step["seconds"], "tools": step["tool_seconds"], "people": step["people_seconds"], "target": (step["target_minutes"] or 0) * 60}
    return {**step, **{name: duration(number) if number or name == "took" else "" for name, number in seconds.items()}}


def took(clock: Report) -> str:
    """The time of a run in words."""
    tries = f", in {clock['attempts']} attempts" if clock["attempts"] > 1 else ""
    return f"{duration(clock['seconds'])}: {duration(clock['tool_seconds'])} of tools, {duration(clock['people_seconds'])} waiting for people{tries}"


def point_objective(report: Report) -> str:
    """Whether the recovery point objective was met, in words."""
    limit, rpo = report["targets"].get("rpo_minutes"), report["rpo"]
    if limit is None:
        return "none is set"
    judged = {True: "met", False: "not met", None: "cannot be told of all"}[rpo["met"]] if rpo else "not measured"
    return f"{duration(limit * 60)}, {judged}"


def objective(clock: Report) -> str:
    """Whether the recovery time objective was met, in words."""
    if clock["rto_minutes"] is None:
        return "none is set"
    judged = {True: "met", False: "not met", None: "not reached yet"}[clock["rto_met"]]
    return f"{duration(clock['rto_minutes'] * 60)}, {judged}"


def duration(seconds: float) -> str:
    """``8 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{rest} s" if rest and not hours else "")
    return " ".join(part for part in parts if part)


def _table(title: str, columns: t.Sequence[str], rows: t.Sequence[Report], *, level: int = 2) -> list[str]:
    if not rows:
        return []
    lines = [f"{'#' * level} {_text(title)}", "", f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    lines += [f"| {' | '.join(_text(row.get(column, '')) for column in columns)} |" for row in rows]
    return [*lines, ""]


def _text(value: t.Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = "; ".join(_text(item) for item in value)
    elif isinstance(value, dict):
        value = ", ".join(f"{str(key).replace('_', ' ')} {_text(item)}" for key, item in value.items() if item not in (None, "", [], {}))
    # A viewer of Markdown would take names that look like tags for tags.
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|").replace("\n", " ")
