# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of an address group."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the address group.
  type: str
  required: true
description:
  description:
    - What the address group is for. An empty text clears it.
  type: str
addresses:
  description:
    - All addresses of the group, as V(10.0.0.1), V(10.0.0.0/24), V(10.0.0.5-10.0.0.9) or the same for IPv6.
    - IPv6 needs API v4.2 (pc.7.5).
  type: list
  elements: str
all_projects:
  description:
    - Whether the group is shared with all projects. Needs API v4.3 (pc.7.6).
  type: bool
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("address_groups", "address groups", OPTIONS)
