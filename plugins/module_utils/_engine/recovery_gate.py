# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""May these recovery plans be run: every reason for and against, from how they were found. Pure; asks nobody, reads no clock."""

from __future__ import annotations

import hashlib
import json
import typing as t

from .gate import OK, PROBLEM, WARNING, Reason
from .recovery_job import ATTACH, REFUSE, REPORT, START, STOP, Data, told_job
from .recovery_picture import Member, Picture, Stale
from .replication_lag import minutes

FENCE = "fence"
_SHOWN = 10


class Way(t.NamedTuple):
    """From where to where, and how: ``planned`` or ``unplanned``."""

    mode: str
    source: str
    target: str


def reasons(pictures: t.Sequence[Picture], uncovered: t.Sequence[str], way: Way, rpo_seconds: int | None, fenced: str = "") -> list[Reason]:
    """``uncovered`` are workloads in none of the plans; ``fenced`` says in words why stale VMs may be taken for stopped."""
    found: list[Reason] = []
    for picture in pictures:
        found += _plan(picture, way)
        if picture.there and picture.decision.verb == START:
            found += [*_copies(picture, rpo_seconds), *_networks(picture, way), *_stale(picture, way, fenced)]
    if uncovered:
        text = f"in none of the recovery plans: {_some(uncovered)}"
        found.append(Reason("PLAN_UNCOVERED", WARNING, text, "Something else has to move them; they are waited for"))
    return found


def _plan(picture: Picture, way: Way) -> t.Iterator[Reason]:
    subject = f"recovery plan '{picture.name}'"
    if not picture.there:
        yield Reason("PLAN_MISSING", PROBLEM, f"{subject} is not on {way.target}", "Correct the site map, or write the plan with recovery_plan")
        return
    job = told_job(picture.decision.job or {})
    told = {
        ATTACH: Reason("PLAN_RUNS", OK, f"{subject} is being run by this run"),
        REPORT: Reason("PLAN_DONE", OK, f"{subject} was run by this run"),
        REFUSE: Reason("PLAN_BUSY", PROBLEM, f"{subject}: its job '{job['name']}' ({job['action']}) runs since {job['start']}", "Wait until it is over"),
        STOP: Reason("PLAN_FAILED", PROBLEM, f"{subject}: its job of this run failed: {picture.failure}", "Mend the cause, then retry the recovery jobs"),
    }
    if picture.decision.verb in told:
        yield told[picture.decision.verb]
    elif picture.unknown_categories and not picture.members:
        text = f"{subject}: which VMs it would recover can't be told, the categories of its stages aren't on {way.target}"
        yield Reason("PLAN_CANNOT_TELL", PROBLEM, text, "Bring the categories there (pre_dr does), or waive this: the validation still counts the VMs")
    elif not picture.members:
        yield Reason("PLAN_EMPTY", PROBLEM, f"{subject} has no VM on {way.source}", "Look at its stages and at the categories of the VMs")
    else:
        yield Reason("PLAN_READY", OK, f"{subject} would recover {_counted(len(picture.members), 'VM')} in {_counted(picture.stages, 'stage')}")
    if picture.unknown_categories and picture.members:
        text = f"{subject}: {_counted(picture.unknown_categories, 'category', 'categories')} of its stages can't be found on {way.target}"
        yield Reason("PLAN_CATEGORY", WARNING, text, "VMs that only these select may be missing above; the baseline brings missing categories")


