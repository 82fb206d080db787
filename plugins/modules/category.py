#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: category
short_description: Manage a category of Prism Central
version_added: 1.0.0
description:
  - Categories are pairs of a key and a value that VMs, subnets and VPCs carry, and that policies select by.
  - Creates, updates or deletes one, found by its key and value. Fields that are not mentioned are kept, a given list is the whole list.
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
notes:
  - The value of O(key) and O(value) can't be changed; another value is another category.
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.category
seealso:
  - module: nutanix_flow.dr.categories
  - module: nutanix_flow.dr.category_info
"""

EXAMPLES = r"""
- name: Have the category of the web tier
  nutanix_flow.dr.category:
    key: AppTier
    value: Web
    description: Web servers of all applications

- name: Remove a category that nothing uses
  nutanix_flow.dr.category:
    key: AppTier
    value: Legacy
    state: absent
"""

RETURN = r"""
category:
  description:
    - The category as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample: {key: AppTier, value: Web, description: Web servers, _prism: {ext_id: 569a018e-18ac-4813-b00f-2aa0d0005042, system_defined: false}}
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
    run_one("category")


if __name__ == "__main__":
    main()
