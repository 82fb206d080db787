# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies that test failovers left on a site: whoever knows a workload by its name takes a copy of this name for it. Reads, never writes."""

from __future__ import annotations

import typing as t

from .._errors import NotFound
from .drill import is_test
from .recovery_follow import job_steps, recovery_jobs
from .recovery_job import recovered

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4


class Leftover(t.NamedTuple):
    """What one test failover left: the names of its recovery plan and of its job, and of the VMs that are still there."""

    plan: str
    job: str
    vms: tuple[str, ...]


def drill_leftovers(client: CentralV4) -> tuple[Leftover, ...]:
    """Those on the site of ``client``; none where it has no recovery plans. Raises CANNOT_TELL."""
    try:
        tests = [job for job in recovery_jobs(client) if is_test(job)]
    except NotFound:
        return ()
    if not tests:
        return ()
    here = {str(vm["extId"]): str(vm.get("name")) for vm in client.list("vmm", "ahv/config/vms")}
    left = [(job, _names(client, str(job["extId"]), here)) for job in tests]
    if not any(names for _job, names in left):
        return ()
    plans = {str(plan["extId"]): str(plan["name"]) for plan in client.list("datapolicies", "config/recovery-plans")}
    return tuple(Leftover(plans.get(str(job.get("recoveryPlanExtId")), "?"), str(job["name"]), names) for job, names in left if names)


def named_like(workloads: t.AbstractSet[str], left: t.Iterable[Leftover]) -> tuple[Leftover, ...]:
    """Those of them that have the names of workloads."""
    found = (one._replace(vms=tuple(name for name in one.vms if name in workloads)) for one in left)
    return tuple(one for one in found if one.vms)


def _names(client: CentralV4, job_id: str, here: t.Mapping[str, str]) -> tuple[str, ...]:
    made = (str(vm["recovered"]) for vm in recovered(job_steps(client, job_id)))
    return tuple(sorted(here[ext_id] for ext_id in made if ext_id in here))
