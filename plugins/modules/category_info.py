#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: category_info
short_description: List categories of Prism Central
version_added: 1.0.0
description:
  - Categories are pairs of a key and a value that VMs, subnets and VPCs carry, and that policies select by.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.category) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  key:
    description: Return only categories of this key.
    type: str
  value:
    description: Return only categories of this value.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.category
  - module: nutanix_flow.dr.categories
"""

EXAMPLES = r"""
- name: List the values of one key
  nutanix_flow.dr.category_info:
    key: AppTier
    query: "[].value"
  register: tiers
"""

RETURN = r"""
categories:
  description:
    - The categories, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {key: AppTier, value: Web, description: Web servers, _prism: {ext_id: 569a018e-18ac-4813-b00f-2aa0d0005042, system_defined: false}}
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
    run_info("category")


if __name__ == "__main__":
    main()
