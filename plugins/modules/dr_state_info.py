#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dr_state_info
short_description: Show the state and the lock of a pair of sites
version_added: 1.0.0
description:
  - Tells which site is active, in which state the pair is, which verbs are legal, and who holds the lock.
  - A site that doesn't answer is told, and the other one speaks for the pair.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  primary:
    description: The id of the site that is active in normal times.
    type: str
    required: true
  recovery:
    description: The id of the site that takes over.
    type: str
    required: true
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.dr_state
"""

EXAMPLES = r"""
- name: See which site is active and who is at work
  nutanix_flow.dr.dr_state_info:
    sites: "{{ dr_sites }}"
    primary: north
    recovery: south
    site_map: dr_site_map.yml
  register: seen
"""

RETURN = r"""
pair:
  description: What the sites say together. Empty when none answered.
  returned: success
  type: dict
  sample:
    name: hospital
    state: READY
    active: north
    epoch: 4
    since: "2026-11-21T12:00:00Z"
    verb: failback
    run_id: failback-20261121T110000Z
    why: "north is active since 2026-11-21T12:00:00Z, by failback failback-20261121T110000Z"
    lagging: []
    legal_verbs: [pre_dr, test_failover, planned_failover, unplanned_failover]
locks:
  description: The lock on each site that answered, or V(null).
  returned: success
  type: dict
  sample: {north: null, south: null}
records:
  description: What each site that answered says of the pair, or V(null) when it was never told anything.
  returned: success
  type: dict
  sample: {north: null, south: null}
unanswered:
  description: Sites that didn't answer, with the error.
  returned: success
  type: dict
  sample: {}
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "dr_site_map.yml:3: there is no site 'west'"}
"""

from ..module_utils._glue.dr_state_run import run_dr_state_info


def main() -> None:
    run_dr_state_info()


if __name__ == "__main__":
    main()
