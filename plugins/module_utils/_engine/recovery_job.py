# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery jobs as people see them: which one is ours, what to do about it, how far it is, what it did. Pure (contract/v4 section 12.2)."""

from __future__ import annotations

import typing as t
from datetime import datetime

Data = dict[str, t.Any]
Body = t.Mapping[str, t.Any]

#: Our word for an action, the API's word for its jobs, and the last part of its path.
JOB_ACTIONS = {
    "validate": ("VALIDATE", "validate"),
    "planned": ("PLANNED_FAILOVER", "planned-failover"),
    "unplanned": ("UNPLANNED_FAILOVER", "unplanned-failover"),
    "test": ("TEST_FAILOVER", "test-failover"),
}
VALIDATE = "validate"
#: Actions, in the API's words, after which the VMs run elsewhere.
FAILOVERS = ("PLANNED_FAILOVER", "UNPLANNED_FAILOVER")
_WORDS = {wire: word for word, (wire, _path) in JOB_ACTIONS.items()}
_ACTIVE = ("QUEUED", "RUNNING")
_GOOD = ("SUCCEEDED", "SUCCEEDED_WITH_VALIDATION_WARNING")
START, ATTACH, REPORT, STOP, REFUSE = "start", "attach", "report", "stop", "refuse"


class Decision(t.NamedTuple):
    """What to do: start a job, attach to the one that runs, report the one that succeeded, stop at the one that failed, or refuse
    because another one runs. ``job`` is the one that it is about."""

    verb: str
    job: Body | None = None


def is_active(job: Body) -> bool:
    return job.get("status") in _ACTIVE


def is_good(job: Body) -> bool:
    return job.get("status") in _GOOD


def did_nothing(job: Body) -> bool:
    """Whether a failed job ended with its validation, so that nothing was touched. A job that has any phase is not one of them."""
    return not is_good(job) and not is_active(job) and not job.get("executionPhases") and (job.get("validationStatus") or {}).get("status") != "SUCCEEDED"


def decide(jobs: t.Iterable[Body], plan_id: str, action: str, run_id: str, *, retry: bool = False) -> Decision:
    """What to do for a run, from all jobs that the Prism Central has. ``retry`` starts anew after a job of this run that failed."""
    ours_and_others = [job for job in jobs if job.get("recoveryPlanExtId") == plan_id]
    ours = sorted(
        (job for job in ours_and_others if job.get("name") == run_id and job.get("actionType") == JOB_ACTIONS[action][0]),
        key=lambda job: str(job.get("startTime") or ""),
    )
    running = next((job for job in ours if is_active(job)), None)
    if running is not None:
        return Decision(ATTACH, running)
    succeeded = next((job for job in reversed(ours) if is_good(job)), None)
    if succeeded is not None and action != VALIDATE:
        return Decision(REPORT, succeeded)
    other = next((job for job in ours_and_others if is_active(job)), None)
    if other is not None:
        return Decision(REFUSE, other)
    failed = next((job for job in reversed(ours) if not did_nothing(job)), None)
    if failed is not None and not retry and action != VALIDATE:
        return Decision(STOP, failed)
    return Decision(START)


def told_job(job: Body) -> Data:
    """A job in our words."""
    return {
        "name": job.get("name"),
        "action": _WORDS.get(str(job.get("actionType")), job.get("actionType")),
        "status": str(job.get("status") or "").lower(),
        "percent": job.get("percentageComplete"),
        "start": job.get("startTime"),
        "end": job.get("endTime"),
        "validation": str((job.get("validationStatus") or {}).get("status") or "").lower() or None,
        "ext_id": job.get("extId"),
    }


def progress_line(plan: str, job: Body, elapsed: float) -> str:
    """How far it is: ``recovery plan shop: planned, stage 2 of 3, 45 %, 01:20``."""
    parts = [_WORDS.get(str(job.get("actionType")), "job"), *filter(None, [_where(job)]), f"{job.get('percentageComplete') or 0} %"]
    status = str(job.get("status") or "")
    if status != "RUNNING":
        parts.insert(1, status.lower().replace("_", " "))
    return f"recovery plan {plan}: {', '.join(parts)}, {clock(elapsed)}"


