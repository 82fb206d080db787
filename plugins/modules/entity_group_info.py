#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: entity_group_info
short_description: List entity groups of Prism Central
version_added: 1.0.0
description:
  - Entity groups name sets of VMs, subnets, VPCs and addresses that policies secure or use as sources and destinations.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.entity_group) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the entity group of this name.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.entity_group
  - module: nutanix_flow.dr.entity_groups
"""

EXAMPLES = r"""
- name: List all entity groups
  nutanix_flow.dr.entity_group_info:
  register: groups
"""

RETURN = r"""
entity_groups:
  description:
    - The entity groups, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: clinic, members: [{categories: {AppType: Clinic}}], _prism: {ext_id: 3b1a7c2d-6a01-4c7b-8a53-0a3f8c9f5a10, system_defined: false}}
unreadable:
  description:
    - Objects that hold something this collection has no words for, with the reason. Each is also a warning.
  returned: success
  type: list
  elements: dict
  sample: []
query_result:
  description: The answer of O(query).
  returned: when O(query) is given
  type: raw
  sample: [a, b]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Unauthorized, cause: the credentials were not accepted}
"""

from ..module_utils._glue.entity_info import run_info


def main() -> None:
    run_info("entity_group")


if __name__ == "__main__":
    main()
