#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: coverage_info
short_description: Check that VMs are secured as they were before
version_added: 1.0.0
description:
  - Waits until the VMs that a baseline knows are on a site, then checks each of them.
  - A VM must have its categories and be secured by the security rules that secured it before, enforced, and in a scope that covers its subnet.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  wait_for_vms:
    description: Seconds to wait for all expected VMs to be there. After that, those that are missing are reported.
    type: int
    default: 0
  poll_interval:
    description: Seconds between two looks.
    type: int
    default: 10
  vms:
    description: Names of the VMs to expect. If not given, all VMs of the baseline that a security rule secured or that have categories.
    type: list
    elements: str
  query:
    description:
      - A JMESPath expression that is applied to RV(vms); its answer is RV(query_result).
      - Needs the Python library C(jmespath).
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.baseline
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.site_map.direction
  - nutanix_flow.dr.recovered
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info
seealso:
  - module: nutanix_flow.dr.vm_categories
  - module: nutanix_flow.dr.baseline
"""

EXAMPLES = r"""
- name: Wait until the VMs are back on north and see whether they are secured as before
  nutanix_flow.dr.coverage_info:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: north
    wait_for_vms: 900
    query: "[?status != 'ok'].name"
  register: coverage

- name: Give back the categories that got lost on the way
  nutanix_flow.dr.vm_categories:
    vms: "{{ coverage.repair }}"
"""

RETURN = r"""
verdict:
  description: V(ok), V(warning) or V(problem), the worst of RV(findings).
  returned: success
  type: str
  sample: ok
vms:
  description: Each expected VM, its categories and the security rules that secure it, expected and found.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: web-1, status: ok, secured_by: {shop: enforce}, expected: {shop: enforce}, missing_categories: [], findings: []}
missing:
  description: Names of the expected VMs that are not on the site.
  returned: success
  type: list
  elements: str
  sample: []
findings:
  description: What is not as it was before.
  returned: success
  type: list
  elements: dict
  sample:
    - {vm: web-2, severity: problem, code: CATEGORY_MISSING, problem: "lacks AppTier/Web"}
repair:
  description: Missing categories, in the form that M(nutanix_flow.dr.vm_categories) takes.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: web-2, categories: {AppTier: Web}}
counts:
  description: How many VMs were expected, are ok, have problems, are missing.
  returned: success
  type: dict
  sample: {expected: 61, ok: 59, warning: 0, problem: 2, missing: 0}
query_result:
  description: The answer of O(query).
  returned: when O(query) is given
  type: raw
  sample: [web-2]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: SafetyLimit, cause: 14 objects would be deleted, fix: "Raise max_deletes, or look at the list"}
"""

from ..module_utils._glue.coverage_run import run_coverage


def main() -> None:
    run_coverage()


if __name__ == "__main__":
    main()
