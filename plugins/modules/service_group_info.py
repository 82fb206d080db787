#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: service_group_info
short_description: List service groups of Prism Central
version_added: 1.0.0
description:
  - Service groups name sets of protocols and ports that policies allow.
  - Returns all of them, however many pages the server needs, in the form that M(nutanix_flow.dr.service_group) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the service group of this name.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.info_module
seealso:
  - module: nutanix_flow.dr.service_group
  - module: nutanix_flow.dr.service_groups
"""

EXAMPLES = r"""
- name: List the names of the user-defined service groups
  nutanix_flow.dr.service_group_info:
    system_defined: false
    query: "[].name"
  register: groups
"""

RETURN = r"""
service_groups:
  description:
    - The service groups, sorted by name.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: web-ports, services: [tcp/80, tcp/443, icmp/8/0], _prism: {ext_id: f77c1342-95e4-411e-9281-42ef2123d5b1, system_defined: false}}
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
    run_info("service_group")


if __name__ == "__main__":
    main()
