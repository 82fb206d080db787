#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: protection_policy_info
short_description: List protection policies of Prism Central
version_added: 1.0.0
description:
  - Protection policies say which VMs are replicated, from where to where, how often, and how many recovery points are kept.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.protection_policy) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the protection policy of this name.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.protection_policy
  - module: nutanix_flow.dr.protection_policies
"""

EXAMPLES = r"""
- name: Which policies lose up to an hour or more
  nutanix_flow.dr.protection_policy_info:
    query: "[?schedules[?ends_with(rpo, 'h') || ends_with(rpo, 'd')]].name"
  register: slow
"""

RETURN = r"""
protection_policies:
  description:
    - The protection policies, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: gold, schedules: [{from: north, to: south, rpo: 1h, consistency: crash}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
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
from ..module_utils._glue.recovery_options import WITH_PEERS


def main() -> None:
    run_info("protection_policy", WITH_PEERS)


if __name__ == "__main__":
    main()
