#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: baseline
short_description: Export the network security of a site to a directory
version_added: 1.0.0
description:
  - A baseline is a directory with one file per object, made to be kept in git. It is what M(nutanix_flow.dr.replicate) brings to another site.
  - It is deterministic. When nothing changed on the site, every byte stays and the task is not changed.
  - It is lossless or refused. An object that this collection has no words for stops the export, unless O(accept_unrepresented) names it.
  - The site is read until two readings agree, so that no object is half of before and half of after.
  - Which VMs were secured by what is noted beside it, apart from the digest, for M(nutanix_flow.dr.coverage_info).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  path:
    description: The directory. It is made when it is missing; files of the last export that are no longer needed are removed.
    type: path
    required: true
  site:
    description: The id of the site, as in the site map.
    type: str
    required: true
  site_map:
    description: The site map, whose scope says what belongs to the baseline. If not given, everything does.
    type: path
  accept_unrepresented:
    description:
      - Objects that may be left out because this collection has no words for them, as V(security_rule/NAME).
      - They are listed in the manifest, and no other module touches them.
    type: list
    elements: str
    default: []
  sign_key:
    description: A private key for C(ssh-keygen), to sign the baseline with.
    type: path
extends_documentation_fragment:
  - nutanix_flow.dr.connection
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state
seealso:
  - module: nutanix_flow.dr.baseline_info
  - module: nutanix_flow.dr.replicate
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: Export the primary site
  nutanix_flow.dr.baseline:
    path: baseline
    site: north
    site_map: dr_site_map.yml
  register: exported
"""

RETURN = r"""
digest:
  description: sha256 over all objects of the baseline.
  returned: success
  type: str
  sample: 1f0e5b1c0e8f4b6b8e2a4c7d9a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e1f3a5b
previous_digest:
  description: The digest of the baseline that was there before, if any.
  returned: success
  type: str
counts:
  description: How many objects of each kind.
  returned: success
  type: dict
  sample: {category: 32, security_rule: 25}
written:
  description: Files that were, or would be, written or removed.
  returned: success
  type: list
  elements: str
  sample: [security_rules/shop.yml]
excluded:
  description: Objects that were left out with O(accept_unrepresented), and why.
  returned: success
  type: list
  elements: dict
  sample: []
not_carried:
  description: Properties that belong to the source alone, and of which objects.
  returned: success
  type: list
  elements: dict
  sample: []
synced:
  description: Objects that the Prism Centrals themselves keep in sync.
  returned: success
  type: list
  elements: dict
  sample: []
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

from ..module_utils._glue.baseline_run import run_baseline


def main() -> None:
    run_baseline()


if __name__ == "__main__":
    main()
