# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a run as one HTML file that needs nothing else: for a browser, a phone and paper. Knows the report, not the record.

jinja2 comes with ansible-core, so it is there wherever ansible-playbook runs its own Python, as all playbooks of this collection
say. The template stands in a Python file, because only Python files travel with a module.
"""

from __future__ import annotations

import typing as t

from .report import Report
from .report_markdown import contradictions, duration, objective, point_objective, took
from .report_matrix import grid
from .report_template import TEMPLATE
from .run_times import read_time, seconds_between

try:
    import jinja2
except ImportError:
    HAS_JINJA2 = False
else:
    HAS_JINJA2 = True

# The drawing of the timeline, in units of its own: it is stretched to the width of the page.
_WIDTH, _LABELS, _ROW = 1000.0, 130.0, 30.0
_TONES = {"OK": "good", "OK WITH WARNINGS": "fair", "INTERIM": "fair"}
_LEVELS = ("enforced", "monitored", "unsecured", "basic_vlan")
_SHOWN = ("change_id", "reason", "user")


def to_html(report: Report) -> str:
    """The whole page. Everything in it is escaped. Raises RuntimeError where jinja2 is missing: ask HAS_JINJA2 first."""
    if not HAS_JINJA2:
        raise RuntimeError("jinja2 is not installed")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters.update(duration=duration, words=_words, clock=_clock)
    outcomes = report["outcomes"]
    verdicts = [probe.get("verdict") for probe in report["probes"]]
    page: str = environment.from_string(TEMPLATE).render(
        report=report,
        tone=_TONES.get(report["verdict"], "bad"),
        facts=[(name.replace("_", " "), report["run"][name]) for name in _SHOWN if report["run"].get(name)],
        took=took(report["clock"]),
        objective=objective(report["clock"]),
        timeline=timeline(report),
        proofs=[_proof(proof) for proof in report["segmentation"]],
        probe_counts={verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)},
        probe_tones={"PASS": "good", "FAIL_OPEN": "bad", "FAIL_CLOSED": "bad"},
        contradictions=contradictions,
        rpo_words=point_objective(report),
        vms=sorted(report["workloads"], key=lambda vm: (vm.get("status") == "ok", str(vm.get("name")))),
        states=[_state(state) for state in report["states"]],
        bad=[outcome for outcome in outcomes if outcome.get("status") != "done"],
        done=[outcome for outcome in outcomes if outcome.get("status") == "done"],
    )
    return page.strip() + "\n"


def _proof(proof: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A proof with what is drawn of it: bars of interfaces by state, and the matrix."""
    counted = [(when, (proof["coverage"] or {}).get(when) or {}) for when in ("before", "after")]
    bars = [(when, counts["interfaces"], [(level, counts.get(level, 0)) for level in _LEVELS]) for when, counts in counted if counts.get("interfaces")]
    tiers, rows = grid(proof["matrix"])
    return {**proof, "levels": _LEVELS, "bars": bars, "tiers": tiers, "grid": rows}


def _state(state: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A change of the pair in few columns."""
    before, after = state["before"], state["after"]
    told = f"{state['what']}, {state['verb'].replace('_', ' ')}{', resumed' if state.get('resumed') else ''}"
    return {**state, "at": _clock(state["time"]), "told": told, "change": after if before == after else f"{before} to {after}"}


def timeline(report: Report) -> dict[str, t.Any]:
    """Rectangles for the steps, a row for each: ``bars`` (x, width, kind tool or people), ``marks`` on the time axis,
    ``gaps`` in which no run was at work, ``height``."""
    clock = report["clock"]
    total = float(clock["seconds"])
    if not total or not report["spans"]:
        return {}
    scale = (_WIDTH - _LABELS) / total

    def at(moment: str) -> float:
        return round(_LABELS + scale * max(seconds_between(clock["start"], moment), 0.0), 1)

    rows: list[dict[str, t.Any]] = []
    for name in dict.fromkeys(span["step"] for span in report["spans"]):
        bars = []
        for span in (one for one in report["spans"] if one["step"] == name):
            start, end = at(span["start"]), at(span["end"])
            people = min(scale * span["waited"], end - start)
            bars.append({"x": start, "width": max(round(end - start, 1), 2.0), "kind": "tool"})
            if people:
                bars.append({"x": start, "width": round(people, 1), "kind": "people"})
        rows.append({"name": name, "y": _ROW * len(rows), "bars": bars, "step": next(step for step in report["steps"] if step["step"] == name)})
    axis = _ROW * len(rows)
    limit = (clock["rto_minutes"] or 0) * 60
    return {
        "rows": rows,
        "axis": axis,
        "height": axis + _ROW,
        "gaps": [
            {"x": at(gap["start"]), "width": round(at(gap["end"]) - at(gap["start"]), 1), "seconds": seconds_between(gap["start"], gap["end"])}
            for gap in report["gaps"]
        ],
        "marks": [{"x": round(_LABELS + scale * seconds, 1), "text": duration(seconds)} for seconds in _ticks(total)],
        "limit": round(_LABELS + scale * limit, 1) if 0 < limit <= total else None,
    }


def _ticks(total: float) -> list[float]:
    """Round times for the axis, five or less after zero."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
    step = next((step for step in steps if total / step <= 5), 7 * 86400)
    return [float(number * step) for number in range(int(total // step) + 1)]


def _clock(moment: str) -> str:
    """A time as people read it; the record has it to the millisecond."""
    return read_time(moment).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""


def _words(value: t.Any) -> str:
    """A value of any shape in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{str(key).replace('_', ' ')} {_words(item)}" for key, item in value.items() if item not in (None, "", [], {}))
    return str(value)
