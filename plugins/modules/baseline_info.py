#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: baseline_info
short_description: Verify, list and compare baselines
version_added: 1.0.0
description:
  - Reads a baseline and checks every file of it against the manifest. Talks to no site.
  - Fails when a file was changed, is missing or was added, naming all of them.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  path:
    description: The directory of the baseline.
    type: path
    required: true
  compare_with:
    description: The directory of an earlier baseline; RV(differences) tells what happened since.
    type: path
  query:
    description:
      - A JMESPath expression that is applied to RV(objects); its answer is RV(query_result).
      - Needs the Python library C(jmespath).
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.baseline.signers
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.baseline
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: Verify a baseline and list the security rules that only monitor
  nutanix_flow.dr.baseline_info:
    path: baseline
    query: "security_rule[?mode=='monitor'].name"
  register: baseline
"""

RETURN = r"""
digest:
  description: sha256 over all objects of the baseline.
  returned: success
  type: str
  sample: 1f0e5b1c0e8f4b6b8e2a4c7d9a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e1f3a5b
site:
  description: The id of the site that was exported.
  returned: success
  type: str
  sample: north
counts:
  description: How many objects of each kind.
  returned: success
  type: dict
  sample: {category: 32, security_rule: 25}
objects:
  description: The objects by kind, in the form that the other modules take.
  returned: success
  type: dict
  sample: {category: [{key: AppTier, value: Web}], security_rule: []}
signed_by:
  description: Who signed the baseline, from O(allowed_signers). Empty when that is not given.
  returned: success
  type: str
  sample: security-team
differences:
  description: What differs from O(compare_with), object by object. Empty when that is not given.
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: security_rule, name: shop, status: differs, fields: [{field: mode, before: monitor, after: enforce}]}
query_result:
  description: The answer of O(query).
  returned: when O(query) is given
  type: raw
  sample: [shop]
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

from ..module_utils._glue.baseline_info_run import run_baseline_info


def main() -> None:
    run_baseline_info()


if __name__ == "__main__":
    main()
