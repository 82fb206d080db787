#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_policy
short_description: Manage a protection policy of Prism Central
version_added: 1.0.0
description:
  - Protection policies say which VMs are replicated, from where to where, how often, and how many recovery points are kept.
  - Creates, updates or deletes one, found by its name. All that is wrong with it is found before it is sent, and said at once.
  - One policy is the same object on all Prism Centrals that it names; write it on one of them.
  - Fields that are not mentioned are kept, a given list is the whole list.
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
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.protection_policy
seealso:
  - module: nutanix_flow.dr.protection_policies
  - module: nutanix_flow.dr.protection_policy_info
"""

EXAMPLES = r"""
- name: Protect the VMs of the shop, at most an hour may be lost in either direction
  nutanix_flow.dr.protection_policy:
    name: shop-hourly
    categories: {AppType: Shop}
    locations:
      - {name: north, prism_central: pc-north, primary: true}
      - {name: south, prism_central: pc-south}
    schedules:
      - {between: [north, south], rpo: 1h, retention: {local: 2, remote: 2}}

- name: Remove a protection policy
  nutanix_flow.dr.protection_policy:
    name: old-protection
    state: absent
"""

RETURN = r"""
protection_policy:
  description:
    - The protection policy as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample:
    {name: gold, schedules: [{from: north, to: south, rpo: 1h, consistency: crash}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "there is no category 'Protect/Glod'", fix: "Create it first, or correct the name"}
"""

from ..module_utils._glue.entity_one import run_one
from ..module_utils._glue.recovery_options import WITH_PEERS


def main() -> None:
    run_one("protection_policy", WITH_PEERS)


if __name__ == "__main__":
    main()
