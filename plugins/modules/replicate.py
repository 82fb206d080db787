#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: replicate
short_description: Bring a baseline to a site
version_added: 1.0.0
description:
  - Translates a verified baseline through the site map, plans what has to change on the target, and does it.
  - Needs the baseline, the site map and the target only; the source may be gone.
  - System-defined objects are compared and never created. Updates come before deletes.
  - Everything that can be found wrong is found before the first write and reported together.
  - Objects that can't be written don't hinder those that don't need them; the task fails and names each, and a second run completes.
  - Refuses to be a second master over objects that the Prism Centrals themselves keep in sync.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  stage:
    description:
      - Whether security rules that are new on the target are written as O(stage_mode) instead of as they stand in the baseline.
      - Security rules that are there keep the mode they have.
    type: bool
    default: false
  stage_mode:
    description: The mode of staged security rules.
    type: str
    choices: [save, monitor]
    default: save
  prune:
    description:
      - Whether to delete objects of the target that the baseline no longer has.
      - Only objects that an earlier state of this baseline had, and that are in the scope of the site map, are deleted.
    type: bool
    default: false
  run_id:
    description:
      - Names the run in the requests to the target, so that repeating the task in the same run repeats the same requests.
      - If not given, a new one is made.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.baseline
  - nutanix_flow.dr.baseline.signers
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.site_map.direction
  - nutanix_flow.dr.site_map.limits
  - nutanix_flow.dr.site_map.confirmed
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.baseline
  - module: nutanix_flow.dr.site_map
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: Bring the baseline of north to south
  nutanix_flow.dr.replicate:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: south

- name: Write what is new without enforcing it yet
  nutanix_flow.dr.replicate:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: south
    stage: true
    stage_mode: monitor
"""

RETURN = r"""
baseline_digest:
  description: The digest of the baseline that was used.
  returned: success
  type: str
  sample: 1f0e5b1c0e8f4b6b8e2a4c7d9a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e1f3a5b
plan_digest:
  description: sha256 over the steps of the plan.
  returned: success
  type: str
  sample: 5d0cfd3b2a8d41a9f5d3c1a0b7d64f0f4c5f1b1be1ecf8e7a7a5a0f3c9d2e1b0
confirmation_digest:
  description:
    - sha256 over what is being approved, the wanted objects, the options and the direction.
    - It does not depend on how much of it has been done already.
  returned: success
  type: str
  sample: 8c1f2e77d8a94f6b1c1f4e0a9f61d7c7b0d9c5a3e8f2a1b4c6d7e9f0a1b2c3d4
blast_radius:
  description:
    - What the plan means for the VMs of the target.
  returned: success
  type: dict
  sample: {vms: 61, changed: 3, percent: 5, deletes: 0, names: [web-1, web-2, web-3]}
compared:
  description: System-defined objects that differ from the baseline and are left as they are.
  returned: success
  type: list
  elements: dict
  sample: []
summary:
  description: Names of what was, or would be, created, updated and deleted, and how many objects were unchanged.
  returned: success
  type: dict
  sample: {created: [security_rule/shop], updated: [], deleted: [], unchanged: 148}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: security_rule, name: shop, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: SafetyLimit, cause: 14 objects would be deleted, fix: "Raise max_deletes, or look at the list"}
findings:
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: "dr_site_map.yml:14", problem: "there is no subnet 'web' on south", fix: "correct the name"}]
"""

from ..module_utils._glue.replicate_run import run_replicate


def main() -> None:
    run_replicate()


if __name__ == "__main__":
    main()
