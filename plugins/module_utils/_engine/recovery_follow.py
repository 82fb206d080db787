# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One recovery plan at one Prism Central: starts a job or finds it, follows it to its end, reads what it did. Never calls another site."""

from __future__ import annotations

import math
import time
import typing as t

from .._errors import CANNOT_TELL, Ambiguous, DeadlineExceeded, DrError, Finding, InvalidInput, NotFound, TooNew, UnknownReference
from .._prism.request_ids import request_id
from .._prism.tasks import TERMINAL, bad_end
from .recovery_job import JOB_ACTIONS, Body, clock, is_active, progress_line

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4

_KIND = "recovery_plan"
_SINCE = (4, 2)
_PLANS, _OPERATIONS, _JOBS = "config/recovery-plans", "operations/recovery-plans", "config/recovery-plan-jobs"
#: Seconds between two looks, at least and at most: two calls in ten seconds, and a line of progress every ten.
_SHORTEST, _LONGEST = 5.0, 10.0
#: A job may be over at once, so the second look comes early; the third makes up for it.
_FIRST_PAUSES = (1.25, 8.75)
#: Seconds after its likely end that a job is looked at: a look too early costs a whole pause more.
_LATE = 2.0


class Following(t.NamedTuple):
    """How to follow: seconds until we give up, seconds between two calls at most (five to ten), who hears the lines, and whether nobody
    waits any more for what is followed."""

    deadline: float
    interval: float
    tell: t.Callable[[str], None]
    gone: t.Callable[[], bool] = lambda: False
    sleep: t.Callable[[float], None] = time.sleep
    now: t.Callable[[], float] = time.monotonic


class _Look(t.NamedTuple):
    """What was seen: ``over`` is the job or task once it is over, ``percent`` how far it is, None where nothing says so."""

    line: str
    over: Body | None = None
    percent: int | None = None


class PlanAt:
    """A recovery plan as one Prism Central has it. Raises ``UnknownReference``, ``Ambiguous``, ``TooNew`` and ``CANNOT_TELL``."""

    def __init__(self, client: CentralV4, name: str, body: Body | None = None) -> None:
        self.client = client
        self.name = name
        _check_minor(client, _SINCE, "recovery plans")
        self.body = body or _plan(client, name)
        self.ext_id = str(self.body["extId"])

    def jobs(self) -> list[Body]:
        return recovery_jobs(self.client)

    def job(self, ext_id: str) -> Body:
        return self.client.get("dataprotection", _JOBS, ext_id).body

    def steps(self, job: Body) -> list[Body]:
        return job_steps(self.client, str(job["extId"]))

    def findings(self, job: Body) -> list[Body]:
        return list(self.client.list("dataprotection", f"{_JOBS}/{job['extId']}/validation-errors"))

    def stages(self) -> list[Body]:
        """Its stages, in the order of recovery."""
        return sorted(self.client.list("datapolicies", f"{_PLANS}/{self.ext_id}/stages"), key=lambda stage: int(stage.get("priority") or 1))

    def stage_numbers(self) -> dict[str, int]:
        """The number of each stage, in the order of recovery, by its id."""
        return {str(stage["extId"]): index + 1 for index, stage in enumerate(self.stages())}

    def network_mappings(self) -> list[Body]:
        return list(self.client.list("datapolicies", f"{_PLANS}/{self.ext_id}/network-mappings"))

    def start(self, action: str, run_id: str, spec: Body, *, attempt: str) -> str:
        """Ask for a job named after the run; the id of its task. The same attempt asked again is answered with the same task."""
        path = f"{_OPERATIONS}/{self.ext_id}"
        known = request_id(run_id, action, self.name, attempt)
        try:
            return self.client.writes.start("dataprotection", path, JOB_ACTIONS[action][1], {"name": run_id, **spec}, request_id=known)
        except DrError as error:
            raise error.about(verb=f"start {action}", kind=_KIND, name=self.name) from error

    def act(self, action: str, run_id: str, following: Following) -> None:
        """An action without a job (clean-up-resources, resume-protection), to its end."""
        known = request_id(run_id, action, self.name, str(time.time_ns()))
        task = self.client.writes.start("dataprotection", f"{_OPERATIONS}/{self.ext_id}", action, request_id=known)
        _Watch(self, following).until_over(lambda elapsed: self._task_over(task, action, elapsed))

    def _task_over(self, task_id: str, action: str, elapsed: float) -> _Look:
        task = self.client.writes.task(task_id)
        line = f"recovery plan {self.name}: {action.replace('-', ' ')}, {task.get('progressPercentage') or 0} %, {clock(elapsed)}"
        if task.get("status") in TERMINAL and task.get("status") != "SUCCEEDED":
            raise bad_end(task_id, task, site=self.client.site).about(verb=action, kind=_KIND, name=self.name)
        return _Look(line, task if task.get("status") == "SUCCEEDED" else None, task.get("progressPercentage"))

    def follow(self, following: Following, *, job: Body | None = None, task: str = "", known: t.Container[str] = (), name: str = "") -> Body:
        """The job in its terminal state. Without ``job`` it is the one called ``name`` that ``task`` makes, which is none of ``known``."""
        found: dict[str, Body] = {"job": job} if job is not None else {}
        looks = 0

        def look(elapsed: float) -> _Look:
            nonlocal looks
            looks += 1
            if "job" in found:
                found["job"] = self.job(str(found["job"]["extId"]))
            elif looks % 2:
                ours = [one for one in self.jobs() if one.get("recoveryPlanExtId") == self.ext_id and one.get("name") == name]
                new = [one for one in ours if str(one["extId"]) not in known]
                if new:
                    found["job"] = new[0]
            else:
                self._begun(task)
            if "job" not in found:
                return _Look(f"recovery plan {self.name}: waiting for the job to begin, {clock(elapsed)}")
            now = found["job"]
            return _Look(progress_line(self.name, now, elapsed), None if is_active(now) else now, now.get("percentageComplete"))

        return _Watch(self, following).until_over(look)

    def _begun(self, task_id: str) -> None:
        """Raises what the task says if it ended badly: then there will be no job."""
        task = self.client.writes.task(task_id)
        if task.get("status") in TERMINAL and task.get("status") != "SUCCEEDED":
            raise bad_end(task_id, task, site=self.client.site).about(verb="start", kind=_KIND, name=self.name)


