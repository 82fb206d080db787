#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: entity_groups
short_description: Manage many entity groups of Prism Central at once
version_added: 1.0.0
description:
  - Entity groups name sets of VMs, subnets, VPCs and addresses that policies secure or use as sources and destinations.
  - Does for a whole list what M(nutanix_flow.dr.entity_group) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.entity_group.plural
seealso:
  - module: nutanix_flow.dr.entity_group
  - module: nutanix_flow.dr.entity_group_info
"""

EXAMPLES = r"""
- name: Have the entity groups of the clinic
  nutanix_flow.dr.entity_groups:
    entity_groups:
      - name: clinic-web
        members: [{categories: {AppType: Clinic, AppTier: Web}}]
      - name: clinic-db
        members: [{categories: {AppType: Clinic, AppTier: DB}}]
"""

RETURN = r"""
entity_groups:
  description:
    - The listed entity groups as they are now, or in check mode as they would be. Empty when they are absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: clinic, members: [{categories: {AppType: Clinic}}], _prism: {ext_id: 3b1a7c2d-6a01-4c7b-8a53-0a3f8c9f5a10, system_defined: false}}
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [entity_group/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: entity_group, name: a, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong first, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "there is no category 'AppTier/Wbe'", fix: "Create it first, or correct the name"}
"""

from ..module_utils._glue.entity_many import run_many


def main() -> None:
    run_many("entity_group")


if __name__ == "__main__":
    main()
