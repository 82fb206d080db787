#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: drift
short_description: Compare a baseline with a site, or two sites
version_added: 1.0.0
description:
  - Compares object by object, through the site map, and changes nothing.
  - An object that can't be read makes the verdict V(cannot_tell). There is never a false V(equal).
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
attributes:
  check_mode:
    description: Can run in C(check_mode) and say what it would change, without changing it.
    support: full
    details: This module changes nothing.
  diff_mode:
    description: Returns details on what has changed, or would change, in diff mode.
    support: full
    details: Shows for each object that differs what it is on both sides.
  idempotent:
    description: When run twice in a row, the second time changes nothing.
    support: full
    details: This module changes nothing.
options:
  fail_on_drift:
    description: Whether the task fails unless the verdict is V(equal).
    type: bool
    default: false
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.baseline.optional
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.site_map.direction
  - nutanix_flow.dr.record
seealso:
  - module: nutanix_flow.dr.replicate
  - module: nutanix_flow.dr.baseline_info
"""

EXAMPLES = r"""
- name: Is the recovery site as the baseline says
  nutanix_flow.dr.drift:
    baseline: baseline
    site_map: dr_site_map.yml
    source: north
    target: south
    sites: "{{ dr_sites }}"
  register: drift

- name: Are the two sites alike
  nutanix_flow.dr.drift:
    site_map: dr_site_map.yml
    source: north
    target: south
    sites: "{{ dr_sites }}"
"""

RETURN = r"""
verdict:
  description:
    - V(equal), V(drift) or V(cannot_tell).
    - V(cannot_tell) wins over V(drift), and RV(objects) still lists what could be compared.
  returned: success
  type: str
  sample: drift
objects:
  description: Every object that is not equal. C(status) is V(differs), V(missing), V(extra) or V(cannot_tell).
  returned: success
  type: list
  elements: dict
  sample:
    - {kind: security_rule, name: shop, status: differs, fields: [{field: mode, before: enforce, after: monitor}]}
counts:
  description: How many objects are in each state.
  returned: success
  type: dict
  sample: {equal: 148, differs: 1, missing: 0, extra: 0, cannot_tell: 0}
baseline_digest:
  description: The digest of the baseline, if one was compared.
  returned: success
  type: str
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

from ..module_utils._glue.drift_run import run_drift


def main() -> None:
    run_drift()


if __name__ == "__main__":
    main()