def _where(job: Body) -> str:
    """The phase that runs, or the stage of it."""
    phases = job.get("executionPhases") or []
    if not phases:
        return "validating" if is_active(job) else ""
    phase = next((each for each in phases if each.get("status") not in _GOOD), phases[-1])
    stages = phase.get("stages") or []
    done = sum(stage.get("status") in _GOOD for stage in stages)
    if stages:
        return f"stage {min(done + 1, len(stages))} of {len(stages)}"
    return str(phase.get("phaseType") or "").lower().replace("_", " ")


def clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02}:{rest:02}"


def told_steps(steps: t.Iterable[Body], stages: t.Mapping[str, int] | None = None) -> list[Data]:
    """The execution steps with their times, in the order in which they began. ``stages``: the number of each stage by its id."""
    found = [
        {
            "phase": str(step.get("phase") or "").lower(),
            "stage": (stages or {}).get(str(step.get("stageExtId"))),
            "operation": str(step.get("operationType") or "").lower(),
            "description": step.get("stepDescription"),
            "status": str(step.get("status") or "").lower(),
            "entities": sorted(str(entity.get("name") or entity.get("extId")) for entity in step.get("affectedEntities") or ()),
            "start": step.get("startTime"),
            "end": step.get("endTime"),
            "seconds": _seconds(step),
            "error": (step.get("errorMessage") or {}).get("message"),
        }
        for step in steps
    ]
    return sorted(found, key=lambda step: (step["start"] is None, str(step["start"])))


def told_failure(steps: t.Iterable[Data]) -> str:
    """What went wrong in a job, from its steps as ``told_steps`` gives them."""
    bad = [step for step in steps if step["status"] in ("failed", "aborted") and (step["error"] or step["status"] == "failed")]
    return "; ".join(f"{step['description']}: {step['error'] or step['status']}" for step in bad) or "no step says why"


def _seconds(step: Body) -> float | None:
    if not step.get("startTime") or not step.get("endTime"):
        return None
    begin, end = (datetime.fromisoformat(str(step[name]).replace("Z", "+00:00")) for name in ("startTime", "endTime"))
    return round((end - begin).total_seconds(), 3)


def recovered(steps: t.Iterable[Body]) -> list[Data]:
    """Each VM that was recovered: its name, its id at the source, and its id now."""
    found = {}
    for step in steps:
        for entry in step.get("executionStepResults") or ():
            result = entry.get("result") or {}
            if result.get("recoveredEntityExtId") and result.get("entityType", "VM") == "VM":
                found[str(result.get("sourceEntityExtId"))] = {
                    "name": result.get("name"),
                    "source": result.get("sourceEntityExtId"),
                    "recovered": result["recoveredEntityExtId"],
                }
    return sorted(found.values(), key=lambda vm: (str(vm["name"]), str(vm["source"])))


def told_findings(errors: t.Iterable[Body]) -> list[Data]:
    """What the validation of a job found."""
    found = []
    for error in errors:
        analysis = error.get("rootCauseAnalysis") or {}
        found.append(
            {
                "severity": "error" if error.get("severity") == "ERROR" else "warning",
                "code": str(error.get("errorCode") or ""),
                "group": str(error.get("errorGroup") or "").lower(),
                "message": str(error.get("message") or ""),
                "entities": sorted(str(entity.get("name") or entity.get("extId")) for entity in error.get("affectedEntities") or ()),
                "cause": analysis.get("cause"),
                "fix": " ".join(analysis.get("resolutions") or ()),
                "impact": " ".join(analysis.get("impacts") or ()),
            }
        )
    return sorted(found, key=lambda finding: (finding["severity"], finding["code"], finding["message"]))
