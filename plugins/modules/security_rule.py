#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: security_rule
short_description: Manage a security rule of Prism Central
version_added: 1.0.0
description:
  - A security rule is one Flow network security policy with all its entries.
  - Creates, updates or deletes one, found by its name. Fields that are not mentioned are kept, a given list is the whole list.
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
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.security_rule
seealso:
  - module: nutanix_flow.dr.security_rules
  - module: nutanix_flow.dr.security_rule_info
"""

EXAMPLES = r"""
- name: Close the payments application except for what it needs
  nutanix_flow.dr.security_rule:
    name: payments
    type: application
    mode: monitor
    scope: vlans
    groups:
      - secured: {categories: {AppType: Payments, AppTier: Web}}
        intra: allow
        inbound:
          - from: any
            ports: 443
        outbound:
          - to: {categories: {AppType: Payments, AppTier: App}}
            ports: 8000-8099
      - secured: {categories: {AppType: Payments, AppTier: App}}
        inbound:
          - from: {categories: {AppType: Payments, AppTier: Web}}
            ports: 8000-8099

- name: Enforce it, keeping everything else as it is
  nutanix_flow.dr.security_rule:
    name: payments
    mode: enforce

- name: Keep production and test apart
  nutanix_flow.dr.security_rule:
    name: prod-test
    type: isolation
    mode: enforce
    isolations:
      - between:
          - categories: {Environment: Production}
          - categories: {Environment: Testing}

- name: Remove a security rule
  nutanix_flow.dr.security_rule:
    name: old-shop
    state: absent
"""

RETURN = r"""
security_rule:
  description:
    - The security rule as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample:
    name: payments
    type: application
    mode: enforce
    scope: vlans
    groups:
      - secured: {categories: {AppType: Payments}}
        intra: allow
        inbound: [{from: any, services: [tcp/443]}]
    _prism: {ext_id: e8347a03-28a0-4eaa-9f43-64fd74cdee9e, system_defined: false}
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
    run_one("security_rule")


if __name__ == "__main__":
    main()
