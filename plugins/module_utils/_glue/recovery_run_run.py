# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of recovery_run: one job of a recovery plan, started once per run and followed. Knows options, results and evidence."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._engine.clusters import cluster_id
from .._engine.recovery_follow import Following, PlanAt, directions
from .._engine.recovery_job import JOB_ACTIONS
from .._engine.recovery_site import identity
from .._engine.site import Site
from .gate_options import waivers_from, waivers_spec
from .holder import playbook_is_gone, this_holder
from .journey_options import record_spec
from .module import Result, make_module, open_site, run
from .progress_lines import ProgressLines, progress_spec
from .recording import recorder
from .recovery_job_run import JobRun, Wanted, no_job
from .recovery_run_plain import PLAIN_ACTIONS, plain_action

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
    run(make_module(spec, required_if=needed), _work, empty=no_job())


def following_from(params: t.Mapping[str, t.Any], tell: t.Callable[[str], None]) -> Following:
    """How long and how often to look at a job; a playbook that was killed waits for nothing any more."""
    process = this_holder().process
    return Following(float(params["job_timeout"]), float(params["poll_interval"]), tell, gone=lambda: playbook_is_gone(process))


def _work(module: AnsibleModule) -> Result:
    params = module.params
    with recorder(module, "recovery_run") as record, ProgressLines(params["progress_file"]) as lines:
        site = open_site(params)
        plan = PlanAt(site.client, params["plan"])
        following = following_from(params, lines.tell)
        if params["action"] in PLAIN_ACTIONS:
            return {**no_job(), **plain_action(module, plan, following, record)}
        wanted = Wanted(
            params["action"], params["run_id"], lambda: _spec(params, site, plan), waivers_from(params["waivers"]), params["retry"], module.check_mode
        )
        return JobRun(plan, wanted, following, record).result()


def _spec(params: t.Mapping[str, t.Any], site: Site, plan: PlanAt) -> dict[str, t.Any]:
    """The body of the call, without what differs between attempts."""
    action = params["action"]
    cluster = cluster_id(site.client, params["target_cluster"]) if params["target_cluster"] else ""
    spec: dict[str, t.Any] = {"failoverDirections": directions(plan.body, identity(site).ext_id, cluster)}
    if action == "planned" and params["live_migrate"]:
        spec["shouldLiveMigrateVMs"] = True
    if action == "unplanned" and params["reference_time"]:
        spec["recoveryReferenceTime"] = params["reference_time"]
    if action in ("unplanned", "test") and params["instant_restore"]:
        spec["isInstantRestore"] = True
    if action in ("planned", "unplanned") and params["pause_protection"]:
        spec["postFailoverBehaviour"] = {"shouldPauseProtection": True}
    return spec
