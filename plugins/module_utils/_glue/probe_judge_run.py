# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of probe_judge: a plan and what became of its probes in, verdicts out. Changes nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import DrError, Finding, InvalidInput
from .._net.connect_scan import OUTCOMES
from .._segmentation.probe_judge import CONTROLS, FAIL_CLOSED, FAIL_OPEN, INCONCLUSIVE, RESULTS, Expected, Judged, Seen, judge
from .._segmentation.site_facts import NOTE, PROBLEM, SEVERITIES, WARNING
from .estate_options import fail_at_spec, reaches
from .journey_options import record_spec
from .module import Result, make_module, run
from .recording import recorder

Data = t.Mapping[str, t.Any]
_SEVERITY = {FAIL_OPEN: PROBLEM, FAIL_CLOSED: WARNING, INCONCLUSIVE: NOTE}
_NEEDED = ("id", "source", "source_address", "destination", "destination_address", "service", "expected", "policy", "entry", "rejects", "explanation")
_METHOD = "packets that the policy engine chose were sent between VMs; silence counts as denied only where the same host answered somebody"
_SHOWN = 20


def run_probe_judge() -> None:
    """The whole of the module."""
    observed = {
        "id": {"type": "str", "required": True},
        "outcome": {"type": "str", "choices": list(OUTCOMES), "required": True},
        "detail": {"type": "str", "default": ""},
        "latency_ms": {"type": "float", "default": 0},
        "tries": {"type": "int", "default": 0},
    }
    spec = {
        "plan": {"type": "dict", "required": True},
        "observed": {"type": "list", "elements": "dict", "options": observed, "required": True},
        "control": {"type": "str", "choices": list(CONTROLS), "default": CONTROLS[0]},
        "max_inconclusive": {"type": "int", "default": 50},
        **fail_at_spec(PROBLEM),
        **record_spec(),
    }
    run(make_module(spec, connects=False), _work, empty={"changed": False, "probes": [], "counts": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "probe_judge") as record:
        planned = _checked(params["plan"], params["observed"])
        site = str(params["plan"].get("site", ""))
        seen = {one["id"]: Seen(one["outcome"], one["detail"]) for one in params["observed"]}
        judged = judge([_expected(one) for one in planned], seen, control=params["control"], site_rejects=bool(params["plan"].get("rejects")))
        probes = [_told(one, seen, verdict) for one, verdict in zip(planned, judged, strict=True)]
        counts = {result: sum(one.result == result for one in judged) for result in RESULTS}
        findings = _findings(probes, counts, params["max_inconclusive"])
        severity = max((one["severity"] for one in findings), key=SEVERITIES.index, default="")
        summary = f"{len(probes)} probes: {', '.join(f'{counts[result]} {result}' for result in reversed(RESULTS))}"
        result: Result = {
            "changed": False,
            "site": site,
            "severity": severity,
            "counts": counts,
            "probes": probes,
            "findings": findings,
            "summary": summary,
        }
        inputs = {"policies": {"site": site, "read_from": params["plan"].get("read_from", ""), "digest": params["plan"].get("digest", "")}}
        about = {"site": site, "counts": counts, "probes": probes, "inputs": inputs, "method": _METHOD}
        about.update({name: params["plan"].get(name) for name in ("plan_digest", "coverage", "not_covered")})
        record.check(f"probes {site}".strip(), severity or "ok", about, findings)
        if reaches(severity, params["fail_at"]):
            result["failed_with"] = _failure(summary, findings, site, params["fail_at"])
        return result


def _checked(plan: Data, observed: t.Sequence[Data]) -> list[Data]:
    """The probes of a plan. Raises InvalidInput if it is none, or if what was observed is not of this plan."""
    probes = plan.get("probes")
    if not isinstance(probes, list) or not all(isinstance(one, dict) and all(name in one for name in _NEEDED) for one in probes):
        raise InvalidInput([Finding("plan", "is not the result of probe_plan", "register that task and hand its result over")], verb="judge")
    known = {one["id"] for one in probes}
    strange = sorted({one["id"] for one in observed} - known)
    ids = [one["id"] for one in observed]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    findings = [Finding("observed", f"{name} is not in the plan", "hand over what became of the probes of this plan") for name in strange]
    findings += [Finding("observed", f"{name} is there twice", "hand over each result once") for name in twice]
    if findings:
        raise InvalidInput(findings, verb="judge")
    return probes


def _expected(probe: Data) -> Expected:
    return Expected(probe["id"], probe["source_address"], probe["destination_address"], probe["service"], probe["expected"], bool(probe["rejects"]))


def _told(probe: Data, seen: t.Mapping[str, Seen], judged: Judged) -> dict[str, t.Any]:
    what = seen.get(probe["id"], Seen("not_run"))
    return {
        **{name: probe[name] for name in ("id", "source", "destination", "service", "expected", "policy", "entry")},
        "observed": what.outcome,
        "verdict": judged.result,
        "control": judged.control,
        "control_shows": judged.shows,
        "reason": judged.reason,
        "explanation": f"{judged.result} {probe['explanation']}; observed {what.outcome}: {judged.reason}",
    }


def _findings(probes: t.Sequence[Data], counts: t.Mapping[str, int], most: int) -> list[dict[str, str]]:
    """What failed one by one, the worst first; what can't be told by its reason."""
    found = [
        {"severity": _SEVERITY[result], "code": result, "problem": probe["explanation"], "fix": _FIXES[result]}
        for result in (FAIL_OPEN, FAIL_CLOSED)
        for probe in probes
        if probe["verdict"] == result
    ]
    untold = [probe for probe in probes if probe["verdict"] == INCONCLUSIVE]
    if not probes or len(untold) * 100 > most * len(probes):
        share = f"{counts[INCONCLUSIVE]} of {len(probes)} probes can't be judged, more than {most} percent" if probes else "there was no probe to judge"
        found.insert(0, {"severity": PROBLEM, "code": "CANNOT_TELL", "problem": share, "fix": _FIXES[INCONCLUSIVE]})
    for reason in sorted({probe["reason"] for probe in untold}):
        same = [probe for probe in untold if probe["reason"] == reason]
        example = f"{same[0]['source']} -> {same[0]['destination']} {same[0]['service']}"
        problem = f"{len(same)} of {len(probes)} probes can't be judged ({reason}), for instance {example}"
        found.append({"severity": NOTE, "code": INCONCLUSIVE, "problem": problem, "fix": _FIXES[INCONCLUSIVE]})
    return found


_FIXES = {
    FAIL_OPEN: "what is denied gets through: compare the site with its policies, and see whether they are enforced there",
    FAIL_CLOSED: "what is allowed doesn't get through: look at the policies of the site, then at the firewall of the host",
    INCONCLUSIVE: "let all hosts take part, or see that something answers at the destination, and run again",
}


def _failure(summary: str, findings: t.Sequence[Data], site: str, fail_at: str) -> DrError:
    bad = [one for one in findings if reaches(one["severity"], fail_at)]
    lines = [f"\n  - {one['severity']}: {one['problem']}" for one in bad[:_SHOWN]]
    more = f"\n  - and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    return DrError(f"{summary}{''.join(lines)}{more}", verb="probe", site=site, fix="Look at 'findings'")