def recovery_jobs(client: CentralV4) -> list[Body]:
    """All recovery jobs that a Prism Central knows, of every plan; none where it has no recovery plans yet."""
    return list(client.list("dataprotection", _JOBS)) if client.minor("dataprotection") >= _SINCE else []


def job_steps(client: CentralV4, job_id: str) -> list[Body]:
    return list(client.list("dataprotection", f"{_JOBS}/{job_id}/execution-steps"))


class _Watch:
    """Looks again and again, one call at a time, and tells how far it is."""

    def __init__(self, plan: PlanAt, following: Following) -> None:
        self._plan, self._following = plan, following

    def until_over(self, look: t.Callable[[float], _Look]) -> Body:
        """What ``look`` gives in the end; a site that doesn't answer is asked again until the deadline."""
        how = self._following
        begun = how.now()
        last = _Look("nothing was seen of it")
        first_pauses = list(_FIRST_PAUSES)
        progress: list[tuple[float, int]] = []
        while True:
            check_awaited(self._plan, how)
            elapsed = how.now() - begun
            try:
                last = look(elapsed)
            except CANNOT_TELL as error:
                last = _Look(f"recovery plan {self._plan.name}: no answer for now ({error.cause}), {clock(elapsed)}")
            how.tell(last.line)
            if last.over is not None:
                return last.over
            if last.percent is not None:
                progress.append((elapsed, last.percent))
            pause = first_pauses.pop(0) if first_pauses else _pause(progress, how.interval)
            if elapsed + pause > how.deadline:
                raise DeadlineExceeded(
                    f"not over after {int(how.deadline)} s; last seen: {last.line}",
                    verb="follow",
                    kind=_KIND,
                    name=self._plan.name,
                    site=self._plan.client.site,
                    fix="It goes on by itself; run again to attach to it",
                )
            how.sleep(pause)


