#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_domain_reprotect
short_description: Let moved protection domains replicate back to where they came from
version_added: 1.0.0
description:
  - Schedules don't follow a failover. This gives protection domains that are active on O(source) schedules that replicate to O(target), so that a
    failback has little to send.
  - What leads to O(target) already is kept. Otherwise the schedules that the other cluster still has are mirrored, same moments, same numbers.
    O(schedules) are for protection domains for which neither cluster has any to go by.
  - Protection domains that are not active on O(source) are left alone and listed in RV(not_active).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  source:
    description:
      - The id of the site where the protection domains are active now.
    type: str
    required: true
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.protection_domain_way
  - nutanix_flow.dr.snapshot_schedule
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.protection_domain_failover
  - module: nutanix_flow.dr.protection_domain
"""

EXAMPLES = r"""
- name: Have the payroll replicate back to the north
  nutanix_flow.dr.protection_domain_reprotect:
    sites: "{{ dr_sites }}"
    source: south
    target: north
    clusters: {north: north-pd, south: south-pd}
    remote_site: north-pd
    protection_domains: [payroll]
    schedules:
      - {every: 1h, keep: 4, remotes: [{site: north-pd, keep: 4}]}
"""

RETURN = r"""
protection_domains:
  description: The protection domains that are active on O(source), with all schedules that they have now or in check mode would have.
  returned: success
  type: list
  elements: dict
  sample:
    - name: payroll
      cluster: south-pd
      remote_site: north-pd
      schedules: [{every: 1h, at: "10:00", keep: 4, remotes: [{site: north-pd, keep: 4}]}]
not_active:
  description: The protection domains that are not active on O(source).
  returned: success
  type: list
  elements: str
  sample: []
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Conflict, cause: it changed since it was read, fix: Run again}
findings:
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: "protection domain 'payroll'", problem: neither south-pd nor north-pd has a schedule to go by, fix: "give 'schedules'"}]
"""

from ..module_utils._glue.reprotect_run import run_reprotect


def main() -> None:
    run_reprotect()


if __name__ == "__main__":
    main()
