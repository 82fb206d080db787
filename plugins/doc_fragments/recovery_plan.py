# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a recovery plan."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the recovery plan.
  type: str
  required: true
description:
  description:
    - What it is for. An empty text clears it.
  type: str
primary:
  description:
    - Where the VMs run while all is well. Clusters are needed only if both locations have the same Prism Central.
  type: dict
  suboptions: &place
    prism_central:
      description: The name of the Prism Central.
      type: str
      required: true
    clusters:
      description: The names of its clusters; none means all.
      type: list
      elements: str
recovery:
  description:
    - Where they are recovered.
  type: dict
  suboptions: *place
stages:
  description:
    - Who is recovered in which order. A VM belongs to the first stage that names it or a category that it has.
  type: list
  elements: dict
  suboptions:
    priority:
      description: Stages of lower numbers come first; V(1) is meant when nothing is said.
      type: int
    vms:
      description:
        - Names of VMs. One that is not unique over all known Prism Centrals is called C(PRISM_CENTRAL/NAME).
        - VMs at another Prism Central are known if that is one of O(peers).
      type: list
      elements: str
    categories:
      description: VMs that have any of these categories.
      type: dict
    delay:
      description: How long to wait after the stage, as V(30s) or V(2m).
      type: str
network_mappings:
  description:
    - Which network of the primary location is which one at the recovery location. Networks of another Prism Central are known if that is
      one of O(peers).
  type: list
  elements: dict
  suboptions:
    primary: {type: str, required: true, description: The network at the primary location.}
    recovery: {type: str, required: true, description: The network at the recovery location.}
    primary_test: {type: str, description: The isolated network for test failovers at the primary location.}
    recovery_test: {type: str, description: The isolated network for test failovers at the recovery location.}
    ip_mapping: {type: bool, description: Whether addresses are mapped as the recovery settings of the VMs say.}
recovery_settings:
  description:
    - How VMs come up, one entry per VM or category that isn't simply powered on.
  type: list
  elements: dict
  suboptions:
    vm: {type: str, description: The name of a VM. Either this or O(ignore:category) is needed.}
    category: {type: str, description: 'A category, as V(AppTier/Web).'}
    power: {type: str, choices: ['on', 'off'], description: Whether they are powered on; V(on) is meant when nothing is said.}
    script_timeout: {type: str, description: 'Run the recovery script in the guest, and wait so long for it, as V(2m).'}
    ip_addresses:
      description: Addresses of a VM at both locations; in networks whose mapping has O(ignore:ip_mapping).
      type: list
      elements: dict
      suboptions:
        network: {type: str, required: true, description: The network at the primary location.}
        primary: {type: str, required: true, description: The address there.}
        recovery: {type: str, required: true, description: The address at the recovery location.}
        primary_test: {type: str, description: The address in the test network of the primary location.}
        recovery_test: {type: str, description: The address in the test network of the recovery location.}
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("recovery_plans", "recovery plans", OPTIONS)
