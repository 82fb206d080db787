# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill: which test job of a plan to make or go on with, what tests left behind, and whether production is untouched. Pure."""

from __future__ import annotations

import typing as t

from .gate import OK, PROBLEM, Reason
from .recovery_job import Body, is_active, is_good, told_job

Vm = t.Mapping[str, t.Any]
_TEST = "TEST_FAILOVER"


class MadeTest(t.NamedTuple):
    """A test of a plan: the job, the ids of the VMs that it made, and which of them are still there."""

    job: Body
    made: frozenset[str]
    there: frozenset[str]

    @property
    def name(self) -> str:
        return str(self.job.get("name") or "")


class Attempt(t.NamedTuple):
    """What a run does with a plan. ``job``: the name of the test job that it starts, follows or reports; ``clean_first``: there is
    something to remove before; ``reasons``: what speaks against it."""

    job: str
    clean_first: bool
    reasons: tuple[Reason, ...]


def is_test(job: Body) -> bool:
    return job.get("actionType") == _TEST


def attempt(plan: str, run_id: str, jobs: t.Sequence[Body], tests: t.Sequence[MadeTest], *, cleaning: bool = False) -> Attempt:
    """What to do, from the jobs of the plan and its tests. ``cleaning``: this run began to remove its VMs, which may still go on.

    A test of this run that runs is followed, one whose VMs are all there is reported and verified. One that failed, or that was cleaned up
    and not reported, is made again under the next name: what it showed is gone.
    """
    ours = {test.name: test for test in tests if _is_of(test.name, run_id)}
    busy = next((job for job in jobs if is_active(job)), None)
    if busy is not None and not (is_test(busy) and _is_of(str(busy.get("name")), run_id)):
        told = told_job(busy)
        text = f"recovery plan {plan}: its job {told['name']} ({told['action']}) is {told['status']} since {told['start']}"
        return Attempt(run_id, False, (Reason("RECOVERY_JOB_RUNS", PROBLEM, text, "Wait until it is over"),))
    if busy is not None:
        return Attempt(str(busy["name"]), False, ())
    whole = next((test for test in ours.values() if is_good(test.job) and test.made and test.made == test.there and not cleaning), None)
    foreign = sorted({test.name for test in tests if test.there and test.name not in ours})
    reasons = []
    if foreign:
        left = sum(len(test.there) for test in tests if test.name in foreign)
        text = f"recovery plan {plan}: {left} VMs are left of {', '.join(foreign)}, which is no test of this run"
        reasons.append(Reason("TEST_VMS_LEFT", PROBLEM, text, "Clean them up when nobody needs them, or waive this to have the drill do it"))
    if whole is not None and not foreign:
        return Attempt(whole.name, False, ())
    number = 1
    while _name(run_id, number) in ours:
        number += 1
    return Attempt(_name(run_id, number), any(test.there for test in tests), tuple(reasons))


def _name(run_id: str, number: int) -> str:
    return run_id if number == 1 else f"{run_id}-{number}"


def _is_of(name: str, run_id: str) -> bool:
    rest = name.removeprefix(f"{run_id}-")
    return name == run_id or (rest != name and rest.isdigit())


def left_behind(plan: str, tests: t.Sequence[MadeTest]) -> list[Reason]:
    """Whether anything of the tests of a plan is still there."""
    left = sum(len(test.there) for test in tests)
    if not left:
        return [Reason("TEST_VMS_GONE", OK, f"recovery plan {plan}: no VM of its tests is left")]
    return [Reason("TEST_VMS_LEFT", PROBLEM, f"recovery plan {plan}: {left} VMs of its tests are still there", "Run the same command again")]


def production_of(vms: t.Iterable[Vm]) -> list[dict[str, str]]:
    """What must not change of VMs while they are tested: which they are, and whether they run."""
    return [{"name": str(vm["name"]), "ext_id": str(vm["ext_id"]), "power": str(vm["power"])} for vm in vms]


def untouched(site: str, before: t.Sequence[t.Mapping[str, str]], now: t.Sequence[t.Mapping[str, str]]) -> list[Reason]:
    """Whether the originals are what they were, each by its id. ``now`` has all VMs of the site."""
    found = []
    here = {vm["ext_id"]: vm for vm in now}
    for vm in before:
        other = here.get(vm["ext_id"])
        if other is None:
            text = f"VM {vm['name']} ({vm['ext_id']}) is not on {site} any more"
        elif other["power"] != vm["power"]:
            text = f"VM {vm['name']} was {vm['power']} when the drill began and is {other['power']} on {site}"
        else:
            continue
        found.append(Reason("PRODUCTION_TOUCHED", PROBLEM, text, "A test doesn't do that; find out who did, in the tasks of the Prism Central"))
    return found or [Reason("PRODUCTION_UNTOUCHED", OK, f"{len(before)} VMs are on {site} as they were: same ids, same power state")]


def isolated(vms: t.Iterable[Vm], recovered: t.Mapping[str, str], tests: t.AbstractSet[str]) -> list[Reason]:
    """Whether the test VMs are there, and only in test networks. ``recovered``: their names by their ids; ``vms``: all of the site."""
    here = {str(vm["ext_id"]): vm for vm in vms}
    found = []
    for ext_id, name in sorted(recovered.items(), key=lambda item: item[1]):
        vm = here.get(ext_id)
        outside = sorted({str(nic["subnet"]) for nic in vm["nics"]} - tests) if vm else []
        if vm is None:
            found.append(Reason("TEST_VM_MISSING", PROBLEM, f"the test VM of {name} ({ext_id}) is not there", "Look at the steps of the job"))
        elif outside:
            text = f"the test VM of {name} is in {', '.join(network or 'an unknown network' for network in outside)}, which is no test network"
            found.append(Reason("TEST_VM_NOT_ISOLATED", PROBLEM, text, "It is removed by the clean-up; correct the network mappings of the plan"))
    return found or [Reason("TEST_VMS_ISOLATED", OK, f"{len(recovered)} test VMs are in test networks only")]
