#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connect_scan
short_description: Try connections from a host and tell what became of them
version_added: 1.0.0
description:
  - Tries to connect to a list of addresses and tells what became of each try - C(open), C(refused), C(timeout), C(unreachable) or an error of its own.
  - Runs on the host that sends. Sends nothing unless O(enabled) is set, and nothing in check mode.
  - It opens connections as any program does, and sends no data over TCP. Over UDP it sends a few bytes, to port 53 a DNS query; no answer can then mean
    anything. ICMP needs privileges and is not run.
  - Needs Python 3.7 or newer on the host, and nothing else. For Windows there is M(nutanix_flow.dr.win_connect_scan).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  probes:
    description: What to try. Usually one part of RV(nutanix_flow.dr.probe_plan#module:by_host).
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The name of the probe.
        type: str
        required: true
      address:
        description: The IP address to try. Names are refused.
        type: str
        required: true
      protocol:
        description: The protocol.
        type: str
        choices: [tcp, udp, icmp]
        default: tcp
      port:
        description: The port. Needed but for V(icmp).
        type: int
        default: 0
      source:
        description: The address to send from. If empty, the system chooses.
        type: str
        default: ''
  enabled:
    description: Whether to send anything. Without it, the answer is C(not_run) for each probe.
    type: bool
    default: false
  timeout:
    description: Seconds to wait for an answer, from 0.1 to 30.
    type: float
    default: 2
  concurrency:
    description: How many tries at the same time, from 1 to 20.
    type: int
    default: 10
  rate:
    description: How many tries per second, from 0.1 to 200.
    type: float
    default: 20
  retries:
    description: How often to try again after no answer, from 0 to 3.
    type: int
    default: 1
extends_documentation_fragment:
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.probe_plan
  - module: nutanix_flow.dr.win_connect_scan
  - module: nutanix_flow.dr.probe_judge
"""

EXAMPLES = r"""
- name: Show what would be sent
  nutanix_flow.dr.connect_scan:
    probes:
      - {id: p0001, address: 10.1.1.21, port: 5432}

- name: See which of two ports of this very host is open
  nutanix_flow.dr.connect_scan:
    probes:
      - {id: ssh, address: 127.0.0.1, port: 22}
      - {id: https, address: 127.0.0.1, port: 443}
    timeout: 1
    enabled: true
"""

RETURN = r"""
observed:
  description:
    - What became of each probe, in the order given.
    - C(refused) is the answer of a host at whose port nothing listens. C(unreachable) is the answer of something on the way; C(detail) says which, where
      the system tells it. C(local_error) means that it could not be sent.
  returned: always
  type: list
  elements: dict
  sample: [{id: p0001, outcome: unreachable, detail: "ICMP type 3 code 13, administratively prohibited", latency_ms: 0.4, tries: 1}]
counts:
  description: How many probes ended in which way.
  returned: always
  type: dict
  sample: {open: 1, refused: 0, timeout: 3, unreachable: 0, local_error: 0, not_run: 0}
"""

from ..module_utils._glue.connect_scan_run import run_connect_scan


def main() -> None:
    run_connect_scan()


if __name__ == "__main__":
    main()
