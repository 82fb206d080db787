#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: segmentation_check
short_description: Prove that two sites treat all flows alike, or show which differ
version_added: 1.0.0
description:
  - Compares what the security rules of two sites do to every possible packet between the VMs that both have, and between them and all other addresses.
  - If nothing differs, that is a proof. Else each group of flows that is opened, closed, or different only in monitor mode is named with its cause on both
    sides and a packet that shows it.
  - How rules are named, ordered, split or repeated doesn't matter. Names and addresses are translated through the site map.
  - Beside it, the facts of a recovery that change verdicts are looked at one by one, and the coverage of both sites is counted.
  - Each site is looked at live, or taken from a baseline or an estate file, so that a proof needs no site that is gone.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  estate:
    description:
      - An estate file to be taken for O(source), instead of the live site.
      - It is YAML with the keys C(security_rules), C(address_groups), C(service_groups), C(entity_groups) and C(categories), each a list as the plural
        modules take them, and C(vms), a list as in the C(membership.yml) of a baseline.
    type: path
  target_baseline:
    description: The directory of a baseline to be taken for O(target), instead of the live site.
    type: path
  target_estate:
    description: An estate file to be taken for O(target), instead of the live site.
    type: path
  workloads:
    description:
      - Whose VMs are compared. V(both) means the VMs that both sites have.
      - V(source) means all VMs of O(source). Those that are not on O(target) are taken as if they had been moved there, with their categories, to the subnets
        that the site map names. This says before a failover how it would end.
      - V(target) is the same the other way round.
    type: str
    choices: [both, source, target]
    default: both
  before:
    description:
      - Which of the sites is how it was. What is denied there and passes on the other one is opened.
      - Names and addresses are translated from O(source) to O(target) in any case. Where the site map maps two prefixes to one, that is the direction
        in which it can be read.
    type: str
    choices: [source, target]
    default: source
  vms:
    description:
      - What VMs of O(source) are called on O(target), by name or external id, as recovery jobs report it.
      - All others are matched by name.
    type: dict
    default: {}
  accept_unrepresented:
    description:
      - Objects of live sites, as V(security_rule/NAME), that the collection has no words for and that may be left out.
      - Nothing is proved about them, and RV(notes) says so. Any other object that can't be read fails the task.
    type: list
    elements: str
    default: []
  tiers:
    description:
      - The category keys by which RV(matrix) sorts VMs into tiers, for instance V([AppType, AppTier]).
      - If not given, of the keys by which security rules secure those, two at most, that tell most tiers apart without making more than 32.
    type: list
    elements: str
    default: []
  fail_at:
    description:
      - From which severity on the task fails.
      - Opened flows are a V(problem), closed ones a V(warning), and what differs only if monitored policies were enforced is a V(note). RV(findings) have
        severities of their own.
    type: str
    choices: [problem, warning, note, never]
    default: problem
  limit:
    description: List at most so many groups of flows, and so many names in each. What is left out is said. V(0) lists all.
    type: int
    default: 100
extends_documentation_fragment:
  - nutanix_flow.dr.estate.readings
  - nutanix_flow.dr.estate.checked
  - nutanix_flow.dr.sites.optional
  - nutanix_flow.dr.baseline.optional
  - nutanix_flow.dr.site_map.optional
  - nutanix_flow.dr.site_map.direction
  - nutanix_flow.dr.recovered
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.segmentation_query
  - module: nutanix_flow.dr.coverage_info
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: Is the baseline still what the site does
  nutanix_flow.dr.segmentation_check:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: north
    sites: "{{ dr_sites }}"

- name: Would the workloads be segmented on south as they are on north
  nutanix_flow.dr.segmentation_check:
    site_map: dr_site_map.yml
    source: north
    target: south
    sites: "{{ dr_sites }}"
    workloads: source
    fail_at: never
"""

RETURN = r"""
verdict:
  description: V(equal) or V(different).
  returned: success
  type: str
  sample: different
proof:
  description: The verdict as a sentence, with how much was compared.
  returned: success
  type: str
  sample: "Proved equal: every packet is treated alike (26 interfaces and all other addresses in 31 classes, 48 rows compared)"
severity:
  description: The worst of RV(groups) and RV(findings), V(problem), V(warning) or V(note); empty if there is nothing.
  returned: success
  type: str
  sample: problem
