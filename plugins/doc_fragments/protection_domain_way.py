# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that look at protection domains on two clusters: which ones, and which clusters."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  target:
    description:
      - The id of the site on the other end; the one that takes over in a failover.
    type: str
    required: true
  site_map:
    description:
      - The site map. It says which protection domains there are, on which clusters, and what the remote sites are called.
      - All clusters are then reached through the Prism Central of their site.
      - Required unless O(protection_domains) is given.
    type: path
  protection_domains:
    description:
      - Names of the protection domains. With O(site_map) only these of the map.
    type: list
    elements: str
  clusters:
    description:
      - Name of the cluster of each site, by the id of the site. The sites are then Prism Centrals. Not with O(site_map).
      - With neither, each site is the Prism Element of its cluster.
    type: dict
  remote_site:
    description:
      - What the cluster of O(source) calls that of O(target). If not given, it is the only one that the schedules name. Not with O(site_map).
    type: str
"""
