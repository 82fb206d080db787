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
  - Protection domains that are not active on O(source) are left alone and listed in RV(not_active).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  source:
    description:
      - The id of the site where the protection domains are active now.
    type: str
    required: true
  schedules:
    description:
      - The schedules of protection domains for which neither cluster has any to go by. A schedule gives exactly one of O(schedules[].every),
        O(schedules[].weekdays) and O(schedules[].days_of_month).
    type: list
    elements: dict
    suboptions:
      every:
        description: The time between two snapshots, V(15m), V(1h), V(6h) or V(1d). Units are C(s), C(m), C(h) and C(d).
        type: str
      weekdays:
        description: The days of the week on which one is taken.
        type: list
        elements: str
        choices: [sunday, monday, tuesday, wednesday, thursday, friday, saturday]
      days_of_month:
        description: The days of the month on which one is taken, 1 to 31.
        type: list
        elements: int
      at:
        description: The time of day of the first one, V(22:00), in UTC. If not given, what is there is kept, a new schedule starts at once.
        type: str
      keep:
        description: How many snapshots stay on this cluster.
        type: int
        required: true
      keep_for:
        description: How long they stay at most, V(14d) or V(3mo). Units are C(d) and C(mo), weeks become days.
        type: str
      remotes:
        description: The remote sites that get copies. Naming a site here is what switches replication on.
        type: list
        elements: dict
        suboptions:
          site:
            description: Name of the remote site, as this cluster calls it.
            type: str
            required: true
          keep:
            description: How many copies stay there.
            type: int
            required: true
          keep_for:
            description: How long they stay there at most, V(30d) or V(6mo).
            type: str
      app_consistent:
        description: Whether applications in the VMs are brought to rest for its snapshots.
        type: bool
      suspended:
        description: Whether it takes no snapshots for now.
        type: bool
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.protection_domain_way
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
