# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of recovery_run: one job of a recovery plan, started once per run and followed. Knows options, results and evidence."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.clusters import cluster_id
from .._engine.gate import NO_GO, OK, PROBLEM, WAIVED, Reason, verdict_of, waive
from .._engine.recovery_follow import Following, PlanAt, directions
from .._engine.recovery_job import (
    ATTACH,
    JOB_ACTIONS,
    REFUSE,
    REPORT,
    STOP,
    VALIDATE,
    Body,
    decide,
    did_nothing,
    is_good,
    recovered,
    told_findings,
    told_job,
    told_steps,
)
from .._engine.recovery_site import identity
from .._engine.site import Site
from .._errors import Conflict, DrError, Finding, InvalidInput, TaskFailed
from .gate_options import today, waivers_from, waivers_spec
from .journey_options import record_spec
from .module import Result, make_module, open_site, run
from .progress_lines import ProgressLines, progress_spec
from .recording import Recorder, recorder
from .recovery_run_plain import PLAIN_ACTIONS, plain_action

_KIND = "recovery_plan"
_SPEC: dict[str, dict[str, t.Any]] = {
    "plan": {"type": "str", "required": True},
    "action": {"type": "str", "required": True, "choices": [*JOB_ACTIONS, *PLAIN_ACTIONS]},
    "run_id": {"type": "str"},
    "target_cluster": {"type": "str"},
    "live_migrate": {"type": "bool", "default": False},
    "reference_time": {"type": "str"},
    "instant_restore": {"type": "bool", "default": False},
    "pause_protection": {"type": "bool", "default": False},
    "retry": {"type": "bool", "default": False},
    "job_timeout": {"type": "int", "default": 14400},
    "poll_interval": {"type": "int", "default": 5},
}


def run_recovery() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **waivers_spec(), **progress_spec(), **record_spec()}
    needed = [("action", action, ("run_id",)) for action in JOB_ACTIONS]
    run(make_module(spec, required_if=needed), _work, empty=_nothing())


def _nothing() -> Result:
    validation: Result = {"errors": [], "warnings": []}
    return {"changed": False, "verdict": NO_GO, "reasons": [], "job": None, "vms": [], "steps": [], "validation": validation, "diff": []}


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "recovery_run") as record:
        site = open_site(params)
        plan = PlanAt(site.client, params["plan"])
        lines = ProgressLines(params["progress_file"])
        following = Following(float(params["job_timeout"]), float(max(params["poll_interval"], 1)), lines.tell)
        if params["action"] in PLAIN_ACTIONS:
            return {**_nothing(), **plain_action(module, plan, following, record)}
        return _Run(module, site, plan, following, record).result()


