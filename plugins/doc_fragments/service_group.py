# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a service group."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
name:
  description:
    - Name of the service group.
  type: str
  required: true
description:
  description:
    - What the service group is for. An empty text clears it.
  type: str
services:
  description:
    - All services of the group, as V(tcp/443), V(tcp/8000-8099), V(udp/53), V(tcp) for every port, V(icmp) for every
      type, V(icmp/8) for one type, V(icmp/8/0) for one type and code, V(icmpv6/128).
    - ICMPv6 needs API v4.2 (pc.7.5).
  type: list
  elements: str
all_projects:
  description:
    - Whether the group is shared with all projects. Needs API v4.3 (pc.7.6).
  type: bool
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("service_groups", "service groups", OPTIONS)
