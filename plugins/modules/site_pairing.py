#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: site_pairing
short_description: Pair the clusters of two sites, both directions
version_added: 1.0.0
description:
  - Makes the remote sites of every pair of clusters that the site map names, one on each cluster, and gives both their storage containers and
    networks, as mirror images of each other.
  - Everything that can be found wrong is found on both clusters before the first write, and reported together. Both halves are made before
    the relationship is awaited, and maps are written once it stands.
  - A run that was interrupted is finished by the next.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  primary:
    description: The id of the site that runs the workloads in normal times.
    type: str
    required: true
  recovery:
    description: The id of the site that takes over.
    type: str
    required: true
  replace:
    description:
      - Whether a half that leads to another address, or was made for another cluster than the peer is now, may be replaced.
      - Without, such a half is shown and the task refused before the first write.
    type: bool
    default: false
  prune:
    description: Whether to drop entries of the vStore and network maps that the site map doesn't list. Without, they stay and are shown.
    type: bool
    default: false
  confirmed_digest:
    description:
      - What was approved, RV(confirmation_digest) of a run in check mode, or its first 8 digits or more.
      - When given and the plan has changed since, the task is refused before the first write.
    type: str
extends_documentation_fragment:
  - nutanix_flow.dr.site_map
  - nutanix_flow.dr.sites
  - nutanix_flow.dr.sites.prism_elements
  - nutanix_flow.dr.record
  - nutanix_flow.dr.attributes.state_ungrouped
seealso:
  - module: nutanix_flow.dr.remote_site_check
  - module: nutanix_flow.dr.site_map
"""

EXAMPLES = r"""
- name: Pair the clusters of both sites as the site map says
  nutanix_flow.dr.site_pairing:
    site_map: dr_site_map.yml
    primary: north
    recovery: south
    sites: "{{ dr_sites }}"
  register: paired

- name: Show what was done to each cluster
  ansible.builtin.debug:
    msg: "{{ paired | nutanix_flow.dr.pairing_lines }}"
"""

RETURN = r"""
pairs:
  description: The pairs of clusters of the site map, with the names of both halves, by site.
  returned: success
  type: list
  elements: dict
  sample:
    - clusters: {north: north-ahv, south: south-ahv}
      remote_sites: {north: south-ahv, south: north-ahv}
halves:
  description: What is done to each cluster, or in check mode would be. The two halves of a pair stand beside each other.
  returned: success
  type: list
  elements: dict
  contains:
    site:
      description: The site of the cluster.
      type: str
      sample: north
    cluster:
      description: The cluster.
      type: str
      sample: north-ahv
    name:
      description: The remote site on it.
      type: str
      sample: south-ahv
    verb:
      description: V(create), V(update), V(replace) (it is deleted and made anew) or V(none).
      type: str
      sample: create
    before:
      description: The remote site as it was, in the words of M(nutanix_flow.dr.remote_site). Empty when there was none.
      type: dict
      sample: {}
    after:
      description: The remote site as it is wanted.
      type: dict
      sample: {name: south-ahv, addresses: [10.2.0.10], port: 2020, vstore_map: {default: default}}
    same_name:
      description: Storage containers that go to the one of their name because the site map doesn't list them.
      type: list
      elements: str
      sample: [default]
    unlisted:
      description: Entries of its maps that the site map doesn't list and that stay.
      type: dict
      sample: {}
    unmapped:
      description: Storage containers that hold workloads and lead nowhere. What they hold does not replicate.
      type: list
      elements: dict
      sample:
        - {container: scratch, workloads: [VM test-1]}
confirmation_digest:
  description: A digest of all that would be done, for O(confirmed_digest).
  returned: success
  type: str
  sample: 5f2b9c0e8a1d4f6e7b3c2a1908f7e6d5c4b3a2918f7e6d5c4b3a29180f7e6d5c
outcomes:
  description: What became of each write. Empty in check mode.
  returned: success
  type: list
  elements: dict
  sample:
    - {cluster: north-ahv, verb: create, kind: remote_site, name: south-ahv, status: done, error: null, task: null}
diff:
  description: One entry per changed object, with headers that name it.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "leads to 203.0.113.9, south-ahv is at 10.2.0.10", fix: "replace: true leads it there"}
findings:
  description: Everything that was found wrong with what was given, in parts.
  returned: when input was refused
  type: list
  elements: dict
  sample: [{where: "dr_site_map.yml:14", problem: "there is no storage container 'gold' on south-ahv", fix: "create it, or correct the name"}]
"""

from ..module_utils._glue.site_pairing_run import run_site_pairing


def main() -> None:
    run_site_pairing()


if __name__ == "__main__":
    main()
