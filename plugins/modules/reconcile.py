#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: reconcile
short_description: Bring edits made on the recovery site home
version_added: 1.0.0
description:
  - Compares three ways, the baseline from before the failover, the recovery site now and the primary now.
  - What was edited only on the recovery site is written to the primary. What was edited only on the primary stays.
  - Objects that were edited on both sides in different ways are conflicts. The task fails before the first write and names them all.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  run_id:
    description:
      - Names the run in the requests to the target, so that repeating the task in the same run repeats the same requests.
      - If not given, a new one is made.
    type: str
  source:
    description: The id of the site whose edits come home, usually the recovery site.
    type: str
    required: true
  target:
    description: The id of the site that is written to, usually the primary. The baseline is written in its names.
    type: str
    required: true
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.baseline
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.site_map.limits
  - nutanix_flow.dr.site_map.confirmed
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.baseline
  - module: nutanix_flow.dr.drift
  - module: nutanix_flow.dr.replicate
"""

EXAMPLES = r"""
- name: Bring the baseline to the recovery site, which is then edited by people
  nutanix_flow.dr.replicate:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: south

- name: Bring the edits of the recovery site home
  nutanix_flow.dr.reconcile:
    baseline: baseline
    site_map: dr_site_map.yml
    source: south
    target: north
    sites: "{{ dr_sites }}"
"""

RETURN = r"""
take:
  description: Objects whose edits on the source are taken over.
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: security_rule, name: shop, fields: [groups]}
keep:
  description: Objects that were edited only on the target and stay as they are there.
  returned: success
  type: list
  elements: dict
  sample: []
conflicts:
  description: Objects that were edited on both sides in different ways. When there are any, the task fails.
  returned: always
  type: list
  elements: dict
  sample: []
baseline_digest:
  description: The digest of the baseline that was used.
  returned: success
  type: str
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

from ..module_utils._glue.reconcile_run import run_reconcile


def main() -> None:
    run_reconcile()


if __name__ == "__main__":
    main()
