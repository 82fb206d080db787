#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_sites
short_description: Manage all remote sites of a cluster at once (Prism Element)
version_added: 1.0.0
description:
  - Does for a list what M(nutanix_flow.dr.remote_site) does for one, with one listing, and can delete what is not listed.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.plural_module
  - nutanix_flow.dr.remote_site.many
  - nutanix_flow.dr.remote_site.work
  - nutanix_flow.dr.remote_site.unit
seealso:
  - module: nutanix_flow.dr.remote_site
  - module: nutanix_flow.dr.remote_site_info
"""

EXAMPLES = r"""
- name: This cluster replicates to these two and to no other
  nutanix_flow.dr.remote_sites:
    prune: true
    wait: false
    remote_sites:
      - name: south-ahv
        addresses: [10.2.0.10]
      - name: branch-ahv
        addresses: [203.0.113.50]
        capabilities: [backup]
"""

RETURN = r"""
remote_sites:
  description:
    - The listed remote sites as they are now, or in check mode as they would be, sorted by name. Empty with O(state=absent).
    - C(_prism) holds what only their cluster knows, such as the status of the relationship.
  returned: success
  type: list
  elements: dict
  sample:
    - {name: south-ahv, addresses: [10.2.0.10], port: 2020, _prism: {status: established, latency_ms: 1.45}}
pending:
  description:
    - By name, the fields that are still to be written because the relationship doesn't stand yet and O(wait) is V(false). Run again then.
  returned: success
  type: dict
  sample: {south-ahv: [vstore_map]}
summary:
  description: Names of what was created, updated and deleted, or would be, and how many are as wanted.
  returned: success
  type: dict
  sample: {created: [remote_site/branch-ahv], updated: [], deleted: [], unchanged: 1}
outcomes:
  description: What became of each write.
  returned: success
  type: list
  elements: dict
  sample:
    - {verb: create, kind: remote_site, name: branch-ahv, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "remote site 'b'.addresses: 10.2.0.10 is the address of remote site 'a' too"}
"""

from ..module_utils._glue.remote_site_run import run_remote_sites


def main() -> None:
    run_remote_sites()


if __name__ == "__main__":
    main()
