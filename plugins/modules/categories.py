#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: categories
short_description: Manage many categories of Prism Central at once
version_added: 1.0.0
description:
  - Categories are pairs of a key and a value that VMs, subnets and VPCs carry, and that policies select by.
  - Does for a whole list what M(nutanix_flow.dr.category) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.category.plural
seealso:
  - module: nutanix_flow.dr.category
  - module: nutanix_flow.dr.category_info
"""

EXAMPLES = r"""
- name: Have the tiers of all applications
  nutanix_flow.dr.categories:
    categories:
      - {key: AppTier, value: Web}
      - {key: AppTier, value: App}
      - {key: AppTier, value: DB, description: Databases}

- name: Remove all values of a retired key
  nutanix_flow.dr.categories:
    categories: []
    prune: true
    scope: ['Legacy/*']
"""

RETURN = r"""
categories:
  description:
    - The listed categories as they are now, or in check mode as they would be. Empty when they are absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {key: AppTier, value: Web, description: Web servers, _prism: {ext_id: 569a018e-18ac-4813-b00f-2aa0d0005042, system_defined: false}}
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [category/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: category, name: a, status: done, error: null, task: null}
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
    run_many("category")


if __name__ == "__main__":
    main()
