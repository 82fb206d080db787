#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: address_group
short_description: Manage an address group of Prism Central
version_added: 1.0.0
description:
  - Address groups name sets of IP addresses that policies use as sources and destinations.
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
  - nutanix_flow.dr.address_group
seealso:
  - module: nutanix_flow.dr.address_groups
  - module: nutanix_flow.dr.address_group_info
"""

EXAMPLES = r"""
- name: Name the networks of the branch offices
  nutanix_flow.dr.address_group:
    name: branch-offices
    description: All branch offices
    addresses:
      - 10.20.0.0/16
      - 192.0.2.7
      - 198.51.100.10-198.51.100.19

- name: Remove an address group
  nutanix_flow.dr.address_group:
    name: old-offices
    state: absent
"""

RETURN = r"""
address_group:
  description:
    - The address group as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample: {name: branch-offices, addresses: [10.20.0.0/16, 192.0.2.7], _prism: {ext_id: 0f0f4d08-4f34-4b31-9a6c-6a6cd6e2ac12, system_defined: false}}
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
    run_one("address_group")


if __name__ == "__main__":
    main()
