#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: segmentation_query
short_description: Say whether flows pass, and which policy decides
version_added: 1.0.0
description:
  - Judges packets by the security rules of a site, offline, and names the policy, the entry and the level that decide.
  - Only the first packet of a session is judged. Answers pass with it.
  - With O(expect) or O(flows[].expect) the task fails for every flow that is judged otherwise, so that a playbook can assert what must be open and closed.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  from:
    description:
      - Who sends. The name of a VM, C(NAME[1]) for the second of several interfaces, or an address.
      - Needs O(to) and O(service).
    type: str
  to:
    description: Who receives, written as O(from) is.
    type: str
  service:
    description: The packet, as V(tcp/443), V(udp/53), V(icmp/8/0), V(icmpv6/128), V(dhcp), or the number of another IP protocol as V(47).
    type: str
  ipv6:
    description: Whether a flow between VMs goes over IPv6. An address says it by itself.
    type: bool
    default: false
  expect:
    description: What the verdict must be, else the task fails.
    type: str
    choices: [allow, deny]
  flows:
    description: Many flows at once, instead of O(from).
    type: list
    elements: dict
    suboptions:
      from:
        description: Who sends. The name of a VM, or an address.
        type: str
        required: true
      to:
        description: Who receives.
        type: str
        required: true
      service:
        description: The packet.
        type: str
        required: true
      ipv6:
        description: Whether a flow between VMs goes over IPv6.
        type: bool
        default: false
      expect:
        description: What the verdict must be, else the task fails.
        type: str
        choices: [allow, deny]
extends_documentation_fragment:
  - nutanix_flow.dr.estate
  - nutanix_flow.dr.estate.readings
  - nutanix_flow.dr.estate.checked
  - nutanix_flow.dr.sites.optional
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.segmentation_check
"""

EXAMPLES = r"""
- name: Why can't the web server reach its database
  nutanix_flow.dr.segmentation_query:
    site: north
    sites: "{{ dr_sites }}"
    from: web-1
    to: app-1
    service: tcp/5432

- name: What must be open is open, what must be closed is closed
  nutanix_flow.dr.segmentation_query:
    baseline: baseline
    flows:
      - {from: 203.0.113.9, to: web-1, service: tcp/443, expect: allow}
      - {from: web-1, to: web-2, service: tcp/22, expect: allow}
"""

RETURN = r"""
verdicts:
  description:
    - A verdict for each flow, in the order given.
    - C(verdict) is V(allow) or V(deny); C(monitored) says that it passes and a policy in monitor mode would have a say;
      C(if_enforced) is the verdict if all monitored policies were enforced.
    - C(decided_by) is the end that denies, or both ends if both let it pass. C(level) is the place in the order of precedence, from 0 to 14.
    - C(depends_on) names the readings without which the verdict would be another one.
  returned: success
  type: list
  elements: dict
  sample:
    - from: web-1
      to: app-1
      service: tcp/5432
      ipv6: false
      verdict: deny
      monitored: false
      if_enforced: deny
      decided_by:
        - {direction: out, action: deny, policy: shop, entry: "groups[0]", entry_text: AppTier/Web, level: 12, stage: "application, everything else"}
      depends_on: []
      explanation: "web-1 -> app-1 tcp/5432: DENY, denied at the source by shop groups[0] 'AppTier/Web' (application, everything else)"
      expect: null
      as_expected: true
unexpected:
  description: The explanations of the flows that are judged otherwise than expected.
  returned: always
  type: list
  elements: str
  sample: []
site:
  description: The site that was judged.
  returned: success
  type: str
  sample: north
read_from:
  description: Where its policies and VMs were read.
  returned: success
  type: str
  sample: north, live
digest:
  description: The digest of the baseline or estate file; empty for a live site.
  returned: success
  type: str
  sample: ""
findings:
  description: Everything that was found wrong with what was given, or not as expected, in parts.
  returned: when input was refused or a flow is not as expected
  type: list
  elements: dict
  sample: [{where: "flows[1]", problem: "there is no VM 'web-9' with a network interface", fix: Write the name of a VM or an address}]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "web-1 -> app-1 tcp/22: ALLOW", fix: correct the policy or the expectation}
"""

from ..module_utils._glue.segmentation_query_run import run_segmentation_query


def main() -> None:
    run_segmentation_query()


if __name__ == "__main__":
    main()
