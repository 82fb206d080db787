#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_domain_failover
short_description: Move protection domains with their VMs to another cluster
version_added: 1.0.0
description:
  - Migrates (planned) or activates (unplanned) many protection domains at once, and follows them until they have arrived. Lines of progress are
    shown while it runs, at least every ten seconds.
  - What to do is decided from what the clusters say. What has moved is left alone, what is on its way is followed, so a task that was
    interrupted is simply run again. A protection domain that is active on both clusters is named and refused.
  - Nothing is started unless all that was asked for can be.
  - In check mode nothing fails because of what was found on the clusters; RV(verdict) and RV(reasons) tell.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  mode:
    description:
      - V(planned) migrates from O(source) to O(target). The VMs are shut down, a last snapshot is replicated, nothing is lost.
      - V(unplanned) activates the newest copy on O(target). O(source) is not called, it may be gone.
      - V(deactivation) deactivates on O(source) what O(target) has taken over meanwhile, which B(deletes) the VMs of the protection
        domain on O(source). Needs O(confirm).
    type: str
    choices: [planned, unplanned, deactivation]
    required: true
  source:
    description:
      - The id of the site that is left. Required unless O(mode=unplanned).
    type: str
  power_on:
    description:
      - Which of the moved VMs to power on when they have arrived. V(none) leaves them as they were recovered, which after a migration is off.
      - V(as_before) powers those on that ran when O(baseline) was exported.
      - VMs that have arrived in an earlier run are powered on too. None is ever powered off.
    type: str
    choices: [none, as_before, all]
    default: none
  baseline:
    description:
      - The directory of the baseline, for O(power_on=as_before).
    type: path
  rpo_minutes:
    description:
      - The oldest that a copy may be to be activated. If not given, the target of the site map holds.
      - An older one is a problem in an unplanned failover (it can be waived as C(PD_COPY_OLD)), and a warning in a planned one, which loses nothing.
    type: int
  confirm:
    description:
      - What approves a deactivation, RV(confirmation) of a run in check mode. It changes with the protection domains and their VMs.
    type: str
  move_timeout:
    description:
      - Seconds that all may take to arrive, and then the VMs to start. What hasn't arrived by then goes on by itself.
    type: int
    default: 7200
  poll_interval:
    description:
      - Seconds between two looks, at most four so that progress is shown in time.
    type: int
    default: 4
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.protection_domain_way
  - nutanix_flow.dr.waivers
  - nutanix_flow.dr.progress
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.protection_domain_info
  - module: nutanix_flow.dr.protection_domain_reprotect
"""

EXAMPLES = r"""
- name: Move the protection domains of the site map to the south, as in a planned failover
  nutanix_flow.dr.protection_domain_failover:
    mode: planned
    sites: "{{ dr_sites }}"
    source: north
    target: south
    clusters: {north: north-pd, south: south-pd}
    protection_domains: [billing]
    power_on: all
"""

RETURN = r"""
verdict:
  description: V(go), V(go_with_waivers) or V(no_go).
  returned: success
  type: str
  sample: go
reasons:
  description: Every reason for the verdict, with its code, its status (V(ok), V(waived), V(warning), V(problem)) and what to do about it.
  returned: success
  type: list
  elements: dict
  sample:
    - {code: PD_READY, status: ok, text: "protection domain 'billing' can be migrated from north-pd to south-pd", fix: ""}
protection_domains:
  description:
    - What was found and decided for each before anything was done. C(verb) is V(migrate), V(activate), V(deactivate), V(wait), V(attach),
      V(nothing) or V(refuse). C(copy) is the snapshot that would be activated and its age in seconds.
  returned: success
  type: list
  elements: dict
  sample:
    - name: billing
      source: north-pd
      target: south-pd
      remote_site: south-pd
      verb: migrate
      code: PD_READY
      says: can be migrated from north-pd to south-pd
      vms: [billing-1]
      copy:
outcomes:
  description: What became of each, C(done), C(unchanged) or C(failed). Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample: [{name: billing, verb: migrate, status: done, error: null}]
powered_on:
  description: The VMs that were powered on, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [billing-1]
confirmation:
  description: What O(confirm) must be for the VMs to be deleted. Empty if none would be.
  returned: success
  type: str
  sample: north:deactivation:1f0c9a77
diff:
  description: One entry per protection domain that moves, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Refused, cause: "1 VMs can't move to south-pd: billing-1; nothing was moved"}
findings:
  description: Everything that hinders the move, in parts.
  returned: when it was refused
  type: list
  elements: dict
  sample:
    - where: ""
      problem: "protection domain 'billing' split brain: it is active on both north-pd and south-pd"
      fix: Find out which side holds the data that counts, and deactivate the other one
"""

from ..module_utils._glue.protection_domain_failover_run import run_failover


def main() -> None:
    run_failover()


if __name__ == "__main__":
    main()
