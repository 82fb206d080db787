#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recovery_plan
short_description: Manage a recovery plan of Prism Central
version_added: 1.0.0
description:
  - Recovery plans say which VMs are recovered in which order at another location, in which networks, and how they come up.
  - Creates, updates or deletes one, found by its name. All that is wrong with it is found before it is sent, and said at once.
  - A plan is one object with its stages, network mappings and recovery settings; only what differs of these is written.
  - One plan is the same object on both Prism Centrals that it names; write it on one of them. Needs API v4.2 (pc.7.5).
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
  - nutanix_flow.dr.recovery_plan
seealso:
  - module: nutanix_flow.dr.recovery_plans
  - module: nutanix_flow.dr.recovery_plan_info
"""

EXAMPLES = r"""
- name: Recover the shop in the south, databases first
  nutanix_flow.dr.recovery_plan:
    name: shop
    primary: {prism_central: pc-north}
    recovery: {prism_central: pc-south}
    stages:
      - {priority: 1, categories: {AppTier: DB}, delay: 60s}
      - {priority: 2, categories: {AppType: Shop}}
      - {priority: 3, vms: [web-2]}
    network_mappings:
      - {primary: servers, recovery: servers, recovery_test: servers-test, ip_mapping: true}
    recovery_settings:
      - {vm: web-2, ip_addresses: [{network: servers, primary: 10.1.1.12, recovery: 10.2.1.112}]}
      - {category: AppTier/Web, script_timeout: 2m}
    peers:
      - nutanix_host: pc-south.example.com
        nutanix_username: admin
        nutanix_password: "{{ vault_south_password }}"

- name: Remove a recovery plan
  nutanix_flow.dr.recovery_plan:
    name: old-plan
    state: absent
"""

RETURN = r"""
recovery_plan:
  description:
    - The recovery plan as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample:
    {name: shop, stages: [{priority: 1, categories: {AppTier: DB}, delay: 1m}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
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
    run_one("recovery_plan", WITH_PEERS)


if __name__ == "__main__":
    main()
