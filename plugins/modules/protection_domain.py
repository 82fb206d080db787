#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_domain
short_description: Manage an asynchronous protection domain of a cluster
version_added: 1.0.0
description:
  - A protection domain names the VMs and volume groups of a cluster that are snapshotted together, when that happens, and which remote sites
    get copies.
  - Creates, updates or deletes one, found by its name. Options that are not mentioned are kept, a given list is the whole list.
  - It is changed on the cluster where it is active. Metro availability domains are refused.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description:
      - The name, the same on all clusters that hold copies.
    type: str
    required: true
  vms:
    description:
      - The VMs in it. A VM is in one protection domain at most.
      - A VM whose consistency group changes is taken out and protected anew.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the VM.
        type: str
        required: true
      consistency_group:
        description: VMs of one consistency group are snapshotted at the same moment. If not given, the VM has one of its own name.
        type: str
      app_consistent:
        description: Whether applications in the VM are brought to rest for its snapshots.
        type: bool
  volume_groups:
    description:
      - Names of the volume groups in it. They can be added; taking one out is refused, since Prism Element has no documented call for it.
    type: list
    elements: str
  state:
    description:
      - V(present) creates it or updates what differs.
      - V(absent) deletes it and the snapshots on this cluster, and waits until it is gone. Its VMs stay as they are, unprotected.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.snapshot_schedule
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.protection_domain_info
  - module: nutanix_flow.dr.protection_domain_failover
"""

EXAMPLES = r"""
- name: Protect the orders, an hourly snapshot here and on the other cluster
  nutanix_flow.dr.protection_domain:
    via_prism_central: true
    cluster: north-pd
    name: orders
    vms:
      - {name: orders-1, consistency_group: orders}
      - {name: orders-2, consistency_group: orders}
    schedules:
      - {every: 1h, keep: 4, remotes: [{site: south-pd, keep: 24}]}
      - {weekdays: [sunday], at: "02:00", keep: 4, remotes: [{site: south-pd, keep: 8, keep_for: 3mo}]}

- name: Protect them no longer
  nutanix_flow.dr.protection_domain:
    via_prism_central: true
    cluster: north-pd
    name: orders
    state: absent
"""

RETURN = r"""
protection_domain:
  description: The protection domain as it is now, or in check mode as it would be. Empty when it is absent.
  returned: success
  type: dict
  sample:
    name: shop
    vms: [{name: web-1}]
    schedules: [{every: 1h, at: "10:00", keep: 4, remotes: [{site: south-ahv, keep: 24}]}]
calls:
  description: What was done, call by call; a protection domain can't be written as a whole. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: str
  sample: [create it, protect web-1, add the schedule every 1h]
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Conflict, cause: it changed since it was read, fix: Run again}
findings:
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: "vm 'web-9'", problem: "is not on north-ahv; used by protection domain 'shop'", fix: "Create it first, or correct the name"}]
"""

from ..module_utils._glue.protection_domain_runs import run_domain


def main() -> None:
    run_domain()


if __name__ == "__main__":
    main()
