#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: recovery_plans
short_description: Manage many recovery plans of Prism Central at once
version_added: 1.0.0
description:
  - Recovery plans say which VMs are recovered in which order at another location, in which networks, and how they come up.
  - Does for a whole list what M(nutanix_flow.dr.recovery_plan) does for one, with one listing and batched writes.
  - Objects that can't be written don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.peers
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.recovery_plan.plural
seealso:
  - module: nutanix_flow.dr.recovery_plan
  - module: nutanix_flow.dr.recovery_plan_info
"""

EXAMPLES = r"""
- name: One recovery plan per tier
  nutanix_flow.dr.recovery_plans:
    recovery_plans:
      - name: databases
        primary: {prism_central: pc-north}
        recovery: {prism_central: pc-south}
        stages: [{categories: {AppTier: DB}}]
      - name: front-ends
        primary: {prism_central: pc-north}
        recovery: {prism_central: pc-south}
        stages: [{categories: {AppTier: [Web, App]}}]
"""

RETURN = r"""
recovery_plans:
  description:
    - The listed recovery plans as they are now, or in check mode as they would be. Empty when they are absent.
    - C(_prism) holds what only this site knows, such as the id.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: shop, stages: [{priority: 1, categories: {AppTier: DB}, delay: 1m}], _prism: {ext_id: e7ae4b0d-726d-410d-87c2-af46f8bea264}}
summary:
  description: Names of what was created, updated and deleted, and how many were unchanged.
  returned: success
  type: dict
  sample: {created: [recovery_plan/a], updated: [], deleted: [], unchanged: 12}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {verb: create, kind: recovery_plan, name: a, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong first, in parts.
  returned: failure
  type: dict
  sample: {type: UnknownReference, cause: "there is no category 'Protect/Glod'", fix: "Create it first, or correct the name"}
"""

from ..module_utils._glue.entity_many import run_many
from ..module_utils._glue.recovery_options import WITH_PEERS


def main() -> None:
    run_many("recovery_plan", WITH_PEERS)


if __name__ == "__main__":
    main()
