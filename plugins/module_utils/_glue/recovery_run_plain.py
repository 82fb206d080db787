# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions of recovery_run that make no job: clean up after tests, resume protection. Looks first whether there is anything to do."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.recovery_follow import Following, PlanAt, check_can_resume, exists
from .._engine.recovery_job import is_active, recovered
from .._errors import Conflict, DrError
from .module import Result
from .recording import Recorder

CLEAN_UP, RESUME = "clean_up", "resume_protection"
#: The action in the path of the call.
PLAIN_ACTIONS = {CLEAN_UP: "clean-up-resources", RESUME: "resume-protection"}
_KIND = "recovery_plan"


def plain_action(module: AnsibleModule, plan: PlanAt, following: Following, record: Recorder) -> Result:
    """The part of the module's result that these actions fill."""
    action = module.params["action"]
    left = _test_vms(plan) if action == CLEAN_UP else _paused(plan)
    title = f"recovery plan '{plan.name}' on {plan.client.site}"
    words = {CLEAN_UP: "recovered by tests", RESUME: "protection is paused"}[action]
    before = "".join(f"{words}: {name}\n" for name in left)
    diff = [{"before_header": title, "after_header": title, "before": before, "after": ""}] if left else []
    result: Result = {"changed": bool(left), "verdict": "go", "diff": diff}
    if module.check_mode or not left:
        return result
    record.intents(action, _KIND, [plan.name], plan.client.site)
    try:
        plan.act(PLAIN_ACTIONS[action], module.params["run_id"] or "", following)
    except DrError as error:
        record.outcome(action, _KIND, plan.name, error)
        raise
    record.outcome(action, _KIND, plan.name, None)
    return result


def _paused(plan: PlanAt) -> list[str]:
    check_can_resume(plan)
    return [plan.name] if plan.body.get("isProtectionPausedPostFailover") else []


def _test_vms(plan: PlanAt) -> list[str]:
    """What test failovers of this plan left, of whatever run: VMs that one of its jobs made and that are still there."""
    tests = [job for job in plan.jobs() if job.get("recoveryPlanExtId") == plan.ext_id and job.get("actionType") == "TEST_FAILOVER"]
    running = next((job for job in tests if is_active(job)), None)
    if running is not None:
        raise Conflict(
            f"the test '{running.get('name')}' is still running",
            verb=CLEAN_UP,
            kind=_KIND,
            name=plan.name,
            site=plan.client.site,
            fix="Wait until it is over",
        )
    made: dict[str, t.Any] = {vm["recovered"]: vm["name"] for job in tests for vm in recovered(plan.steps(job))}
    return sorted(str(name) for ext_id, name in made.items() if exists(plan.client, str(ext_id)))
