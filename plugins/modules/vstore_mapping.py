#!/usr/bin/python
# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: vstore_mapping
short_description: Map storage containers to those of the peer (Prism Element)
version_added: 1.0.0
description:
  - The vStore map of a remote site says in which storage container of the peer the snapshots of a storage container are kept. A vStore has the
    name of its container.
  - Adds or removes one entry or several, or makes the map what is given.
  - Several containers may lead to one of the peer; then the way back is ambiguous. One container can't lead to two.
  - Both ends must exist. Containers of the peer are known if O(peer) is given, or if this release shows them with the remote site; otherwise a
    warning says so and the clusters have the last word.
  - Each direction has its own map on its own cluster.
author:
  - nutanix_flow.dr contributors (@nutanix-flow-dr)
options:
  remote_site:
    description: Name of the remote site, which must exist.
    type: str
    required: true
  local:
    description: Name of one storage container of this cluster.
    type: str
  remote:
    description:
      - Name of the storage container of the peer that O(local) leads to.
      - With O(state=absent) it may be left out; if it is given, the entry is removed only if it leads there.
    type: str
  vstore_map:
    description: Several entries, or the whole map with O(prune), names here as keys and names of the peer as values.
    type: dict
  state:
    description:
      - V(present) adds the entries. A container that leads elsewhere already is refused, unless O(prune) makes the map what is given.
      - V(absent) removes the entries.
    type: str
    choices: [present, absent]
    default: present
  prune:
    description: Whether O(vstore_map) is the whole map, so that all other entries are removed. Only with O(state=present).
    type: bool
    default: false
extends_documentation_fragment:
  - nutanix_flow.dr.element
  - nutanix_flow.dr.element.peer
  - nutanix_flow.dr.attributes.state
  - nutanix_flow.dr.remote_site.work
seealso:
  - module: nutanix_flow.dr.remote_site
  - module: nutanix_flow.dr.remote_site_check
"""

EXAMPLES = r"""
- name: Keep the snapshots of one more container
  nutanix_flow.dr.vstore_mapping:
    remote_site: south-ahv
    local: frame
    remote: frame-dr

- name: The whole map, checked against both clusters
  nutanix_flow.dr.vstore_mapping:
    remote_site: south-ahv
    prune: true
    vstore_map:
      SelfServiceContainer: SelfServiceContainer
      frame: frame-dr
      scratch: frame-dr
    peer:
      nutanix_host: south-ahv.example.com
      nutanix_username: admin
      nutanix_password: "{{ south_password }}"
  register: mapping

- name: Show what would not be replicated
  ansible.builtin.debug:
    msg: "{{ mapping.unmapped | map(attribute='container') }}"

- name: Stop keeping the snapshots of a container
  nutanix_flow.dr.vstore_mapping:
    remote_site: south-ahv
    local: scratch
    state: absent
"""

RETURN = r"""
vstore_map:
  description: The whole map as it is now, or in check mode as it would be.
  returned: success
  type: dict
  sample: {SelfServiceContainer: SelfServiceContainer, frame: frame-dr}
unmapped:
  description: Storage containers that hold VMs or volume groups and lead nowhere, with what they hold.
  returned: success
  type: list
  elements: dict
  sample:
    - {container: scratch, vms: [scratch-1], volume_groups: []}
pending:
  description:
    - V(vstore_map) if entries are still to be written because the relationship doesn't stand yet and O(wait) is V(false). Run again then.
  returned: success
  type: list
  elements: str
  sample: []
diff:
  description: One entry, if the remote site is changed.
  returned: success
  type: list
  elements: dict
error:
  description: What went wrong, in parts.
  returned: failure
  type: dict
  sample: {type: InvalidInput, cause: "remote site 'south-ahv'.vstore_map.frame: unknown storage container of the peer 'frame-d' (did you mean 'frame-dr'?)"}
"""

from ..module_utils._glue.vstore_mapping_run import run_vstore_mapping


def main() -> None:
    run_vstore_mapping()


if __name__ == "__main__":
    main()