class _Run:
    """One task about a job."""

    def __init__(self, module: AnsibleModule, site: Site, plan: PlanAt, following: Following, record: Recorder) -> None:
        self.params = module.params
        self.check_mode = module.check_mode
        self.site, self.plan, self.following, self.record = site, plan, following, record
        self.waivers = waivers_from(self.params["waivers"])

    def result(self) -> Result:
        action, run_id = self.params["action"], self.params["run_id"]
        jobs = self.plan.jobs()
        decision = decide(jobs, self.plan.ext_id, action, run_id, retry=self.params["retry"])
        if decision.verb == REFUSE and decision.job is not None:
            raise self._busy(decision.job)
        if decision.verb in (REPORT, STOP) and decision.job is not None:
            return self._ended(decision.job, changed=False)
        if self.check_mode:
            return {**_nothing(), "verdict": "cannot_tell", "changed": action != VALIDATE, "diff": self._diff()}
        if decision.verb == ATTACH and decision.job is not None:
            return self._ended(self.plan.follow(self.following, job=decision.job), changed=action != VALIDATE)
        return self._begin(jobs)

    def _begin(self, jobs: list[Body]) -> Result:
        """Start the job; once more over its warnings, if these were all there was against it and each is waived by name."""
        action, run_id = self.params["action"], self.params["run_id"]
        spec = self._spec()
        ended: Body = {}
        for ignore in (False, True):
            known = {str(job["extId"]) for job in jobs}
            ours = sum(job.get("name") == run_id and job.get("recoveryPlanExtId") == self.plan.ext_id for job in jobs)
            if action != VALIDATE:
                self.record.intents(action, _KIND, [self.plan.name], self.site.label)
                spec["shouldIgnoreWarnings"] = ignore
            task = self.plan.start(action, run_id, spec, attempt=f"{ours} {ignore}")
            ended = self.plan.follow(self.following, task=task, known=known)
            if action == VALIDATE or ignore or not did_nothing(ended) or not self._only_waived(ended):
                break
            jobs = self.plan.jobs()
        return self._ended(ended, changed=action != VALIDATE and not did_nothing(ended))

    def _spec(self) -> dict[str, t.Any]:
        """The body of the call, without what differs between attempts."""
        params, action = self.params, self.params["action"]
        cluster = cluster_id(self.site.client, params["target_cluster"]) if params["target_cluster"] else ""
        spec: dict[str, t.Any] = {"failoverDirections": directions(self.plan.body, identity(self.site).ext_id, cluster)}
        if action == "planned" and params["live_migrate"]:
            spec["shouldLiveMigrateVMs"] = True
        if action == "unplanned" and params["reference_time"]:
            spec["recoveryReferenceTime"] = params["reference_time"]
        if action in ("unplanned", "test") and params["instant_restore"]:
            spec["isInstantRestore"] = True
        if action in ("planned", "unplanned") and params["pause_protection"]:
            spec["postFailoverBehaviour"] = {"shouldPauseProtection": True}
        return spec

    def _reasons(self, findings: list[Result]) -> list[Reason]:
        """What the validation found, as reasons of a gate: only warnings can be waived, each by its code."""
        reasons = [Reason(item["code"], PROBLEM, f"{item['severity']} ({item['group']}): {item['message']}", item["fix"]) for item in findings]
        waivable = {item["code"] for item in findings if item["severity"] == "warning"}
        waivable -= {item["code"] for item in findings if item["severity"] == "error"}
        used = [waiver for waiver in self.waivers if waiver.code in waivable]
        return waive(reasons, used, today(), waivable) or [Reason("VALIDATED", OK, "the validation found nothing")]

    def _only_waived(self, job: Body) -> bool:
        reasons = self._reasons(told_findings(self.plan.findings(job)))
        return any(reason.status == WAIVED for reason in reasons) and verdict_of(reasons) != NO_GO

    def _ended(self, job: Body, *, changed: bool) -> Result:
        """The result of a job that is over."""
        steps = self.plan.steps(job)
        found = told_findings(self.plan.findings(job))
        reasons = self._reasons(found)
        result: Result = {
            **_nothing(),
            "changed": changed,
            "verdict": verdict_of(reasons),
            "reasons": [dict(reason._asdict()) for reason in reasons],
            "job": told_job(job),
            "vms": recovered(steps),
            "steps": told_steps(steps, self.plan.stage_numbers() if steps else {}),
            "validation": {f"{severity}s": [item for item in found if item["severity"] == severity] for severity in ("error", "warning")},
            "diff": self._diff() if changed else [],
        }
        action = self.params["action"]
        error = None if is_good(job) or action == VALIDATE else self._failure(job, result, reasons)
        if action != VALIDATE and changed:
            self.record.outcome(action, _KIND, self.plan.name, error)
        if not self.check_mode:
            evidence = {name: result[name] for name in ("job", "vms", "steps", "reasons")}
            self.record.check(f"recovery plan {self.plan.name}, {action}", "failed" if error else result["verdict"], evidence)
        return {**result, "failed_with": error} if error else result

    def _failure(self, job: Body, result: Result, reasons: list[Reason]) -> DrError:
        if did_nothing(job) and result["reasons"]:
            problems = [Finding(reason.code, reason.text, reason.fix) for reason in reasons if reason.status == PROBLEM]
            cause = "the validation is against it, nothing was done; warnings can be waived by their codes"
            return InvalidInput(problems, cause=cause, verb=self.params["action"], kind=_KIND, name=self.plan.name, site=self.site.label)
        failed = [step for step in result["steps"] if step["status"] in ("failed", "aborted") and (step["error"] or step["status"] == "failed")]
        told = "; ".join(f"{step['description']}: {step['error'] or step['status']}" for step in failed) or "no step says why"
        return TaskFailed(
            f"the job '{job.get('name')}' ended {result['job']['status']}: {told}",
            status=str(job.get("status")),
            verb=self.params["action"],
            kind=_KIND,
            name=self.plan.name,
            site=self.site.label,
            fix="See 'steps'; when the cause is mended, run again with retry: true",
        )

    def _busy(self, job: Body) -> Conflict:
        told = told_job(job)
        return Conflict(
            f"its job '{told['name']}' ({told['action']}) is {told['status']} since {told['start']}, {told['percent'] or 0} % done",
            verb=self.params["action"],
            kind=_KIND,
            name=self.plan.name,
            site=self.site.label,
            fix=f"Wait until it is over, or attach to it with run_id: {told['name']} and action: {told['action']}",
        )

    def _diff(self) -> list[dict[str, str]]:
        title = f"recovery plan '{self.plan.name}' on {self.site.label}"
        done = f"{self.params['action']} failover" if self.params["action"] != "test" else "test failover into the test networks"
        after = f"{done}, job {self.params['run_id']}\n" if self.params["action"] != VALIDATE else ""
        return [{"before_header": title, "after_header": title, "before": "", "after": after}] if after else []
