# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of recovery_plan_failover: looks, judges, then validates, fences or moves. Knows options, results and evidence."""

from __future__ import annotations

import typing as t
from datetime import datetime, timezone

from ansible.module_utils.basic import AnsibleModule

from .._engine.clusters import cluster_id
from .._engine.fence import power_off
from .._engine.gate import NO_GO, PLAN_WAIVABLE, PLANNED, PROBLEM, UNPLANNED, WAIVED, WARNING, Reason, verdict_of, waive
from .._engine.inventory import KINDS, vms
from .._engine.recovery_follow import Following, PlanAt, directions
from .._engine.recovery_gate import FENCE, Way, approval, fence_phrase, plan_text, reasons, running_copies, told
from .._engine.recovery_job import START, VALIDATE
from .._engine.recovery_picture import Looking, Picture, look
from .._engine.recovery_points_used import copies as copies_before
from .._engine.recovery_site import identity
from .._engine.site_map import SiteMap
from .._engine.site_map_file import load_site_map
from .._entities.registry import ENTITIES
from .._errors import Finding, InvalidInput, SafetyLimit
from .._evidence.baseline import read_baseline, vms_of
from .._prism.parallel import in_threads
from .gate_options import today, waivers_from, waivers_spec
from .journey_options import baseline_spec, check_direction, direction_spec, open_one_of, record_spec, site_map_spec, sites_spec
from .module import Result, make_module, run
from .progress_lines import ProgressLines, progress_spec
from .recording import Recorder, recorder
from .recovery_job_run import KIND, JobRun, Wanted
from .recovery_run_run import following_from

MOVE = "move"
_SPEC: dict[str, dict[str, t.Any]] = {
    "mode": {"type": "str", "required": True, "choices": [PLANNED, UNPLANNED]},
    "action": {"type": "str", "choices": [VALIDATE, FENCE, MOVE], "default": MOVE},
    "plans": {"type": "list", "elements": "str"},
    "run_id": {"type": "str", "required": True},
    "fence_confirm": {"type": "str"},
    "fenced": {"type": "str"},
    "retry": {"type": "bool", "default": False},
    "job_timeout": {"type": "int", "default": 14400},
    "poll_interval": {"type": "int", "default": 5},
}
_EMPTY: Result = {
    "changed": False, "verdict": NO_GO, "reasons": [], "plans": [], "vms": [], "jobs": [], "fence": {"confirmation": "", "vms": []},
    "confirmation_digest": "", "diff": [],
}  # fmt: skip


def run_recovery_plan_failover() -> None:
    """The whole of the module."""
    spec = {**_SPEC, **sites_spec(), **site_map_spec(), **direction_spec(), **baseline_spec(required=False), **waivers_spec()}
    spec.update({**progress_spec(), **record_spec()})
    run(make_module(spec, connects=False, required_if=[("mode", UNPLANNED, ("baseline",))]), _work, empty=_EMPTY)


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "recovery_plan_failover") as record, ProgressLines(params["progress_file"]) as lines:
        return _Failover(module, record, following_from(params, lines.tell)).result()


