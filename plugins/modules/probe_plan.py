#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: probe_plan
short_description: Choose a few packets that show whether the policies of a site are enforced
version_added: 1.0.0
description:
  - Asks the policy engine what becomes of every packet between the hosts of an inventory, and chooses a few that together show much - each entry that
    allows something, the first and last port of each service and the ports beside them, each pair of isolated groups, outsiders, every denial, and each host.
  - For each packet that must be denied, one is chosen that must pass to the same destination. Without it silence would prove nothing.
  - Sends nothing. M(nutanix_flow.dr.connect_scan) and M(nutanix_flow.dr.win_connect_scan) do, and M(nutanix_flow.dr.probe_judge) compares.
  - Only VMs of the site that are hosts of the inventory are probed. The same input gives the same plan.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  hosts:
    description: Hosts of the inventory that send probes and are probed. Each stands for the VM of its name.
    type: list
    elements: str
    required: true
  stands_for:
    description:
      - For hosts that are called otherwise, the name of their VM.
      - For a host outside of the site, the address from which the site sees it. It sends probes and is not probed.
    type: dict
    default: {}
  witnesses:
    description:
      - Flows that must be shown whatever else is, usually the witnesses of M(nutanix_flow.dr.segmentation_check).
      - Another host that the policies treat alike may stand in for an end that is no host of the inventory.
    type: list
    elements: dict
    default: []
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
        description: The packet, as V(tcp/443).
        type: str
        required: true
      ipv6:
        description: Whether it goes over IPv6.
        type: bool
        default: false
  exclude_vms:
    description: VMs that are never probed. They may send.
    type: list
    elements: str
    default: []
  exclude_services:
    description: Services that are never probed, as V(tcp/9100) or V(tcp/8000-8099).
    type: list
    elements: str
    default: []
  prefer:
    description: Where any port would do, these are taken first. Choose ports at which something answers.
    type: list
    elements: str
    default: [tcp/22, tcp/443, tcp/3389]
  max_probes:
    description: How many probes at most. What doesn't fit is named in RV(not_covered).
    type: int
    default: 200
  seed:
    description: Another number chooses other hosts among those that the policies treat alike.
    type: int
    default: 0
  rate:
    description: Probes per second, of all hosts together.
    type: float
    default: 100
extends_documentation_fragment:
  - nutanix_flow.dr.estate
  - nutanix_flow.dr.estate.readings
  - nutanix_flow.dr.sites.optional
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.connect_scan
  - module: nutanix_flow.dr.win_connect_scan
  - module: nutanix_flow.dr.probe_judge
"""

EXAMPLES = r"""
- name: Choose what to probe between the web servers and the database
  nutanix_flow.dr.probe_plan:
    site: north
    sites: "{{ dr_sites }}"
    hosts: [web-1, web-2, app-1]
    max_probes: 50

- name: The same from a baseline, with a host outside of the site that only sends
  nutanix_flow.dr.probe_plan:
    baseline: baseline
    hosts: [web-1, app-1, jump]
    stands_for: {jump: 203.0.113.9}
    exclude_services: [tcp/9100]
"""

RETURN = r"""
probes:
  description:
    - The chosen probes. C(expected) is V(allow) or V(deny), C(policy) and C(entry) decide that.
    - C(controls) are the probes that must be answered before silence means denied, C(shows) says what the probe is good for.
    - C(rejects) if the entry refuses what it denies.
  returned: always
  type: list
  elements: dict
  sample:
    - id: p0001
      host: web-1
      source: web-1
      source_address: 10.1.1.11
      destination: app-1
      destination_address: 10.1.1.21
      service: tcp/8444
      expected: deny
      policy: shop
      entry: groups[0] AppTier/Web
      rejects: false
      controls: [p0002]
      shows: ["port shop groups[0].outbound[0] (AppTier/Web outbound to AppTier/App tcp/8443) tcp/8444"]
      explanation: "p0001 web-1 -> app-1 tcp/8444: DENY, denied at the source by shop groups[0] 'AppTier/Web' (application, everything else)"
by_host:
  description: For each host that sends, its probes as M(nutanix_flow.dr.connect_scan) takes them.
  returned: always
  type: dict
  sample: {web-1: [{id: p0001, address: 10.1.1.21, protocol: tcp, port: 8444, source: 10.1.1.11}]}
rate:
  description: Probes per second for each host.
  returned: success
  type: float
  sample: 33.3
coverage:
  description:
    - Goals that there are and those that the probes cover, by kind.
    - The kinds are C(witness), C(entry), C(isolation) (a pair of groups in one direction), C(port) (the ends of a service and the ports beside
      it), C(outsider) (somebody whom no policy secures), C(denial) and C(host) (something that passes and something that doesn't).
  returned: success
  type: dict
  sample: {entry: {goals: 9, covered: 6}, port: {goals: 15, covered: 15}}
not_covered:
  description: Each goal that no probe covers, with the reason.
  returned: success
  type: list
  elements: dict
  sample: [{what: "entry shop groups[0].inbound[0] (AppTier/Web inbound from any tcp/443)", why: no host of the inventory is at its other end}]
notes:
  description: Hosts that take no part, with the reason.
  returned: success
  type: list
  elements: str
  sample: [web-3 is off and takes no part]
summary:
  description: The plan in one line.
  returned: success
  type: str
  sample: "36 probes from 12 hosts of north, 20 of them must be denied; they cover: 6 of 9 entry, 15 of 15 port"
plan_digest:
  description: A digest of the probes.
  returned: success
  type: str
  sample: 5f1c0b7c2f9c8f6b2bd61e1c3a0f2b0a7d1f6f0c4f5a4b6a1f3a8d3c9b7e2d11
rejects:
  description: Whether some rule of the site refuses what it denies, so that a refusal doesn't prove that a packet got there.
  returned: success
  type: bool
  sample: false
site:
  description: The site for which the probes were chosen.
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
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: web-9, problem: "unknown VM 'web-9'", fix: "did you mean 'web-1'?"}]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: these hosts can't take part in probes, fix: ""}
"""

from ..module_utils._glue.probe_plan_run import run_probe_plan


def main() -> None:
    run_probe_plan()


if __name__ == "__main__":
    main()