causes:
  description:
    - RV(groups) by the policy that denies on one of the sites what passes on the other, with how many there are and the first of them.
    - One mistake often shows in many groups; begin here.
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: opened, severity: problem, policy: shop, groups: 2, explanation: "Opened: tcp/444 for 2 pairs of ends, for instance 0.0.0.0 -> web-1 tcp/444"}
groups:
  description:
    - Groups of flows that differ in the same way for the same reason. C(kind) is V(opened), V(closed) or V(monitored_only).
    - C(witness) is one packet as both sites call it, C(cause) what decides it there.
  returned: success
  type: list
  elements: dict
  sample:
    - kind: opened
      severity: problem
      services: [tcp/444]
      ipv6: false
      flows: [{from: [0.0.0.0-10.1.1.10], to: [web-1, web-2]}]
      witness:
        source: {from: 0.0.0.0, to: web-1, service: tcp/444, ipv6: false}
        target: {from: 0.0.0.0, to: web-1, service: tcp/444, ipv6: false}
      cause:
        source:
          - {direction: in, action: deny, policy: shop, entry: "groups[0]", entry_text: AppTier/Web, level: 12, stage: "application, everything else"}
        target:
          - direction: in
            action: allow
            policy: shop
            entry: "groups[0].inbound[0]"
            entry_text: AppTier/Web inbound from any tcp/443-444
            level: 11
            stage: application, an entry
      explanation: "Opened: tcp/444 for 2 pairs of ends, for instance 0.0.0.0 -> web-1 tcp/444"
counts:
  description: How many groups there are of each kind.
  returned: success
  type: dict
  sample: {opened: 1, closed: 0, monitored_only: 0}
coverage:
  description: For the compared VMs on both sites, how many interfaces are secured by an enforced policy, only monitored, unsecured, or on a basic VLAN.
  returned: success
  type: dict
  sample:
    before: {vms: 8, interfaces: 8, enforced: 7, monitored: 1, unsecured: 0, basic_vlan: 0, without_address: 0}
    after: {vms: 8, interfaces: 8, enforced: 7, monitored: 1, unsecured: 0, basic_vlan: 0, without_address: 0}
matrix:
  description:
    - Who may talk to whom over IPv4, tier by tier, with the services that pass between any of their VMs before and after. C(part) says that they pass between
      some of them only, C(differs) and C(differs_ipv6) name the kinds of RV(groups) that are on this way.
    - Ways on which nothing passes and nothing differs are left out. C(note) says why there are no ways, if there are none.
  returned: success
  type: dict
  sample:
    by: [AppTier]
    tiers: [{name: App, vms: 3}, {name: Web, vms: 2}, {name: other addresses, vms: 0}]
    ways:
      - {from: Web, to: App, before: [tcp/8443], after: [tcp/8443-8444], part: false, differs: [opened], differs_ipv6: []}
    note: ''
policies:
  description: The security rules that were compared, of both sites.
  returned: success
  type: list
  elements: str
  sample: [shop, prod-from-test]
findings:
  description:
    - Facts of a recovery that change verdicts. C(code) is F1 to F13, see the guide on segmentation.
    - When input was refused, everything that was found wrong with it.
  returned: always
  type: list
  elements: dict
  sample:
    - {code: F8, severity: problem, subject: security rule shop, problem: "is in mode monitor there, before it was enforce", fix: set it to enforce}
depends_on:
  description: Readings under which there would be other differences, and what was taken to be true.
  returned: success
  type: list
  elements: dict
  sample:
    - {reading: peer_needs_address, taken: true, default_means: a VM without a known address is no peer by category}
compared:
  description: How much was compared.
  returned: success
  type: dict
  sample: {interfaces: 26, classes: 31, rows: 48}
not_compared:
  description: VMs or interfaces that only one site has. Nothing is said about them.
  returned: success
  type: dict
  sample: {source: [], target: [jump-1]}
inputs:
  description: Where both sites were read, with the digest of a baseline or estate file.
  returned: success
  type: dict
  sample: {source: {site: north, read_from: baseline of north, digest: 41d09ab2}, target: {site: south, read_from: "south, live", digest: ""}}
notes:
  description: What was left out or taken for granted, in words.
  returned: success
  type: list
  elements: str
  sample: ["8 VMs are taken as if they had been moved, they are not on south yet"]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: DrError, cause: "Not equal: groups of flows 1 opened", fix: "Look at 'groups' and 'findings'"}
"""

from ..module_utils._glue.segmentation_check_run import run_segmentation_check


def main() -> None:
    run_segmentation_check()


if __name__ == "__main__":
    main()
