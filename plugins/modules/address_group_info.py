#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: address_group_info
short_description: List address groups of Prism Central
version_added: 1.0.0
description:
  - Address groups name sets of IP addresses that policies use as sources and destinations.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.address_group) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the address group of this name.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.address_group
  - module: nutanix_flow.dr.address_groups
"""

EXAMPLES = r"""
- name: Which address groups hold a prefix
  nutanix_flow.dr.address_group_info:
    query: "[?contains(addresses, '10.1.0.0/16')].name"
  register: groups
"""

RETURN = r"""
address_groups:
  description:
    - The address groups, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: branch-offices, addresses: [10.20.0.0/16, 192.0.2.7], _prism: {ext_id: 0f0f4d08-4f34-4b31-9a6c-6a6cd6e2ac12, system_defined: false}}
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
    run_info("address_group")


if __name__ == "__main__":
    main()
