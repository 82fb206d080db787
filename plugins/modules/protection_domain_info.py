#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_domain_info
short_description: List the protection domains of a cluster, and how old their copies are
version_added: 1.0.0
description:
  - Lists protection domains with their members and schedules, whether they are active on this cluster, what is being replicated, and
    how old the copy on each remote site is, against the RPO.
  - Hundreds of protection domains are read in one listing.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  names:
    description:
      - Only these. All if not given.
    type: list
    elements: str
  rpo_minutes:
    description:
      - The oldest that a copy may be, in minutes. An older one makes RV(verdict) V(problem), as does a remote site without a copy.
    type: int
  query:
    description:
      - A JMESPath expression over RV(protection_domains). Its answer is in RV(query_result).
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.attributes.info
notes:
  - The age of a copy counts from the moment at which its replication began, by the clock of the cluster. The snapshot is at least that old.
seealso:
  - module: nutanix_flow.dr.protection_domain
"""

EXAMPLES = r"""
- name: Which copies are older than an hour?
  nutanix_flow.dr.protection_domain_info:
    via_prism_central: true
    cluster: north-pd
    rpo_minutes: 60
    query: "[?verdict == 'problem'].name"
"""

RETURN = r"""
protection_domains:
  description:
    - The protection domains, in the form that M(nutanix_flow.dr.protection_domain) takes, and their state.
    - C(copies) says for each remote site how many C(seconds) the copy is old (empty if there is none), which C(snapshot) it is and its C(verdict).
    - C(readable) is false where the collection has no words for a schedule; members and schedules are then left out.
  returned: success
  type: list
  elements: dict
  sample:
    - name: shop
      vms: [{name: web-1}]
      schedules: [{every: 1h, at: "10:00", keep: 4, remotes: [{site: south-ahv, keep: 24}]}]
      readable: true
      active: true
      metro: false
      marked_for_removal: false
      schedules_suspended: false
      replications: {running: 1, waiting: 0}
      copies:
        - remote_site: south-ahv
          seconds: 1800
          snapshot: "66051"
          replicating: true
          percent: 25
          verdict: ok
          says: the copy on south-ahv is 30.0 minutes old, 60.0 minutes are allowed
      verdict: ok
missing:
  description: Which of O(names) are not there.
  returned: success
  type: list
  elements: str
  sample: []
verdict:
  description: V(problem) if any copy is missing or too old, or any of O(names) is missing; else V(ok).
  returned: success
  type: str
  sample: ok
query_result:
  description: The answer of O(query).
  returned: when O(query) is given
  type: raw
  sample: [shop]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Unauthorized, cause: the user name or the password is wrong}
"""

from ..module_utils._glue.protection_domain_runs import run_domain_info


def main() -> None:
    run_domain_info()


if __name__ == "__main__":
    main()
