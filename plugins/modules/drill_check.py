#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drill_check
short_description: Check that recovery plans can be tested beside production, and that a test left it alone
version_added: 1.0.0
description:
  - Before a test it looks whether the test networks are apart from production, whether anything is left of earlier tests, whether another job of a plan
    runs, and whether the baseline knows the VMs.
  - After a test it looks whether the test VMs are in test networks only, after the clean-up whether anything is left, and both times whether the originals
    are what they were.
  - Changes nothing. The task does not fail when the answer is no; what follows from it is for the play to decide.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  phase:
    description:
      - V(before) looks at what speaks against a test. How the originals are is written to O(record) when the run looks for the first time.
      - V(tested) looks at the test VMs in O(recovered), V(cleaned) at what is left of them. Both compare the originals with what O(record) has of them.
    type: str
    choices: [before, tested, cleaned]
    default: before
  plans:
    description: The names of the recovery plans. If there are none, those in O(site_map).
    type: list
    elements: str
    default: []
  site_map:
    description: The site map. Needed without O(plans).
    type: path
  run_id:
    description: The name of the run. Tests of this name, or of this name with a number behind it, are its own.
    type: str
    required: true
  primary:
    description: The id of the site that has the originals.
    type: str
    required: true
  recovery:
    description: The id of the site that tests are made at.
    type: str
    required: true
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.recovered
  - nutanix_flow.dr.waivers
  - nutanix_flow.dr.baseline
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.recovery_run
  - module: nutanix_flow.dr.failover_gate
  - module: nutanix_flow.dr.coverage_info
"""

EXAMPLES = r"""
- name: Can the plan be tested without touching production
  nutanix_flow.dr.drill_check:
    plans: [tested]
    run_id: drill-42
    sites: "{{ dr_sites }}"
    primary: north
    recovery: south
    baseline: baseline
    waivers:
      - {code: TEST_VPC_LEADS_OUT, by: j.doe, reason: only to the proxy, expires: '2099-12-31'}
"""

RETURN = r"""
verdict:
  description: V(go), V(go_with_waivers) or V(no_go).
  returned: always
  type: str
  sample: go
reasons:
  description: Everything that was looked at. C(status) is V(ok), V(waived), V(warning) or V(problem).
  returned: always
  type: list
  elements: dict
  sample:
    - {code: TEST_NETWORK_APART, status: ok, text: "test network servers-test shares its VLAN with no other network", fix: ""}
plan_names:
  description: The names of the plans, of those too that can't be tested.
  returned: always
  type: list
  elements: str
  sample: [shop]
plans:
  description:
    - Of each plan that can be tested the VMs that it recovers, its test networks, and the name of the test job that the run starts or goes on with.
    - C(clean_first) says that test VMs have to be removed before a test can begin.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: shop, job: drill-42, clean_first: false, vms: [db-1, web-1], test_networks: [servers-test]}
vms:
  description: The names of the VMs of all plans that the baseline knows.
  returned: always
  type: list
  elements: str
  sample: [db-1, web-1]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Unauthorized, cause: the credentials were not accepted}
"""

from ..module_utils._glue.drill_check_run import run_drill_check


def main() -> None:
    run_drill_check()


if __name__ == "__main__":
    main()
