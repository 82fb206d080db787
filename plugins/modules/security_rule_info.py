#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: security_rule_info
short_description: List security rules of Prism Central
version_added: 1.0.0
description:
  - A security rule is one Flow network security policy with all its entries.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.security_rule) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the security rule of this name.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.security_rule
  - module: nutanix_flow.dr.security_rules
"""

EXAMPLES = r"""
- name: Which security rules are not enforced
  nutanix_flow.dr.security_rule_info:
    query: "[?mode != 'enforce'].name"
  register: open_rules
"""

RETURN = r"""
security_rules:
  description:
    - The security rules, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - name: payments
      type: application
      mode: enforce
      scope: vlans
      groups:
        - secured: {categories: {AppType: Payments}}
          intra: allow
          inbound: [{from: any, services: [tcp/443]}]
      _prism: {ext_id: e8347a03-28a0-4eaa-9f43-64fd74cdee9e, system_defined: false}
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
    run_info("security_rule")


if __name__ == "__main__":
    main()