def _pause(progress: t.Sequence[tuple[float, int]], interval: float) -> float:
    """Seconds to the next look, so that one comes just after the likely end. ``progress``: seconds and percent of the looks so far."""
    longest = min(max(interval, _SHORTEST), _LONGEST)
    if len(progress) < 2:
        return longest
    (before, little), (now, much) = progress[-2:]
    if much <= little:
        return longest
    left = (100 - much) * (now - before) / (much - little) + _LATE
    return max(left / math.ceil(left / longest), _SHORTEST)


def check_awaited(plan: PlanAt, following: Following) -> None:
    """Raises ``DrError`` when the playbook is gone: what it has begun goes on by itself, but nothing more is begun."""
    if following.gone():
        cause = "the playbook that waits for this was ended"
        fix = "A job that runs goes on by itself; run again to attach to it"
        raise DrError(cause, verb="follow", kind=_KIND, name=plan.name, site=plan.client.site, fix=fix)


def directions(plan: Body, own_id: str, target_cluster: str = "") -> list[dict[str, t.Any]]:
    """The way to this Prism Central. Where both locations are on one, ``target_cluster`` (an id) says which it is to.

    Raises ``InvalidInput``.
    """
    sides = [plan["primaryLocation"], plan["recoveryLocation"]]
    here = [side for side in sides if side.get("domainManagerExtId") == own_id]
    if len(here) == 1:
        (other,) = (side for side in sides if side is not here[0])
        return [{"sourceDomainManagerExtId": other["domainManagerExtId"], "targetDomainManagerExtId": own_id}]
    clusters = [[str(each["extId"]) for each in side.get("clusters") or ()] for side in sides]
    into = next((index for index, ids in enumerate(clusters) if target_cluster in ids), None)
    if not here:
        problem = Finding("plan", "neither of its locations is this Prism Central", "go to the Prism Central that the VMs are to be recovered at")
        raise InvalidInput([problem], kind=_KIND)
    if into is None:
        raise InvalidInput([Finding("target_cluster", "both locations of the plan are on this Prism Central", "name a cluster of one of them")], kind=_KIND)
    return [
        {
            "sourceDomainManagerExtId": own_id,
            "targetDomainManagerExtId": own_id,
            "sourceCluster": {"extId": source},
            "targetCluster": {"extId": target_cluster},
        }
        for source in clusters[1 - into]
    ]


def find_plan(client: CentralV4, name: str) -> PlanAt | None:
    """The plan of this name, None if there is none. Raises as ``PlanAt``."""
    _check_minor(client, _SINCE, "recovery plans")
    body = _body(client, name)
    return PlanAt(client, name, body) if body is not None else None


def _plan(client: CentralV4, name: str) -> Body:
    found = _body(client, name)
    if found is None:
        raise UnknownReference("there is no recovery plan of this name", kind=_KIND, name=name, site=client.site, fix="Correct 'plan'")
    return found


def _body(client: CentralV4, name: str) -> Body | None:
    try:
        found = [body for body in client.list("datapolicies", _PLANS) if str(body.get("name") or "").strip() == name]
    except DrError as error:
        raise error.about(verb="list", kind=_KIND) from error
    if len(found) > 1:
        raise Ambiguous(f"{len(found)} recovery plans have this name", ids=[str(body["extId"]) for body in found], kind=_KIND, name=name, site=client.site)
    return found[0] if found else None


def _check_minor(client: CentralV4, needed: tuple[int, int], what: str) -> None:
    spoken = client.minor("dataprotection")
    if spoken < needed:
        problem = f"need API {needed[0]}.{needed[1]} of dataprotection, {client.site} speaks {spoken[0]}.{spoken[1]}"
        raise TooNew([Finding(what, problem, "upgrade the Prism Central")], site=client.site)


def check_can_resume(plan: PlanAt) -> None:
    """Raises ``TooNew`` where protection can't be paused, nor resumed."""
    _check_minor(plan.client, (4, 4), "pausing and resuming protection")


def exists(client: CentralV4, vm_id: str) -> bool:
    """Whether a VM is there. Raises ``CANNOT_TELL``."""
    try:
        client.get("vmm", "ahv/config/vms", vm_id)
    except NotFound:
        return False
    return True
