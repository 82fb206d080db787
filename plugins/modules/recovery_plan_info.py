#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recovery_plan_info
short_description: List recovery plans of Prism Central
version_added: 1.0.0
description:
  - Recovery plans say which VMs are recovered in which order at another location, in which networks, and how they come up.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.recovery_plan) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the recovery plan of this name.
    type: str
  recoverable:
    description:
      - Whether to tell of each plan which VMs it would recover at this Prism Central now, and how old their copies are. These are VMs at the
        Prism Centrals in O(peers).
    type: bool
    default: false
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.recovery_plan
  - module: nutanix_flow.dr.recovery_plans
"""

EXAMPLES = r"""
- name: What would be recovered in the south now, and what of it is too old
  nutanix_flow.dr.recovery_plan_info:
    nutanix_host: pc-south.example.com
    recoverable: true
    query: "[].recoverable[] | [?within_rpo != `true`].name"
    peers:
      - nutanix_host: pc-north.example.com
        nutanix_username: admin
        nutanix_password: "{{ vault_north_password }}"
  register: late
"""

RETURN = r"""
recovery_plans:
  description:
    - The recovery plans, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
    - C(recoverable), with O(recoverable), has the VMs, each with the priority of its stage and its state as
      M(nutanix_flow.dr.protected_resource) returns it.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: shop, stages: [{priority: 1, categories: {AppTier: DB}, delay: 1m}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
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

from ..module_utils._glue.recovery_plan_info_run import run_recovery_plan_info


def main() -> None:
    run_recovery_plan_info()


if __name__ == "__main__":
    main()