class _Failover:
    """One task about the recovery plans of a site map."""

    def __init__(self, module: AnsibleModule, record: Recorder, following: Following) -> None:
        self.module, self.params, self.record, self.following = module, module.params, record, following
        self.site_map = load_site_map(self.params["site_map"])
        check_direction(self.params, self.site_map, None)
        self.way = Way(self.params["mode"], self.params["source"], self.params["target"])
        self.names = tuple(self.params["plans"] or _names(self.site_map, self.way.target))
        self.waivers = waivers_from(self.params["waivers"])
        self.target = open_one_of(self.params["sites"], self.way.target)

    def result(self) -> Result:
        pictures, uncovered = self._look()
        found = self._judged(reasons(pictures, uncovered, self.way, _rpo(self.site_map), self.params["fenced"] or ""))
        verdict = verdict_of(found)
        copies = running_copies(pictures)
        starting = [picture for picture in pictures if picture.decision.verb == START]
        result: Result = {
            **_EMPTY,
            "changed": verdict != NO_GO and bool(starting),
            "verdict": verdict,
            "reasons": [dict(reason._asdict()) for reason in found],
            "plans": [told(picture) for picture in pictures],
            "fence": {"confirmation": fence_phrase(self.way.target, copies), "vms": [one.name for one in copies]},
            "confirmation_digest": approval(self.way, self.names),
            "diff": [self._diff(picture) for picture in starting],
        }
        if self.module.check_mode:
            return result
        self.record.gate({"mode": self.way.mode, "verdict": verdict, "reasons": [f"{one.status} {one.code}: {one.text}" for one in found]})
        if self.params["action"] == FENCE:
            return {**result, **self._fence(pictures, result)}
        if verdict == NO_GO:
            findings = [Finding("", reason.text, reason.fix) for reason in found if reason.status == PROBLEM]
            return {**result, "changed": False, "failed_with": InvalidInput(findings, cause="nothing was started", verb="run", kind=KIND, site=self.way.target)}
        if self.params["action"] == MOVE and starting:
            self.record.check("copies of recovery plans", verdict, {"recovered": copies_before(starting, self.way.mode)})
        return {**result, **(self._validate(starting) if self.params["action"] == VALIDATE else self._move(pictures))}

    def _look(self) -> tuple[list[Picture], list[str]]:
        """The plans, and the workloads that are in none of them. In an unplanned failover the source is not asked."""
        source = open_one_of(self.params["sites"], self.way.source) if self.way.mode == PLANNED else None
        both = [site for site in (self.target, source) if site is not None]
        in_threads(lambda site: site.load(KINDS), both, threads=len(both))
        known = vms(source) if source else vms_of(read_baseline(self.params["baseline"], ENTITIES))
        how = Looking(
            self.way.mode, self.params["run_id"], self.params["retry"], self.target, source, known, self.site_map,
            (self.way.source, self.way.target), datetime.now(timezone.utc),
        )  # fmt: skip
        pictures = look(self.names, how)
        if any(picture.decision.verb != START for picture in pictures):
            return pictures, []  # some have moved already
        covered = {member.ext_id for picture in pictures for member in picture.members}
        return pictures, sorted(str(vm["name"]) for vm in known if vm.get("categories") and str(vm["ext_id"]) not in covered)

    def _judged(self, found: list[Reason]) -> list[Reason]:
        """A move that has been validated isn't stopped halfway by what could have been waived."""
        if self.params["action"] == MOVE and not self.module.check_mode:
            return [one._replace(status=WARNING) if one.status == PROBLEM and one.code in PLAN_WAIVABLE else one for one in found]
        return waive(found, self.waivers, today())

    def _fence(self, pictures: list[Picture], result: Result) -> Result:
        copies, phrase = running_copies(pictures), result["fence"]["confirmation"]
        if not copies:
            return {"changed": False, "diff": []}
        if self.params["fence_confirm"] != phrase:
            said = f"fence_confirm is '{self.params['fence_confirm']}'" if self.params["fence_confirm"] else "fence_confirm is not set"
            cause = f"this would power off {', '.join(one.name for one in copies)}; {said}"
            error = SafetyLimit(cause, verb=FENCE, site=self.way.target, fix=f"If that is meant, say fence_confirm: {phrase}")
            return {"changed": False, "diff": [], "failed_with": error}
        self.record.intents("power off", "vm", [one.name for one in copies], self.way.target)
        outcomes = power_off(self.target.client, copies, self.params["run_id"])
        for outcome in outcomes:
            self.record.outcome("power off", "vm", outcome.name, outcome.error)
        errors = [outcome.error for outcome in outcomes if outcome.error is not None]
        diff = [{"before_header": f"vm '{one.name}'", "after_header": f"vm '{one.name}'", "before": "power: on\n", "after": "power: off\n"} for one in copies]
        return {"changed": len(errors) < len(outcomes), "diff": diff, **({"failed_with": errors[0]} if errors else {})}

    def _validate(self, starting: list[Picture]) -> Result:
        """Every plan that is yet to be started, all findings together. What is said of categories is judged when the plan is run:
        the baseline brings those that are missing before."""
        findings: list[Finding] = []
        found: list[Result] = []
        for picture in starting:
            job = self._job(picture.name, VALIDATE)
            against = [one for one in job["reasons"] if one["status"] == PROBLEM and one["code"] not in _of_categories(job)]
            findings += [Finding(f"{picture.name}: {one['code']}", one["text"], one["fix"]) for one in against]
            found += [{**one, "text": f"recovery plan '{picture.name}': {one['text']}"} for one in job["reasons"]]
        verdict = NO_GO if findings else "go_with_waivers" if any(one["status"] == WAIVED for one in found) else "go"
        result: Result = {"changed": False, "diff": [], "verdict": verdict, "reasons": found}
        if findings:
            cause = "the validation is against it, nothing was done; warnings can be waived by their codes"
            result["failed_with"] = InvalidInput(findings, cause=cause, verb=VALIDATE, kind=KIND, site=self.way.target)
        return result

    def _move(self, pictures: list[Picture]) -> Result:
        """Plan by plan in the order of the map; the first that fails ends it."""
        moved: Result = {"changed": False, "vms": [], "jobs": [], "diff": []}
        for picture in pictures:
            job = self._job(picture.name, self.way.mode)
            moved["changed"] = moved["changed"] or job["changed"]
            moved["vms"] = [*moved["vms"], *job["vms"]]
            moved["jobs"] = [*moved["jobs"], {"plan": picture.name, **(job["job"] or {}), "steps": job["steps"]}]
            moved["diff"] += [self._diff(picture)] if job["changed"] else []
            if job.get("failed_with"):
                return {**moved, "failed_with": job["failed_with"]}
        return moved

    def _job(self, name: str, action: str) -> Result:
        plan = PlanAt(self.target.client, name)
        retry = self.params["retry"]
        return JobRun(plan, Wanted(action, self.params["run_id"], lambda: self._spec(plan), self.waivers, retry), self.following, self.record).result()

    def _spec(self, plan: PlanAt) -> dict[str, t.Any]:
        cluster = ""
        if self.site_map.topology == "single_pc":
            names = self.site_map.sites[self.way.target].clusters
            cluster = cluster_id(self.target.client, names[0]) if names else ""
        return {"failoverDirections": directions(plan.body, identity(self.target).ext_id, cluster)}

    def _diff(self, picture: Picture) -> dict[str, str]:
        title = f"recovery plan '{picture.name}' ({self.way.mode} failover)"
        return {"before_header": title, "after_header": title, "before": plan_text(picture, self.way.source), "after": plan_text(picture, self.way.target)}


def _of_categories(job: Result) -> set[str]:
    return {one["code"] for one in job["validation"]["warnings"] if one["group"] == "category"}


def _names(site_map: SiteMap, target: str) -> tuple[str, ...]:
    names = site_map.recovery_plans(target)
    if not names:
        problem = "lists no recovery_plans"
        raise InvalidInput([Finding(site_map.where("maps"), problem, "add maps.recovery_plans: [NAME], or use another mover")], verb="read", kind="site_map")
    return names


def _rpo(site_map: SiteMap) -> int | None:
    minutes = site_map.targets.rpo_minutes
    return None if minutes is None else minutes * 60
