# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job of a recovery plan for one run: found or started, followed, told. Knows results and evidence; no option and no module."""

from __future__ import annotations

import typing as t

from .._engine.gate import NO_GO, OK, PROBLEM, WAIVED, Reason, Waiver, verdict_of, waive
from .._engine.recovery_follow import Following, PlanAt, check_awaited
from .._engine.recovery_job import (
    ATTACH,
    REFUSE,
    REPORT,
    STOP,
    VALIDATE,
    Body,
    decide,
    did_nothing,
    is_good,
    recovered,
    told_failure,
    told_findings,
    told_job,
    told_steps,
)
from .._engine.recovery_points_used import points_used
from .._errors import Conflict, DrError, Finding, InvalidInput, TaskFailed
from .gate_options import today
from .module import Result
from .recording import Recorder

KIND = "recovery_plan"


def no_job() -> Result:
    """The result before anything was done."""
    validation: Result = {"errors": [], "warnings": []}
    return {"changed": False, "verdict": NO_GO, "reasons": [], "job": None, "vms": [], "steps": [], "validation": validation, "diff": []}


class Wanted(t.NamedTuple):
    """What a task wants of a plan. ``spec`` is the body of the call, without what differs between attempts."""

    action: str
    run_id: str
    spec: t.Callable[[], dict[str, t.Any]]
    waivers: t.Sequence[Waiver] = ()
    retry: bool = False
    check_mode: bool = False


class JobRun:
    """One task about a job."""

    def __init__(self, plan: PlanAt, wanted: Wanted, following: Following, record: Recorder) -> None:
        self.plan, self.wanted, self.following, self.record = plan, wanted, following, record
        self.site = plan.client.site

    def result(self) -> Result:
        action, run_id = self.wanted.action, self.wanted.run_id
        jobs = self.plan.jobs()
        decision = decide(jobs, self.plan.ext_id, action, run_id, retry=self.wanted.retry)
        if decision.verb == REFUSE and decision.job is not None:
            raise self._busy(decision.job)
        if decision.verb in (REPORT, STOP) and decision.job is not None:
            return self._ended(decision.job, changed=False)
        if self.wanted.check_mode:
            return {**no_job(), "verdict": "cannot_tell", "changed": action != VALIDATE, "diff": self._diff()}
        if decision.verb == ATTACH and decision.job is not None:
            return self._ended(self.plan.follow(self.following, job=decision.job), changed=action != VALIDATE)
        return self._begin(jobs)

    def _begin(self, jobs: list[Body]) -> Result:
        """Start the job; once more over its warnings, if these were all there was against it and each is waived by name."""
        action, run_id = self.wanted.action, self.wanted.run_id
        spec = self.wanted.spec()
        ended: Body = {}
        for ignore in (False, True):
            known = {str(job["extId"]) for job in jobs}
            ours = sum(job.get("name") == run_id and job.get("recoveryPlanExtId") == self.plan.ext_id for job in jobs)
            if action != VALIDATE:
                self.record.intents(action, KIND, [self.plan.name], self.site)
                spec["shouldIgnoreWarnings"] = ignore
            check_awaited(self.plan, self.following)
            task = self.plan.start(action, run_id, spec, attempt=f"{ours} {ignore}")
            ended = self.plan.follow(self.following, task=task, known=known, name=run_id)
            if action == VALIDATE or ignore or not did_nothing(ended) or not self._only_waived(ended):
                break
            jobs = self.plan.jobs()
        return self._ended(ended, changed=action != VALIDATE and not did_nothing(ended))

    def _reasons(self, findings: list[Result]) -> list[Reason]:
        """What the validation found, as reasons of a gate: only warnings can be waived, each by its code."""
        reasons = [Reason(item["code"], PROBLEM, f"{item['severity']} ({item['group']}): {item['message']}", item["fix"]) for item in findings]
        waivable = {item["code"] for item in findings if item["severity"] == "warning"}
        waivable -= {item["code"] for item in findings if item["severity"] == "error"}
        used = [waiver for waiver in self.wanted.waivers if waiver.code in waivable]
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
            **no_job(),
            "changed": changed,
            "verdict": verdict_of(reasons),
            "reasons": [dict(reason._asdict()) for reason in reasons],
            "job": told_job(job),
            "vms": recovered(steps),
            "steps": told_steps(steps, self.plan.stage_numbers() if steps else {}),
            "validation": {f"{severity}s": [item for item in found if item["severity"] == severity] for severity in ("error", "warning")},
            "diff": self._diff() if changed else [],
        }
        action = self.wanted.action
        error = None if action == VALIDATE else self._failure(job, result, reasons)
        if action != VALIDATE and changed:
            self.record.outcome(action, KIND, self.plan.name, error)
        if not self.wanted.check_mode:
            evidence = {name: result[name] for name in ("job", "vms", "steps", "reasons")}
            if result["vms"] and self.record.path:
                evidence["recovered"] = points_used(self.plan.client, action, job, result["vms"])
            self.record.check(f"recovery plan {self.plan.name}, {action}", "failed" if error else result["verdict"], evidence)
        return {**result, "failed_with": error} if error else result

    def _failure(self, job: Body, result: Result, reasons: list[Reason]) -> DrError | None:
        problems = [Finding(reason.code, reason.text, reason.fix) for reason in reasons if reason.status == PROBLEM]
        if is_good(job):
            return self._not_waived(problems) if problems else None
        if did_nothing(job) and problems:
            cause = "the validation is against it, nothing was done; warnings can be waived by their codes"
            return InvalidInput(problems, cause=cause, verb=self.wanted.action, kind=KIND, name=self.plan.name, site=self.site)
        return TaskFailed(
            f"the job '{job.get('name')}' ended {result['job']['status']}: {told_failure(result['steps'])}",
            verb=self.wanted.action,
            kind=KIND,
            name=self.plan.name,
            site=self.site,
            fix="See 'steps'; when the cause is mended, run again with retry: true",
        )

    def _not_waived(self, problems: list[Finding]) -> DrError:
        """A call can ignore all warnings or none: one that appears after the last validation passes with those that were waived."""
        return InvalidInput(
            [finding._replace(fix=finding.fix or "Look at these VMs") for finding in problems],
            cause="it is done, but over warnings that nobody has waived; when they are looked at, waive them and run again",
            verb=self.wanted.action,
            kind=KIND,
            name=self.plan.name,
            site=self.site,
        )

    def _busy(self, job: Body) -> Conflict:
        told = told_job(job)
        return Conflict(
            f"its job '{told['name']}' ({told['action']}) is {told['status']} since {told['start']}, {told['percent'] or 0} % done",
            verb=self.wanted.action,
            kind=KIND,
            name=self.plan.name,
            site=self.site,
            fix=f"Wait until it is over, or attach to it with run_id: {told['name']} and action: {told['action']}",
        )

    def _diff(self) -> list[dict[str, str]]:
        title = f"recovery plan '{self.plan.name}' on {self.site}"
        done = f"{self.wanted.action} failover" if self.wanted.action != "test" else "test failover into the test networks"
        after = f"{done}, job {self.wanted.run_id}\n" if self.wanted.action != VALIDATE else ""
        return [{"before_header": title, "after_header": title, "before": "", "after": after}] if after else []