def _copies(picture: Picture, rpo_seconds: int | None) -> t.Iterator[Reason]:
    subject = f"recovery plan '{picture.name}'"
    without = [one.name for one in picture.members if one.age is None]
    late = [one for one in picture.members if _late(one, rpo_seconds)]
    if without:
        fix = "Let the first replication end, or mend their protection; those can't be recovered"
        yield Reason("PLAN_COPY_MISSING", PROBLEM, f"{subject}: no copy of {_some(without)}", fix)
    if late:
        told = _some([f"{one.name} ({minutes(one.age or 0)})" for one in late])
        allowed = f"; the RPO is {minutes(rpo_seconds)}" if rpo_seconds is not None else ""
        fix = "Let the replication catch up; an unplanned failover loses what is younger than the copies"
        yield Reason("PLAN_COPY_OLD", PROBLEM, f"{subject}: the newest copies are too old: {told}{allowed}", fix)
    ages = [one.age for one in picture.members if one.age is not None]
    if ages and not late:
        yield Reason("PLAN_COPIES", OK, f"{subject}: the newest copies are {minutes(max(ages))} old at most")


def _late(member: Member, rpo_seconds: int | None) -> bool:
    return member.within is False or (member.age is not None and rpo_seconds is not None and member.age > rpo_seconds)


def _networks(picture: Picture, way: Way) -> t.Iterator[Reason]:
    homeless: dict[str, list[str]] = {}
    for member in picture.members:
        for network in member.homeless:
            homeless.setdefault(network, []).append(member.name)
    for network, names in sorted(homeless.items()):
        text = f"recovery plan '{picture.name}' doesn't bring network '{network}' of {_some(names)} to the one that the site map says on {way.target}"
        yield Reason("PLAN_NETWORK", PROBLEM, text, "Correct network_mappings of the plan, or the subnets of the site map")


def _stale(picture: Picture, way: Way, fenced: str) -> t.Iterator[Reason]:
    on, off = [one.name for one in picture.stale if one.on], [one.name for one in picture.stale if not one.on]
    if on:
        text = f"recovery plan '{picture.name}': old copies run on {way.target}: {_some(on, len(on))}"
        if fenced:
            yield Reason("PLAN_STALE", WARNING, f"{text}; fenced: {fenced}", "The recovery job decides")
        else:
            yield Reason("PLAN_STALE", PROBLEM, text, "Find out which side holds the data that counts, then have them powered off")
    if off:
        yield Reason("PLAN_STALE_OFF", WARNING, f"recovery plan '{picture.name}': old copies on {way.target} are overwritten: {_some(off, len(off))}")


def running_copies(pictures: t.Sequence[Picture]) -> list[Stale]:
    """The old copies that have to be fenced first."""
    return sorted({one for picture in pictures if picture.decision.verb == START for one in picture.stale if one.on})


def fence_phrase(site: str, copies: t.Sequence[Stale]) -> str:
    """What has to be typed before they are powered off: it changes with the VMs. Empty without any."""
    return f"{site}:{FENCE}:{_digest([list(one) for one in copies])[:8]}" if copies else ""


def approval(way: Way, names: t.Sequence[str]) -> str:
    """A digest of what a person approves: which plans are run, in which order, and how. The same when a run is repeated."""
    return _digest([*way, *names])


def _digest(data: t.Any) -> str:
    return hashlib.sha256(json.dumps(data).encode()).hexdigest()


def told(picture: Picture) -> Data:
    """A plan as the module returns it."""
    members = [{"name": one.name, "stage": one.stage, "age_seconds": one.age, "_prism": {"ext_id": one.ext_id}} for one in picture.members]
    stale = [{"name": one.name, "power": "on" if one.on else "off", "_prism": {"ext_id": one.ext_id}} for one in picture.stale]
    return {"name": picture.name, "does": picture.decision.verb or "nothing", "stages": picture.stages, "vms": members, "stale": stale}


def plan_text(picture: Picture, site: str) -> str:
    """What is moved, the same in check mode and in the run: without ages, which grow."""
    lines = [f"runs_on: {site}\nstages:\n"]
    for stage in sorted({one.stage for one in picture.members}):
        lines.append(f"  {stage}:\n")
        lines += [f"  - {one.name}\n" for one in picture.members if one.stage == stage]
    return "".join(lines)


def _some(names: t.Sequence[str], limit: int = _SHOWN) -> str:
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {more} more" if more > 0 else "")


def _counted(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or word + 's'}"
