#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_map
short_description: Generate and validate the map between two sites
version_added: 1.0.0
description:
  - The site map tells how the networks, addresses and names of one site are called on the other, and what belongs to the pair.
  - Entries that are missing are proposed from the two live sites, matched by name. What a person wrote is never overwritten.
  - The map is then validated against both sites. Everything wrong with it is reported at once, with file and line.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  path:
    description: The site map file. It is made when it is missing.
    type: path
    required: true
  primary:
    description: The id of the site that runs the workloads in normal times.
    type: str
    required: true
  recovery:
    description: The id of the site that takes over.
    type: str
    required: true
  pair:
    description: A name for the two sites together, for a new map. If not given, it is made of the two ids.
    type: str
  generate:
    description: Whether to add missing entries. Without, the map is only validated.
    type: bool
    default: true
  baseline:
    description: The directory of a baseline whose references must all be mapped.
    type: path
extends_documentation_fragment:
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.replicate
  - module: nutanix_flow.dr.drift
"""

EXAMPLES = r"""
- name: Write the site map and validate it
  nutanix_flow.dr.site_map:
    path: dr_site_map.yml
    primary: north
    recovery: south
    sites:
      - id: north
        nutanix_host: pc-north.example.com
        nutanix_username: admin
        nutanix_password: "{{ north_password }}"
      - id: south
        nutanix_host: pc-south.example.com
        nutanix_username: admin
        nutanix_password: "{{ south_password }}"
"""

RETURN = r"""
site_map:
  description: The map as it is now, or in check mode as it would be.
  returned: success
  type: dict
  sample: {pair: {name: north-south, topology: two_pc, policy_transport: baseline}}
cluster_pairs:
  description: The pairs of clusters of the map, with the names of the remote sites on both, by site.
  returned: success
  type: list
  elements: dict
  sample:
    - clusters: {north: north-ahv, south: south-ahv}
      remote_sites: {north: south-ahv, south: north-ahv}
unmatched:
  description: What exists on one site only, by its name. Must be mapped by hand if policies use it.
  returned: success
  type: list
  elements: dict
  sample: [{where: maps.subnets, problem: "'lab' of north has no counterpart of this name on south", fix: map it by hand if policies use it}]
findings:
  description: What is wrong with the map. When there is anything, the task fails and nothing is written.
  returned: always
  type: list
  elements: dict
  sample: [{where: "dr_site_map.yml:14", problem: "there is no subnet 'web' on south", fix: "correct the name"}]
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
"""

from ..module_utils._glue.site_map_run import run_site_map


def main() -> None:
    run_site_map()


if __name__ == "__main__":
    main()
