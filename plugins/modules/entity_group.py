#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: entity_group
short_description: Manage an entity group of Prism Central
version_added: 1.0.0
description:
  - Entity groups name sets of VMs, subnets, VPCs and addresses that policies secure or use as sources and destinations.
  - Creates, updates or deletes one, found by its name. Fields that are not mentioned are kept, a given list is the whole list.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  state:
    description:
      - V(present) creates it or updates what differs.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.entity_group
seealso:
  - module: nutanix_flow.dr.entity_groups
  - module: nutanix_flow.dr.entity_group_info
"""

EXAMPLES = r"""
- name: Name everything that belongs to the clinic
  nutanix_flow.dr.entity_group:
    name: clinic
    members:
      - categories: {AppType: Clinic}
      - addresses: [10.1.8.0/24]
    exceptions:
      - addresses: [10.1.8.9]

- name: Remove an entity group
  nutanix_flow.dr.entity_group:
    name: old-clinic
    state: absent
"""

RETURN = r"""
entity_group:
  description:
    - The entity group as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample: {name: clinic, members: [{categories: {AppType: Clinic}}], _prism: {ext_id: 3b1a7c2d-6a01-4c7b-8a53-0a3f8c9f5a10, system_defined: false}}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "there is no category 'AppTier/Wbe'", fix: "Create it first, or correct the name"}
"""

from ..module_utils._glue.entity_one import run_one


def main() -> None:
    run_one("entity_group")


if __name__ == "__main__":
    main()
