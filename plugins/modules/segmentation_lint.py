#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: segmentation_lint
short_description: Find what is odd about the policies of a site
version_added: 1.0.0
description:
  - Looks for entries that never decide, that the other end never lets pass or that only one end allows, for empty secured groups, entries that let everything
    pass, policies left in monitor mode, groups that nobody uses, and categories that look alike.
  - Entries are judged among the VMs that the site has now.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  ignore:
    description: Codes of findings to leave out.
    type: list
    elements: str
    choices: [shadowed, selects_nobody, unreachable, one_sided, empty_group, allow_all, left_in_monitor, only_saved, unused_group, look_alike]
    default: []
  fail_at:
    description: From which severity on the task fails.
    type: str
    choices: [problem, warning, note, never]
    default: never
extends_documentation_fragment:
  - nutanix_flow.dr.estate
  - nutanix_flow.dr.estate.readings
  - nutanix_flow.dr.sites.optional
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.info_ungrouped
seealso:
  - module: nutanix_flow.dr.segmentation_check
"""

EXAMPLES = r"""
- name: What is odd about the policies of north
  nutanix_flow.dr.segmentation_lint:
    site: north
    sites: "{{ dr_sites }}"
    ignore: [unused_group]

- name: See that nobody merges what weakens the baseline
  nutanix_flow.dr.segmentation_lint:
    baseline: baseline
    ignore: [left_in_monitor, empty_group]
    fail_at: problem
"""

RETURN = r"""
findings:
  description:
    - What was found, the worst first.
    - C(shadowed) entries never decide, since others decide before them; a V(warning) if these do the contrary, else a V(note).
    - C(selects_nobody) entries have nobody at the other end.
    - C(unreachable) entries allow what something stronger denies at the other end.
    - C(one_sided) entries allow at one end what the other end, which is secured too, doesn't.
    - C(empty_group), C(allow_all), C(left_in_monitor) and C(only_saved) are about security rules, C(unused_group) about groups and C(look_alike) about
      categories.
    - When input was refused, everything that was found wrong with it.
  returned: always
  type: list
  elements: dict
  sample:
    - code: shadowed
      severity: note
      subject: "security rule shop groups[0].inbound[1] (AppTier/Web inbound from branch-offices tcp/443)"
      problem: "adds nothing: shop groups[0].inbound[0] (AppTier/Web inbound from any tcp/443) always decides before"
      fix: remove it, or narrow what comes before
counts:
  description: How many findings there are of each code.
  returned: success
  type: dict
  sample: {shadowed: 1, selects_nobody: 0, unreachable: 0, one_sided: 0, empty_group: 0, allow_all: 0, left_in_monitor: 0, only_saved: 0}
severity:
  description: The worst of RV(findings), V(problem), V(warning) or V(note); empty if there is nothing.
  returned: success
  type: str
  sample: note
site:
  description: The site that was looked at.
  returned: success
  type: str
  sample: north
read_from:
  description: Where its policies and VMs were read.
  returned: success
  type: str
  sample: north, live
digest:
  description: The digest of the baseline or estate file; empty for a live site.
  returned: success
  type: str
  sample: ""
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: DrError, cause: "1 findings, the worst: security rule shop only monitors", fix: Look at 'findings'}
"""

from ..module_utils._glue.segmentation_lint_run import run_segmentation_lint


def main() -> None:
    run_segmentation_lint()


if __name__ == "__main__":
    main()
