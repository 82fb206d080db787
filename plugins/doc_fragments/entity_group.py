# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an entity group."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the entity group. Entity groups need API v4.1 (pc.7.3).
  type: str
  required: true
description:
  description:
    - What the entity group is for. An empty text clears it.
  type: str
members:
  description:
    - Who belongs to the group. The list is the whole list; its order says nothing.
    - Each item has one of the suboptions.
  type: list
  elements: dict
  suboptions:
    categories:
      description:
        - VMs that carry all these categories, as a mapping of keys to a value or a list of values.
      type: dict
    subnet_categories:
      description:
        - Subnets that carry all these categories.
      type: dict
    vpc_categories:
      description:
        - VPCs that carry all these categories.
      type: dict
    vms:
      description:
        - VMs by name. They are kept by id on the server, so a VM that was restored under a new id falls out.
      type: list
      elements: str
    vm_name:
      description:
        - VMs whose name matches. Needs API v4.3 (pc.7.6).
      type: dict
      suboptions:
        contains:
          description: The name contains this text.
          type: str
        starts_with:
          description: The name starts with this text.
          type: str
        ends_with:
          description: The name ends with this text.
          type: str
        equals:
          description: The name is this text.
          type: str
    subnets:
      description:
        - Subnets by name, C(VPC/NAME) for a subnet of a VPC.
      type: list
      elements: str
    address_groups:
      description:
        - Address groups by name. Needs API v4.2 (pc.7.5).
      type: list
      elements: str
    addresses:
      description:
        - IPv4 addresses, prefixes and ranges. Needs API v4.2 (pc.7.5).
      type: list
      elements: str
    fqdns:
      description:
        - Fully qualified domain names. Needs API v4.3 (pc.7.6).
      type: list
      elements: str
    kubernetes:
      description:
        - Kubernetes objects.
      type: dict
      suboptions:
        what:
          description: What kind of object.
          type: str
          required: true
          choices: [cluster, namespace, pods, service]
        by:
          description: Whether C(names) are names or labels.
          type: str
          required: true
          choices: [name, labels]
        names:
          description: The names or labels.
          type: list
          elements: str
          required: true
exceptions:
  description:
    - Addresses that don't belong to the group, whatever C(members) says. Needs API v4.2 (pc.7.5).
  type: list
  elements: dict
  suboptions:
    address_groups:
      description:
        - Address groups by name.
      type: list
      elements: str
    addresses:
      description:
        - IPv4 addresses, prefixes and ranges.
      type: list
      elements: str
all_projects:
  description:
    - Whether the group is shared with all projects. Needs API v4.3 (pc.7.6).
  type: bool
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("entity_groups", "entity groups", OPTIONS)
