#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_group
short_description: Manage a service group of Prism Central
version_added: 1.0.0
description:
  - Service groups name sets of protocols and ports that policies allow.
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
  - nutanix_flow.dr.service_group
seealso:
  - module: nutanix_flow.dr.service_groups
  - module: nutanix_flow.dr.service_group_info
"""

EXAMPLES = r"""
- name: Name the ports of the web servers
  nutanix_flow.dr.service_group:
    name: web-ports
    services: [tcp/80, tcp/443, icmp/8/0]

- name: Remove a service group
  nutanix_flow.dr.service_group:
    name: old-ports
    state: absent
"""

RETURN = r"""
service_group:
  description:
    - The service group as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: dict
  sample: {name: web-ports, services: [tcp/80, tcp/443, icmp/8/0], _prism: {ext_id: f77c1342-95e4-411e-9281-42ef2123d5b1, system_defined: false}}
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
    run_one("service_group")


if __name__ == "__main__":
    main()
