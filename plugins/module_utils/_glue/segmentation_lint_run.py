# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of segmentation_lint: the policies of one site in, findings out. Changes nothing."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .._errors import DrError
from .._segmentation.lint import CODES, lint
from .._segmentation.site_facts import SEVERITIES
from .estate_options import ESTATE_RULES, estate_spec, fail_at_spec, open_estate, reaches, readings_from, readings_spec
from .journey_options import record_spec
from .module import Result, make_module, run
from .recording import recorder


def run_segmentation_lint() -> None:
    """The whole of the module."""
    spec = {
        "ignore": {"type": "list", "elements": "str", "choices": list(CODES), "default": []},
        **fail_at_spec("never"),
        **estate_spec(),
        **readings_spec(),
        **record_spec(),
    }
    run(make_module(spec, connects=False, **ESTATE_RULES), _work, empty={"changed": False, "findings": [], "counts": {}})


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "segmentation_lint") as record:
        estate = open_estate(params)
        found = [
            fact
            for fact in lint(estate.for_engine(), estate.category_names(), readings_from(params))
            if fact.code not in params["ignore"]
        ]
        severity = max((fact.severity for fact in found), key=SEVERITIES.index, default="")
        findings = [fact._asdict() for fact in found]
        counts = {code: sum(fact.code == code for fact in found) for code in CODES}
        result: Result = {
            "changed": False,
            "site": estate.site,
            "read_from": estate.origin,
            "digest": estate.digest,
            "severity": severity,
            "counts": counts,
            "findings": findings,
        }
        told = [{**fact, "code": f"LINT_{fact['code'].upper()}", "problem": f"{fact['subject']} {fact['problem']}"} for fact in findings]
        record.check(f"lint {estate.site}", severity or "ok", {"site": estate.site, "counts": counts}, told)
        if reaches(severity, params["fail_at"]):
            worst = next(fact for fact in found if fact.severity == severity)
            result["failed_with"] = DrError(
                f"{len(found)} findings, the worst: {worst.subject} {worst.problem}", verb="lint", site=estate.site, fix="Look at 'findings'"
            )
        return result
