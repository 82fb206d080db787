#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vm_categories
short_description: Give many VMs their categories
version_added: 1.0.0
description:
  - Categories decide which security rules secure a VM. This sets them for many VMs at once, with one listing and batched writes.
  - VMs that can't be changed don't hinder the others; the task fails and names each, and a second run completes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  vms:
    description:
      - The VMs and their categories. Names of VMs must be unique on the site.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the VM.
        type: str
        required: true
      categories:
        description:
          - "Values by key, V({AppType: Shop, AppTier: Web}). Several values of one key are a list."
          - All of them must exist.
        type: dict
        required: true
  mode:
    description:
      - V(at_least) adds what is missing and takes nothing away.
      - V(exactly) also takes away user-defined categories that are not listed. System-defined ones stay.
    type: str
    choices: [at_least, exactly]
    default: at_least
  site:
    description:
      - The id of the site, as in the site map, for messages and the record.
      - The host where it is not given.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.coverage_info
  - module: nutanix_flow.dr.categories
"""

EXAMPLES = r"""
- name: Give the web servers their categories
  nutanix_flow.dr.vm_categories:
    vms:
      - {name: web-1, categories: {AppType: Shop, AppTier: Web}}
      - {name: web-2, categories: {AppType: Shop, AppTier: Web}}

- name: Take every other category from the quarantined server
  nutanix_flow.dr.vm_categories:
    vms:
      - {name: app-1, categories: {AppType: Shop, AppTier: App}}
    mode: exactly
"""

RETURN = r"""
vms:
  description: The VMs with all their categories, as they are now or in check mode as they would be.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: web-1, categories: {AppTier: Web, AppType: Shop}}
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success and partial failure
  type: list
  elements: dict
  sample:
    - {kind: vm, name: web-1, added: {AppTier: Web}, taken: {}, status: done, error: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: SafetyLimit, cause: 14 objects would be deleted, fix: "Raise max_deletes, or look at the list"}
findings:
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: "dr_site_map.yml:14", problem: "there is no subnet 'web' on south", fix: "correct the name"}]
"""

from ..module_utils._glue.vm_categories_run import run_vm_categories


def main() -> None:
    run_vm_categories()


if __name__ == "__main__":
    main()
