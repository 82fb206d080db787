#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: address_groups
short_description: Manage many address groups of Prism Central at once
version_added: 1.0.0
description:
  - Address groups name sets of IP addresses that policies use as sources and destinations.
  - Does for a whole list what M(nutanix_flow.dr.address_group) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.address_group.plural
seealso:
  - module: nutanix_flow.dr.address_group
  - module: nutanix_flow.dr.address_group_info
"""

EXAMPLES = r"""
- name: Have the address groups of both sites
  nutanix_flow.dr.address_groups:
    address_groups:
      - {name: site-north, addresses: [10.1.0.0/16]}
      - {name: site-south, addresses: [10.2.0.0/16]}
"""

RETURN = r"""
address_groups:
  description:
    - The listed address groups as they are now, or in check mode as they would be. Empty when they are absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: branch-offices, addresses: [10.20.0.0/16, 192.0.2.7], _prism: {ext_id: 0f0f4d08-4f34-4b31-9a6c-6a6cd6e2ac12, system_defined: false}}
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [address_group/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: address_group, name: a, status: done, error: null, task: null}
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
    run_many("address_group")


if __name__ == "__main__":
    main()
