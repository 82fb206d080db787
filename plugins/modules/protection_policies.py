#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_policies
short_description: Manage many protection policies of Prism Central at once
version_added: 1.0.0
description:
  - Protection policies say which VMs are replicated, from where to where, how often, and how many recovery points are kept.
  - Does for a whole list what M(nutanix_flow.dr.protection_policy) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.protection_policy.plural
seealso:
  - module: nutanix_flow.dr.protection_policy
  - module: nutanix_flow.dr.protection_policy_info
"""

EXAMPLES = r"""
- name: Keep the databases in step, and fewer and fewer older recovery points of the payments
  nutanix_flow.dr.protection_policies:
    protection_policies:
      - name: databases
        categories: {AppTier: DB}
        locations: &both
          - {name: north, prism_central: pc-north, primary: true}
          - {name: south, prism_central: pc-south}
        schedules:
          - {between: [north, south], rpo: 0, auto_suspend: 30s}
      - name: payments
        categories: {AppType: [Payments, Clinic]}
        locations: *both
        schedules:
          - {between: [north, south], rpo: 4h, rollup: {local: {every: week, keep: 4}, remote: {every: month, keep: 6}}}
"""

RETURN = r"""
protection_policies:
  description:
    - The listed protection policies as they are now, or in check mode as they would be. Empty when they are absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: gold, schedules: [{from: north, to: south, rpo: 1h, consistency: crash}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [protection_policy/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: protection_policy, name: a, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong first, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "there is no category 'Protect/Glod'", fix: "Create it first, or correct the name"}
"""

from ..module_utils._glue.entity_many import run_many
from ..module_utils._glue.recovery_options import WITH_PEERS


def main() -> None:
    run_many("protection_policy", WITH_PEERS)


if __name__ == "__main__":
    main()
