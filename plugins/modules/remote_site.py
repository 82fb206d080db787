#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: remote_site
short_description: Manage a remote site of a cluster (Prism Element)
version_added: 1.0.0
description:
  - A remote site is one cluster's half of a pair of clusters that replicate to each other. Each of the two needs one that leads to the other.
  - Creates, updates or deletes one, found by its name. Fields that are not mentioned are kept, a given list or map is the whole one.
  - Everything that can be found wrong is found before the first write, such as names of containers and networks that don't exist, an address
    that another remote site has, or a name that is not free yet.
  - Prism Element knows no versions of objects. A change is written into what was read just before and read again after it, so that edits of others
    are kept or reported, except one that falls between that reading and the write.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  state:
    description:
      - V(present) creates it or updates what differs.
      - V(absent) deletes it. One to which schedules of protection domains replicate is not deleted.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.element.peer
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.remote_site
  - nutanix_flow.dr.remote_site.work
  - nutanix_flow.dr.remote_site.unit
seealso:
  - module: nutanix_flow.dr.remote_sites
  - module: nutanix_flow.dr.remote_site_info
  - module: nutanix_flow.dr.vstore_mapping
"""

EXAMPLES = r"""
- name: Pair north-ahv with south-ahv, this half
  nutanix_flow.dr.remote_site:
    name: south-ahv
    addresses: [10.2.0.10]
    network_map:
      servers: servers-dr
    vstore_map:
      SelfServiceContainer: SelfServiceContainer
      frame: frame-dr

- name: The same by the Prism Central of the cluster, slower in office hours
  nutanix_flow.dr.remote_site:
    via_prism_central: true
    cluster: north-ahv
    name: south-ahv
    bandwidth_policy:
      megabytes_per_second: 100
      windows:
        - days: [monday, tuesday, wednesday, thursday, friday]
          from: "08:00"
          to: "18:00"
          megabytes_per_second: 12.5

- name: Remove a remote site and wait until it is gone
  nutanix_flow.dr.remote_site:
    name: old-ahv
    state: absent
"""

RETURN = r"""
remote_site:
  description:
    - The remote site as it is now, or in check mode as it would be. Empty when it is absent.
    - C(_prism) holds what only its cluster knows, such as the status of the relationship (V(established) when it stands), the latency in
      milliseconds, and number and incarnation of the cluster behind it.
  returned: success
  type: dict
  sample:
    name: south-ahv
    addresses: [10.2.0.10]
    port: 2020
    capabilities: [backup, disaster_recovery]
    proxy: false
    ssh_tunnel: false
    compression: true
    network_map: {servers: servers-dr}
    vstore_map: {SelfServiceContainer: SelfServiceContainer, frame: frame-dr}
    _prism:
      ext_id: 3d5b8a2e-8d1c-4a3f-9f60-0d5b1a4a7c11
      status: established
      latency_ms: 1.45
      cluster_id: 6405807681319473012
      cluster_incarnation_id: 1547533401032673
      marked_for_removal: false
      other: {}
pending:
  description:
    - Fields that are still to be written because the relationship doesn't stand yet and O(wait) is V(false). Run again then.
  returned: success
  type: list
  elements: str
  sample: [vstore_map]
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: DeadlineExceeded, cause: "the relationship is not established after 600 s; its state: unreachable"}
"""

from ..module_utils._glue.remote_site_run import run_remote_site


def main() -> None:
    run_remote_site()


if __name__ == "__main__":
    main()
