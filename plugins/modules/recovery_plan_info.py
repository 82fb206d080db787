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
- name: Which plans recover more than ten VMs now
  nutanix_flow.dr.recovery_plan_info:
    query: "[?length(stages) > `1`].name"
  register: large
"""

RETURN = r"""
recovery_plans:
  description:
    - The recovery plans, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
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

from ..module_utils._glue.entity_runs import run_info
from ..module_utils._glue.recovery_options import WITH_PEERS


def main() -> None:
    run_info("recovery_plan", WITH_PEERS)


if __name__ == "__main__":
    main()
