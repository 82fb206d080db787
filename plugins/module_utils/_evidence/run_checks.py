# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of a run found, by its record: proofs of segmentation, probes, hit logs, and what nobody can tell. Pure."""

from __future__ import annotations

import typing as t

from .record import Event

Data = dict[str, t.Any]

#: What a check leaves that has a place of its own in the report: see docs/reports.md.
PARTS = (
    "workloads", "groups", "causes", "matrix", "policies", "coverage", "depends_on", "inputs", "compared", "not_compared", "notes", "facts",
    "probes", "hit_log", "recovered", "method",
)
_PROOF = (
    "source", "target", "verdict", "proof", "counts", "coverage", "causes", "facts", "matrix", "policies", "depends_on", "compared", "not_compared", "notes",
)


def checks(events: t.Iterable[Event]) -> list[Data]:
    """Every check without the parts that are told elsewhere."""
    return [{"step": event.step, **{name: value for name, value in event.data.items() if name not in PARTS}} for event in _checks(events)]


def proofs(events: t.Iterable[Event]) -> list[Data]:
    """Every proof of segmentation in its order, with ``differences``. ``last``: no later proof of the same two sites takes its place."""
    found = [event for event in _checks(events) if "groups" in event.data]
    last = {event.data["check"]: event.seq for event in found}
    return [
        {
            "step": event.step,
            "time": event.time,
            "last": last[event.data["check"]] == event.seq,
            "differences": [difference(group) for group in event.data["groups"]],
            **{name: event.data.get(name) for name in _PROOF},
        }
        for event in found
    ]


def difference(group: t.Mapping[str, t.Any]) -> Data:
    """A group of flows that differ, in one line: how many pairs of ends, a packet that shows it as the site after the move knows it, and
    the policies that decide before and after."""
    sides = list(group["cause"].values())
    witness = list(group["witness"].values())[-1]
    return {
        "kind": group["kind"],
        "severity": group["severity"],
        "services": group["services"],
        "ipv6": group["ipv6"],
        "pairs": sum(_number(way["from"]) * _number(way["to"]) for way in group["flows"]),
        "witness": {name: witness[name] for name in ("from", "to", "service")},
        "policies": sorted({one["policy"] for side in sides for one in side if one["policy"]}),
        "before": [_decision(one) for one in sides[0]],
        "after": [_decision(one) for one in sides[-1]],
        "explanation": group["explanation"],
    }


def probes(events: t.Iterable[Event]) -> list[Data]:
    """The probes of the last check of each name, those that show something first."""
    rows = [{"site": event.data.get("site"), **probe} for event in _last(events, "probes") for probe in event.data["probes"]]
    return sorted(rows, key=lambda row: (_worse(row.get("verdict")), str(row.get("site")), str(row.get("id"))))


def hit_logs(events: t.Iterable[Event]) -> list[Data]:
    """What the last check of the logs of each site found."""
    return [{"site": event.data.get("site"), "verdict": event.data.get("verdict"), **event.data["hit_log"]} for event in _last(events, "hit_log")]


def inputs(events: t.Iterable[Event]) -> list[Data]:
    """What the checks were made of, with digests; each once."""
    found: list[Data] = []
    for event in _checks(events):
        for what, given in (event.data.get("inputs") or {}).items():
            row = {"check": event.data.get("check"), "what": what, **given}
            if row not in found:
                found.append(row)
        if event.data.get("baseline_digest"):
            row = {"check": event.data.get("check"), "what": "baseline", "site": event.data.get("site"), "digest": event.data["baseline_digest"]}
            if row not in found:
                found.append(row)
    return found


def methods(events: t.Iterable[Event]) -> list[str]:
    """How the checks found out what they say, each sentence once."""
    told: list[str] = []
    for event in _checks(events):
        for part, sentence in _METHODS.items():
            if part in event.data:
                told.append(event.data.get("method") or sentence)
    return list(dict.fromkeys(told))


def uncertain(events: t.Sequence[Event]) -> list[Data]:
    """What the last checks can't tell, or tell only if something holds: ``about`` and ``text``."""
    told: list[tuple[str, str]] = []
    for event in _last(events, "groups"):
        about = str(event.data["check"])
        readings = event.data.get("depends_on") or ()
        told += [(about, f"depends on the reading '{one['reading']}', taken as {one['taken']}: {one['default_means']}") for one in readings]
        told += [(about, str(note)) for note in event.data.get("notes") or ()]
        left_out = [name for names in (event.data.get("not_compared") or {}).values() for name in names]
        if left_out:
            names = ", ".join(left_out[:10]) + (", ..." if left_out[10:] else "")
            told.append((about, f"nothing is said about {len(left_out)} that only one site has: {names}"))
        if (event.data.get("matrix") or {}).get("note"):
            told.append((about, f"no matrix of tiers: {event.data['matrix']['note']}"))
    open_probes = [row for row in probes(events) if row.get("verdict") in ("INCONCLUSIVE", "SKIPPED")]
    if open_probes:
        reasons = sorted({str(row.get("reason") or "no reason given") for row in open_probes})
        told.append(("probes", f"{len(open_probes)} probes say nothing: {'; '.join(reasons[:5])}{'; ...' if reasons[5:] else ''}"))
    for log in hit_logs(events):
        unread = {reason: number for reason, number in (log.get("unread") or {}).items() if number}
        if unread:
            counted = ", ".join(f"{number} {reason}" for reason, number in sorted(unread.items()))
            told.append((f"hit log of {log['site']}", f"lines that say nothing: {counted}"))
        if (log.get("rules") or {}).get("never"):
            told.append((f"hit log of {log['site']}", f"{len(log['rules']['never'])} entries of rules were never exercised"))
    return [{"about": about, "text": text} for about, text in told]


#: Part of a check -> how it was made.
_METHODS = {
    "groups": "Proof: the verdicts of both sites' security rules were computed and compared for every possible packet, by classes that no rule tells apart",
    "workloads": "Inventory: each workload was looked at on the site, and what secures it was compared with the baseline",
    "probes": "Probes: packets were sent between workloads, each that must not pass beside one that must (positive control)",
    "hit_log": "Logs: each line of the flow logs was compared with the verdict that the security rules give",
}
_ORDER = ("FAIL_OPEN", "FAIL_CLOSED", "INCONCLUSIVE", "SKIPPED", "PASS")


def _checks(events: t.Iterable[Event]) -> list[Event]:
    return [event for event in events if event.type == "check"]


def _last(events: t.Iterable[Event], part: str) -> list[Event]:
    """The last check of each name that left this part."""
    return list({event.data["check"]: event for event in _checks(events) if part in event.data}.values())


def _decision(one: t.Mapping[str, t.Any]) -> str:
    end = "source" if one["direction"] == "out" else "destination"
    by = " ".join(str(one[name]) for name in ("policy", "entry") if one.get(name)) or "no policy"
    text = f" '{one['entry_text']}'" if one.get("entry_text") else ""
    return f"{one['action']} at the {end} by {by}{text} ({one['stage']})"


def _number(names: t.Sequence[str]) -> int:
    """How many a list of names stands for: its last line may say how many more there are."""
    last = names[-1].split() if names else []
    if len(last) == 3 and last[0] == "and" and last[2] == "more":
        return len(names) - 1 + int(last[1])
    return len(names)


def _worse(verdict: t.Any) -> int:
    return _ORDER.index(verdict) if verdict in _ORDER else len(_ORDER)
