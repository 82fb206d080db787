#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protected_resource
short_description: See how VMs are replicated, promote or restore them
version_added: 1.0.0
description:
  - Tells of single VMs how they are replicated to a Prism Central, against the objective of their protection policy.
  - Promotes or restores them there, for Prism Centrals without recovery plans (before pc.7.5). Goes to the Prism Central that the VMs are to
    come to; with O(baseline) no other one is asked.
  - A VM whose name is there already is left alone, so the task can be run again. Nothing is done unless it can be done for all.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  vms:
    description:
      - The names of the VMs.
    type: list
    elements: str
    required: true
  action:
    description:
      - V(status) only looks.
      - V(promote) lets the copies of synchronously replicated VMs take over, and powers them on.
      - V(restore) makes VMs from minutely recovery points. They are powered off, and those at the source are left alone.
    type: str
    choices: [status, promote, restore]
    default: status
  baseline:
    description:
      - The directory of a baseline of the source, which knows the ids of its VMs. If not given, O(peers) are asked for them.
    type: path
  cluster:
    description:
      - The cluster on which to restore. Required if O(action=restore).
    type: str
  restore_time:
    description:
      - Restore what was at this time, as V(2026-11-21T10:00:00Z). The newest, if not given.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.protection_policy_info
  - module: nutanix_flow.dr.recovery_run
"""

EXAMPLES = r"""
- name: How well is the laboratory replicated
  nutanix_flow.dr.protected_resource:
    nutanix_host: pc-south.example.com
    vms: [lab-1]
    peers:
      - nutanix_host: pc-north.example.com
        nutanix_username: admin
        nutanix_password: "{{ vault_north_password }}"
  register: lab

- name: Restore it in the south
  nutanix_flow.dr.protected_resource:
    nutanix_host: pc-south.example.com
    vms: [lab-1]
    action: restore
    cluster: south-ahv
    baseline: baseline
"""

RETURN = r"""
vms:
  description:
    - How each VM is replicated. C(role) is that of this Prism Central (V(primary), V(secondary), V(independent), V(decoupled)) where replication
      is synchronous, C(newest) the time of the newest copy.
    - C(within_rpo) is empty where it can't be told, which is so for schedules of an hour and more.
  returned: success
  type: list
  elements: dict
  sample:
    - name: lab-1
      protected: true
      role:
      rpo_seconds: 300
      status: in_sync
      newest: "2026-11-21T10:00:00+00:00"
      age_seconds: 42
      within_rpo: true
      _prism: {ext_id: f215097c-bbc4-4e13-4d7d-9e59c81a25f6}
outcomes:
  description: What became of each VM that was promoted or restored, with its id at the source and its id now. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {name: lab-1, source: f215097c-bbc4-4e13-4d7d-9e59c81a25f6, recovered: 655ea7b5-3a05-4d5e-8d4e-7a3b6b1f0c11, error: null}
diff:
  description: One entry per VM that comes, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "nothing was done: VM 'lab-1': is not replicated to this Prism Central"}
findings:
  description: Everything that hinders it, in parts.
  returned: when it was refused
  type: list
  elements: dict
  sample:
    - {where: "VM 'lab-1'", problem: is not replicated to this Prism Central, fix: ""}
"""

from ..module_utils._glue.protected_resource_run import run_protected_resource


def main() -> None:
    run_protected_resource()


if __name__ == "__main__":
    main()
