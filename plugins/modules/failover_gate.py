#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: failover_gate
short_description: Decide whether a failover or failback may go ahead
version_added: 1.0.0
description:
  - Looks at both sites several times, at the baseline and at the records of earlier runs, and answers go, no go, or go with waivers, with every reason.
  - That a site can't be reached, refuses the credentials or answers with errors is told apart. None of it is ever taken for the site being dead.
  - Changes nothing. The task does not fail when the answer is no; what follows from it is for the play to decide.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  mode:
    description:
      - V(planned) needs both sites, a fresh baseline and a recovery site in sync with it.
      - V(unplanned) needs the recovery site and a baseline. A primary that still answers must be fenced, see O(fenced).
      - V(test) needs the same as V(planned).
      - V(failback) needs both sites and a baseline.
      - V(pre_dr) needs both sites.
    type: str
    choices: [planned, unplanned, test, failback, pre_dr]
    required: true
  primary:
    description: The id of the primary site.
    type: str
    required: true
  recovery:
    description: The id of the recovery site.
    type: str
    required: true
  site_map:
    description: The site map. Needed for all modes but V(pre_dr).
    type: path
  reports:
    description: The directory with the records of earlier runs. An unfinished run is a reason of its own.
    type: path
  fenced:
    description:
      - How it is known that the primary runs none of the workloads any more, in words.
      - Needed for O(mode=unplanned) when the primary still answers.
    type: str
  mover:
    description:
      - What moves the workloads.
      - Copies that a drill left on the site that they move to, with the names of workloads, would be taken for workloads that have arrived.
        They are looked for, and are the reason C(TEST_VMS_LEFT), unless this is V(recovery_plans), which knows the VMs by their ids.
    type: str
    choices: [external, protection_domains, recovery_plans]
    default: external
  tries:
    description: How often each site is asked, at most; one that answers is not asked again.
    type: int
    default: 3
  interval:
    description: Seconds between two tries.
    type: int
    default: 2
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.waivers
  - nutanix_flow.dr.baseline.optional
  - nutanix_flow.dr.baseline.signers
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.replicate
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: May south take over
  nutanix_flow.dr.failover_gate:
    mode: unplanned
    primary: north
    recovery: south
    sites: "{{ dr_sites }}"
    baseline: baseline
    site_map: dr_site_map.yml
    waivers:
      - {code: BASELINE_OLD, by: j.doe, reason: nothing changed since, expires: '2026-12-31'}
  register: gate
"""

RETURN = r"""
verdict:
  description: V(go), V(go_with_waivers) or V(no_go).
  returned: success
  type: str
  sample: go
reasons:
  description: Everything that was looked at. C(status) is V(ok), V(waived), V(warning) or V(problem).
  returned: success
  type: list
  elements: dict
  sample:
    - {code: PRIMARY_DOWN, status: ok, text: "north refused the connection 3 of 3 times", fix: ""}
sites:
  description: What each site answered, V(up), V(down) or V(cannot_tell), with the tries.
  returned: success
  type: dict
  sample: {north: {state: down, tries: [refused, refused, refused]}, south: {state: up, tries: [ok]}}
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

from ..module_utils._glue.gate_run import run_gate


def main() -> None:
    run_gate()


if __name__ == "__main__":
    main()
