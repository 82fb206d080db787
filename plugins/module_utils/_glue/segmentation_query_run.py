# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of segmentation_query: flows in, verdicts with their reasons out. Changes nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import DrError, Finding, InvalidInput
from .._model.problems import Problems
from .._segmentation.entry_names import EntryNames
from .._segmentation.verdict import Flow, Segmentation, Verdict
from .._segmentation.wording import decision_data, flow_data, reading_data, verdict_words
from .estate_options import ESTATE_RULES, estate_spec, open_estate, readings_from, readings_spec
from .module import Result, make_module, run

ALLOW, DENY = "allow", "deny"
_FLOW: dict[str, t.Any] = {
    "from": {"type": "str"},
    "to": {"type": "str"},
    "service": {"type": "str"},
    "ipv6": {"type": "bool", "default": False},
    "expect": {"type": "str", "choices": [ALLOW, DENY]},
}
_NEEDED = ("from", "to", "service")


def run_segmentation_query() -> None:
    """The whole of the module."""
    flow = {name: {**option, "required": True} if name in _NEEDED else option for name, option in _FLOW.items()}
    spec = {
        **_FLOW,
        "flows": {"type": "list", "elements": "dict", "options": flow},
        "check_readings": {"type": "bool", "default": True},
        **estate_spec(),
        **readings_spec(),
    }
    rules = {
        **ESTATE_RULES,
        "mutually_exclusive": [*ESTATE_RULES["mutually_exclusive"], *((name, "flows") for name in (*_NEEDED, "expect"))],
        "required_one_of": [*ESTATE_RULES["required_one_of"], ("from", "flows")],
        "required_together": [_NEEDED],
    }
    run(make_module(spec, connects=False, **rules), _work, empty={"changed": False, "verdicts": [], "unexpected": []})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    asked = params["flows"] if params["flows"] is not None else [params]
    estate = open_estate(params)
    readings = readings_from(params)
    engine = Segmentation(estate.for_engine(), readings)
    names = EntryNames(engine.objects.rules)
    problems = Problems()
    verdicts = []
    for number, item in enumerate(asked):
        flow = Flow(item["from"], item["to"], item["service"], item["ipv6"])
        try:
            verdict = engine.verdict(flow)
            depends_on = engine.depends_on(flow) if params["check_readings"] else ()
        except DrError as error:
            for finding in _findings(error):
                problems.add(f"flows[{number}]" if params["flows"] is not None else "flow", finding.problem, finding.fix)
            continue
        verdicts.append(_told(flow, verdict, names, item["expect"], reading_data(depends_on, readings)))
    problems.check(verb="judge", site=estate.site)
    unexpected = [verdict["explanation"] for verdict in verdicts if not verdict["as_expected"]]
    result: Result = {
        "changed": False,
        "site": estate.site,
        "read_from": estate.origin,
        "digest": estate.digest,
        "verdicts": verdicts,
        "unexpected": unexpected,
    }
    if unexpected:
        findings = [
            Finding(f"expected {verdict['expect']}", verdict["explanation"], "correct the policy or the expectation")
            for verdict in verdicts
            if not verdict["as_expected"]
        ]
        result["failed_with"] = InvalidInput(findings, verb="judge", site=estate.site)
    return result


def _findings(error: DrError) -> t.Sequence[Finding]:
    return error.findings if isinstance(error, InvalidInput) else (Finding("", error.cause, error.fix),)


def _told(flow: Flow, verdict: Verdict, names: EntryNames, expect: str | None, depends_on: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    word = ALLOW if verdict.allowed else DENY
    return {
        **flow_data(flow),
        "verdict": word,
        "monitored": verdict.monitored,
        "if_enforced": ALLOW if verdict.if_enforced else DENY,
        "decided_by": [decision_data(one, names) for one in verdict.decided_by],
        "depends_on": depends_on,
        "explanation": verdict_words(flow, verdict, names),
        "expect": expect,
        "as_expected": expect in (None, word),
    }
