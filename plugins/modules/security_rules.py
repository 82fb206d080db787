#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: security_rules
short_description: Manage many security rules of Prism Central at once
version_added: 1.0.0
description:
  - A security rule is one Flow network security policy with all its entries.
  - Does for a whole list what M(nutanix_flow.dr.security_rule) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.security_rule.plural
seealso:
  - module: nutanix_flow.dr.security_rule
  - module: nutanix_flow.dr.security_rule_info
"""

EXAMPLES = r"""
- name: Have two security rules and nothing else that starts with lab-
  nutanix_flow.dr.security_rules:
    security_rules:
      - name: lab-web
        type: application
        mode: monitor
        groups:
          - secured: {categories: {AppType: Lab}}
            intra: allow
            inbound: [{from: any, ports: 443}]
      - name: lab-prod
        type: isolation
        mode: monitor
        isolations:
          - between: [{categories: {Environment: Production}}, {categories: {AppType: Lab}}]
    prune: true
    scope: ['lab-*']
"""

RETURN = r"""
security_rules:
  description:
    - The listed security rules as they are now, or in check mode as they would be. Empty when they are absent.
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
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [security_rule/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: security_rule, name: a, status: done, error: null, task: null}
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
    run_many("security_rule")


if __name__ == "__main__":
    main()
