#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_site_check
short_description: Tell whether two clusters can replicate to each other
version_added: 1.0.0
description:
  - What B(Test Connection) of Prism Element shows, and what it doesn't. Both halves of a pair, whether the relationship stands, latency,
    addresses and identity of the peer, ports, clocks, and alerts that name the remote site.
  - With O(profile=frame) the eighteen conditions under which Nutanix Frame can replicate its backups.
  - Each condition is C(ok), C(warning), C(problem) or C(cannot_tell), with what it was seen by and what to do. Something that could not be
    read is never taken for good or for bad.
  - Changes nothing. The task does not fail when something is wrong; what follows from it is for the play to decide.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Name of the remote site on this cluster.
    type: str
    required: true
  peer_name:
    description: Name of the remote site on the peer that leads back. If not given, it is called like this cluster.
    type: str
  expected:
    description:
      - Whether the two clusters are meant to be paired.
      - With V(false), that neither has a remote site for the other is no problem; the one finding is then C(NOT_PAIRED).
    type: bool
    default: true
  profile:
    description:
      - V(connection) tells whether the two clusters can replicate at all, one finding per cluster and condition.
      - V(frame) tells whether Frame can replicate backups from this cluster to the peer, one finding per condition, F1 to F18.
    type: str
    choices: [connection, frame]
    default: connection
  probe:
    description:
      - Whether the control host tries to reach TCP 2020 and 2009 of both clusters.
      - The control host stands elsewhere than the clusters, so that only an open port says something; anything else is C(cannot_tell).
    type: bool
    default: true
  probe_timeout:
    description: Seconds to wait for each port. All are tried at the same time.
    type: int
    default: 3
  workloads:
    description: Which VMs and volume groups of this cluster belong to Frame, by name, with the wild cards C(*) and C(?). Only for O(profile=frame).
    type: list
    elements: str
    default: ['*']
  sign_offs:
    description: What a person has looked at, since no API shows it. Only for O(profile=frame).
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The condition.
        type: str
        choices: [F16]
        required: true
      by:
        description: Who looked at it.
        type: str
        required: true
      date:
        description: The day, as V(2026-12-31).
        type: str
        required: true
      note:
        description: What was seen.
        type: str
        default: ''
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.element.peer
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info
notes:
  - The clocks of clusters that are reached with O(via_prism_central) can't be told.
seealso:
  - module: nutanix_flow.dr.failover_gate
"""

EXAMPLES = r"""
- name: See whether both clusters of the pair are well
  nutanix_flow.dr.remote_site_check:
    cluster: north-ahv
    via_prism_central: true
    name: south-ahv
    peer:
      nutanix_host: pc-south.example.com
      nutanix_username: admin
      nutanix_password: "{{ south_password }}"
      cluster: south-ahv
      via_prism_central: true
    probe_timeout: 1
  register: checked

- name: Show it
  ansible.builtin.debug:
    msg: "{{ checked | nutanix_flow.dr.check_lines }}"

- name: See whether Frame can replicate its backups
  nutanix_flow.dr.remote_site_check:
    cluster: north-ahv
    via_prism_central: true
    name: south-ahv
    profile: frame
    probe: false
    workloads: ['frame-*']
    sign_offs:
      - {id: F16, by: j.doe, date: '2026-11-21', note: both accounts have disaster recovery on}
"""

RETURN = r"""
verdict:
  description: The worst status of all findings, of V(ok), V(warning), V(cannot_tell) and V(problem).
  returned: success
  type: str
  sample: ok
findings:
  description: Every condition, in the order of the table.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The condition, for instance C(RELATIONSHIP) or C(F8).
      type: str
      sample: RELATIONSHIP
    title:
      description: What is checked.
      type: str
      sample: the relationship stands
    status:
      description: V(ok), V(warning), V(problem) or V(cannot_tell).
      type: str
      sample: problem
    object:
      description: What the finding is about.
      type: str
      sample: remote site 'south-ahv' on north-ahv
    cause:
      description: What was found.
      type: str
      sample: north-ahv reaches 198.51.100.50 of south-ahv on no address
    fix:
      description: What to do about it. Empty when all is well.
      type: str
      sample: Open TCP 2020 and 2009 from all CVMs of north-ahv to south-ahv, or correct the addresses
    evidence:
      description: What it was seen by.
      type: str
      sample: status UNREACHABLE
remote_sites:
  description: Both halves as they were seen, that of this cluster first.
  returned: success
  type: list
  elements: dict
  sample:
    - cluster: north-ahv
      name: south-ahv
      status: relationship_established
      latency_usecs: 1450
      addresses: {198.51.100.50: 2020}
      capabilities: [backup, disaster_recovery]
      vstores: {default: default}
      networks: {}
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "no cluster of this name is registered there; there are: north-ahv", fix: "Correct 'cluster'"}
"""

from ..module_utils._glue.remote_site_check_run import run_remote_site_check


def main() -> None:
    run_remote_site_check()


if __name__ == "__main__":
    main()
