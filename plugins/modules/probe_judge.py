#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: probe_judge
short_description: Compare what became of probes with what the policies say
version_added: 1.0.0
description:
  - Takes the plan of M(nutanix_flow.dr.probe_plan) and what M(nutanix_flow.dr.connect_scan) observed on the hosts, and judges each probe.
  - An answer proves that a packet got there. Silence is taken for a denial only if the same host answered somebody and the sender got or gave an answer too.
    What can't be told is C(INCONCLUSIVE), with the reason, and never passes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  plan:
    description: The result of M(nutanix_flow.dr.probe_plan).
    type: dict
    required: true
  observed:
    description: What became of the probes, of all hosts together, as M(nutanix_flow.dr.connect_scan) returns it. Probes that are missing were not sent.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The probe.
        type: str
        required: true
      outcome:
        description: What became of it.
        type: str
        choices: [open, refused, timeout, unreachable, local_error, not_run]
        required: true
      detail:
        description: What the system said.
        type: str
        default: ''
      latency_ms:
        description: How long the last try took.
        type: float
        default: 0
      tries:
        description: How many tries there were.
        type: int
        default: 0
  control:
    description:
      - What must have answered somebody before silence means denied.
      - With V(host) any port of the destination. The firewall of the host itself may then be what keeps silent.
      - With V(port) the same port.
    type: str
    choices: [host, port]
    default: host
  max_inconclusive:
    description: If more than so many percent of the probes can't be judged, that is a problem of its own.
    type: int
    default: 50
  fail_at:
    description:
      - From which severity on the task fails. What is open and should be closed is a V(problem), what is closed and should be open a V(warning), what can't
        be judged a V(note).
    type: str
    choices: [problem, warning, note, never]
    default: problem
extends_documentation_fragment:
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.probe_plan
  - module: nutanix_flow.dr.connect_scan
"""

EXAMPLES = r"""
- name: Choose the probes
  nutanix_flow.dr.probe_plan:
    site: north
    sites: "{{ dr_sites }}"
    hosts: [web-1, web-2, app-1]
  register: plan

- name: Show what web-1 would send
  nutanix_flow.dr.connect_scan:
    probes: "{{ plan.by_host['web-1'] | default([]) }}"
  register: scan

- name: Judge what became of them
  nutanix_flow.dr.probe_judge:
    plan: "{{ plan }}"
    observed: "{{ scan.observed }}"
    fail_at: never
"""

RETURN = r"""
probes:
  description:
    - Each probe of the plan with C(observed) and its C(verdict), C(PASS), C(FAIL_OPEN) (denied, and it got through), C(FAIL_CLOSED) (allowed, and it
      didn't get through) or C(INCONCLUSIVE).
    - C(control) is the probe whose answer shows that silence means something, C(control_shows) whether it went to the same C(port) or to the same C(host).
  returned: always
  type: list
  elements: dict
  sample:
    - id: p0001
      source: web-1
      destination: app-1
      service: tcp/8444
      expected: deny
      policy: shop
      entry: groups[0] AppTier/Web
      observed: timeout
      verdict: PASS
      control: p0002
      control_shows: host
      reason: no answer, while the network of the host works
      explanation: "PASS p0001 web-1 -> app-1 tcp/8444: DENY, denied at the source by shop groups[0] 'AppTier/Web'; observed timeout: no answer, while ..."
counts:
  description: How many probes there are of each verdict.
  returned: success
  type: dict
  sample: {FAIL_OPEN: 0, FAIL_CLOSED: 0, INCONCLUSIVE: 1, PASS: 35}
severity:
  description: The worst of RV(findings), V(problem), V(warning) or V(note); empty if every probe passed.
  returned: success
  type: str
  sample: note
findings:
  description: Each probe that failed, and what can't be judged by its reason. When input was refused, everything that was found wrong with it.
  returned: always
  type: list
  elements: dict
  sample:
    - severity: note
      code: INCONCLUSIVE
      problem: "1 of 36 probes can't be judged (no answer, and nothing else answered at 10.1.1.31: it may be down), for instance web-1 -> db-1 tcp/22"
      fix: let all hosts take part, or see that something answers at the destination, and run again
summary:
  description: The counts in one line.
  returned: success
  type: str
  sample: "36 probes: 35 PASS, 1 INCONCLUSIVE, 0 FAIL_CLOSED, 0 FAIL_OPEN"
site:
  description: The site that was probed.
  returned: success
  type: str
  sample: north
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: DrError, cause: "36 probes: 34 PASS, 1 INCONCLUSIVE, 0 FAIL_CLOSED, 1 FAIL_OPEN", fix: Look at 'findings'}
"""

from ..module_utils._glue.probe_judge_run import run_probe_judge


def main() -> None:
    run_probe_judge()


if __name__ == "__main__":
    main()
