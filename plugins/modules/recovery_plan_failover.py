#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recovery_plan_failover
short_description: Run the recovery plans of a site map, and follow them
version_added: 1.0.0
description:
  - Runs the recovery plans that the site map lists, one after the other in its order, on the site that takes over.
  - In check mode it only reads, and tells in RV(verdict) and RV(reasons) whether they can be run, and in RV(plans) what they would move.
    A validation makes a job, so it is not part of that; O(action=validate) makes it.
  - There is one job per plan and run. One that runs is followed, one that succeeded is reported, one that failed stops the task with its
    steps. So a task that was interrupted is simply run again.
  - Nothing is started unless all plans can be.
  - Needs API v4.2 (pc.7.5).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  mode:
    description:
      - V(planned) shuts the VMs down, brings over what they wrote last and starts them on O(target). Both sites must answer.
      - V(unplanned) starts them from their newest recovery points. O(source) is not called, it may be gone.
    type: str
    choices: [planned, unplanned]
    required: true
  action:
    description:
      - V(move) runs the plans. What could have been waived doesn't stop it any more; check mode and V(validate) are for that.
      - V(validate) lets O(target) validate every plan that this run is yet to start, and fails with all that speaks against it.
      - V(fence) powers off old copies of the VMs that run on O(target), as a dead site has them that came back. Needs O(fence_confirm).
    type: str
    choices: [validate, fence, move]
    default: move
  plans:
    description:
      - The recovery plans to run, in this order, as O(target) calls them. If not given, those of the site map.
    type: list
    elements: str
  run_id:
    description:
      - The name of the run, which the jobs get.
    type: str
    required: true
  baseline:
    description:
      - The directory of the baseline. It knows the VMs when O(source) doesn't answer, so it is required for O(mode=unplanned).
    type: path
  fence_confirm:
    description:
      - What approves O(action=fence), C(fence.confirmation) of a run in check mode. It changes with the VMs.
    type: str
  fenced:
    description:
      - How it is known, in words, that the old copies on O(target) don't run although it says so. The recovery job still has its own opinion.
    type: str
  retry:
    description:
      - Whether to start anew after a job of this run that failed.
    type: bool
    default: false
  job_timeout:
    description:
      - Seconds to follow each job. What isn't over by then goes on by itself; run the task again to follow it further.
    type: int
    default: 14400
  poll_interval:
    description:
      - Seconds between two looks at most, from five (two calls in ten seconds) to ten; what is less or more counts as that.
      - The last look is taken when the job is likely to be over by what it has done so far.
    type: int
    default: 5
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.site_map.direction
  - nutanix_flow.dr.waivers
  - nutanix_flow.dr.progress
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.recovery_run
  - module: nutanix_flow.dr.recovery_plan
"""

EXAMPLES = r"""
- name: Run a recovery plan in the south (in check mode, ask whether that could be done now)
  nutanix_flow.dr.recovery_plan_failover:
    mode: planned
    sites: "{{ dr_sites }}"
    source: north
    target: south
    site_map: dr_site_map.yml
    plans: [tested]
    run_id: move-42
    waivers:
      - {code: CATEGORY_NOT_FOUND, by: j.doe, reason: the category is replicated tonight, expires: '2099-12-31'}
"""

RETURN = r"""
verdict:
  description: V(go), V(go_with_waivers) or V(no_go).
  returned: always
  type: str
  sample: go
reasons:
  description: Every reason for the verdict, with its code, its status (V(ok), V(waived), V(warning), V(problem)) and what to do about it.
  returned: always
  type: list
  elements: dict
  sample:
    - {code: PLAN_READY, status: ok, text: "recovery plan 'shop' would recover 3 VMs in 2 stages", fix: ""}
plans:
  description:
    - The plans as they were found before anything was done, in their order. C(does) is what a run does with the job of each, V(start),
      V(attach), V(report), V(stop), V(refuse) or V(nothing). C(stale) are old copies on O(target).
  returned: always
  type: list
  elements: dict
  sample:
    - name: shop
      does: start
      stages: 2
      vms:
        - {name: db-1, stage: 1, age_seconds: 1260, _prism: {ext_id: f215097c-bbc4-4e13-4d7d-9e59c81a25f6}}
      stale: []
vms:
  description: The VMs that were recovered, each with its id at the source and its id now. Empty in check mode.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: db-1, source: f215097c-bbc4-4e13-4d7d-9e59c81a25f6, recovered: 655ea7b5-3a05-4d5e-8d4e-7a3b6b1f0c11}
jobs:
  description: The job of each plan with its status, its times and its steps, as M(nutanix_flow.dr.recovery_run) has them. Empty in check mode.
  returned: always
  type: list
  elements: dict
  sample:
    - {plan: shop, name: move-42, action: planned, status: succeeded, percent: 100}
fence:
  description: The old copies that run on O(target), and what O(fence_confirm) must be for them to be powered off. Empty without any.
  returned: always
  type: dict
  sample: {confirmation: "north:fence:1f0c9a77", vms: [db-1]}
confirmation_digest:
  description: What a person approves, the plans, their order and how they are run, as a digest. The same when a run is repeated.
  returned: always
  type: str
  sample: 8c1f2e77d0a94f11
diff:
  description: One entry per plan that is run (or VM that is powered off), with headers that name it.
  returned: always
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: TaskFailed, cause: "the job 'move-42' ended failed: Power on the VM db-1: no host has enough memory"}
findings:
  description: Everything that hinders it, in parts.
  returned: when it was refused
  type: list
  elements: dict
  sample:
    - {where: "", problem: "recovery plan 'shop': no copy of db-1", fix: "Let the first replication end, or mend their protection"}
"""

from ..module_utils._glue.recovery_plan_failover_run import run_recovery_plan_failover


def main() -> None:
    run_recovery_plan_failover()


if __name__ == "__main__":
    main()
