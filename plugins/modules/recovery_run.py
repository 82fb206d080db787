#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recovery_run
short_description: Run a recovery plan, and follow it
version_added: 1.0.0
description:
  - Validates a recovery plan, fails over with it (planned, unplanned or as a test), cleans up after tests, or resumes protection.
  - Goes to the Prism Central that the VMs are to be recovered at, and to no other one. Failback is a planned failover asked of the primary.
  - The job is named after O(run_id), and there is one per run. One that runs is followed, one that succeeded is reported, one that failed
    stops the task with its steps. So a task that was interrupted is simply run again.
  - Lines of progress are shown while it runs, at least every ten seconds.
  - Needs API v4.2 (pc.7.5).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  plan:
    description:
      - The name of the recovery plan.
    type: str
    required: true
  action:
    description:
      - V(validate) asks what speaks against recovering now; RV(verdict) tells, the task doesn't fail because of it.
      - V(planned) shuts the VMs down, brings over what they wrote last and starts them here. Nothing is lost.
      - V(unplanned) starts them here as of their newest recovery point. The other side isn't asked.
      - V(test) starts copies in the test networks, which leaves the VMs as they are. V(clean_up) removes these copies, of whatever run.
      - V(resume_protection) ends the pause that a failover with O(pause_protection) began.
    type: str
    choices: [validate, planned, unplanned, test, clean_up, resume_protection]
    required: true
  run_id:
    description:
      - The name of the run, which the job gets. Required for all that make a job.
    type: str
  target_cluster:
    description:
      - The cluster to recover at. Only needed if both locations of the plan are on one Prism Central.
    type: str
  live_migrate:
    description:
      - Whether a planned failover moves the VMs while they run. Needs synchronous replication.
    type: bool
    default: false
  reference_time:
    description:
      - Recover in an unplanned failover what was at this time, as V(2026-11-21T10:00:00Z). The newest, if not given.
    type: str
  instant_restore:
    description:
      - Whether VMs start before their data is all there. Needs API v4.3.
    type: bool
    default: false
  pause_protection:
    description:
      - Whether a failover leaves the protection of the recovered VMs paused. Needs API v4.4.
    type: bool
    default: false
  retry:
    description:
      - Whether to start anew after a job of this run that failed.
    type: bool
    default: false
  job_timeout:
    description:
      - Seconds to follow it. What isn't over by then goes on by itself; run the task again to follow it further.
    type: int
    default: 14400
  poll_interval:
    description:
      - Seconds between two looks at most, from five (two calls in ten seconds) to ten; what is less or more counts as that.
      - The last look is taken when the job is likely to be over by what it has done so far.
    type: int
    default: 5
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.waivers
  - nutanix_flow.dr.progress
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.recovery_plan
  - module: nutanix_flow.dr.recovery_plan_info
  - module: nutanix_flow.dr.protected_resource
"""

EXAMPLES = r"""
- name: What speaks against a failover now
  nutanix_flow.dr.recovery_run:
    nutanix_host: pc-south.example.com
    plan: tested
    action: validate
    run_id: drill-42

- name: Try the plan in its test networks
  nutanix_flow.dr.recovery_run:
    nutanix_host: pc-south.example.com
    plan: tested
    action: test
    run_id: drill-42
    waivers:
      - {code: CATEGORY_NOT_FOUND, by: j.doe, reason: the category is replicated tonight, expires: '2099-12-31'}

- name: Clean up after it
  nutanix_flow.dr.recovery_run:
    nutanix_host: pc-south.example.com
    plan: tested
    action: clean_up
"""

RETURN = r"""
verdict:
  description: What the validation says, V(go), V(go_with_waivers) or V(no_go); V(cannot_tell) in check mode of what would start a job.
  returned: always
  type: str
  sample: go
reasons:
  description: Every reason for the verdict, with its code, its status (V(ok), V(waived) or V(problem)) and what to do about it.
  returned: always
  type: list
  elements: dict
  sample:
    - {code: RECOVERY_POINT_TOO_OLD, status: waived, text: "the newest recovery point of the VM db-1 is 7300 s old; waived by j.doe", fix: ""}
job:
  description: The job, with its status and times. Empty if there is none.
  returned: always
  type: dict
  sample:
    name: drill-42
    action: test
    status: succeeded
    percent: 100
    start: "2026-11-21T10:00:00Z"
    end: "2026-11-21T10:07:12Z"
    validation: succeeded
    ext_id: 89e6d19f-9b1e-4b5f-9f1e-3b0f0f3b0f0f
vms:
  description: The VMs that were recovered, each with its id at the source and its id now.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: web-1, source: f215097c-bbc4-4e13-4d7d-9e59c81a25f6, recovered: 655ea7b5-3a05-4d5e-8d4e-7a3b6b1f0c11}
steps:
  description: What the job did, in the order in which it was begun, with times, seconds and errors.
  returned: always
  type: list
  elements: dict
  sample:
    - phase: entity_recovery
      stage: 1
      operation: vm_power_on
      description: Power on the VM web-1
      status: succeeded
      entities: [web-1]
      start: "2026-11-21T10:03:00Z"
      end: "2026-11-21T10:03:30Z"
      seconds: 30.0
      error:
validation:
  description: What the validation found, C(errors) and C(warnings), each with code, group, message, VMs, cause and fix.
  returned: always
  type: dict
  sample: {errors: [], warnings: []}
diff:
  description: One entry if the plan was run, or would be.
  returned: always
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: TaskFailed, cause: "the job 'run-7' ended failed: Power on the VM db-1: no host has enough memory"}
findings:
  description: Everything that hinders it, in parts.
  returned: when the validation is against it
  type: list
  elements: dict
  sample:
    - {where: NETWORK_NOT_MAPPED, problem: "error (network): The network servers of the VM web-1 has no network", fix: Add a network mapping.}
"""

from ..module_utils._glue.recovery_run_run import run_recovery


def main() -> None:
    run_recovery()


if __name__ == "__main__":
    main()
