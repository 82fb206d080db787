#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_site_info
short_description: List the remote sites of a cluster (Prism Element)
version_added: 1.0.0
description:
  - A remote site is one cluster's half of a pair of clusters that replicate to each other.
  - Returns all of them with the state of their relationship, in the form that M(nutanix_flow.dr.remote_site) takes.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  name:
    description: Return only the remote site of this name.
    type: str
  query:
    description:
      - A JMESPath expression that is applied to the returned list; its answer is RV(query_result).
      - Needs the Python library C(jmespath).
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.attributes.info
  - nutanix_flow.dr.remote_site.unit
seealso:
  - module: nutanix_flow.dr.remote_site
  - module: nutanix_flow.dr.remote_sites
"""

EXAMPLES = r"""
- name: Which pairs do not stand
  nutanix_flow.dr.remote_site_info:
    query: "[?_prism.status != 'established'].name"
  register: broken
"""

RETURN = r"""
remote_sites:
  description:
    - The remote sites, sorted by name, also those that are marked for removal and not gone yet.
    - C(_prism) holds what only their cluster knows. C(status) is V(established), V(not_established), V(handshaking), V(unreachable),
      V(stretch_unhealthy), V(deploying) or V(unknown); C(latency_ms) is in milliseconds; C(cluster_id) and C(cluster_incarnation_id) are those of the
      peer as it was when the two first met; C(other) has what a later release shows and this collection has no words for.
  returned: success
  type: list
  elements: dict
  sample:
    - name: south-ahv
      addresses: [10.2.0.10]
      port: 2020
      vstore_map: {frame: frame-dr}
      _prism: {status: established, latency_ms: 1.45, marked_for_removal: false}
unreadable:
  description:
    - Remote sites that hold something this collection has no words for (clouds, for instance), with the reason. Each is also a warning.
  returned: success
  type: list
  elements: dict
  sample: []
query_result:
  description: The answer of O(query).
  returned: when O(query) is given
  type: raw
  sample: [south-ahv]
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: Unauthorized, cause: the credentials were not accepted}
"""

from ..module_utils._glue.remote_site_run import run_remote_site_info


def main() -> None:
    run_remote_site_info()


if __name__ == "__main__":
    main()
