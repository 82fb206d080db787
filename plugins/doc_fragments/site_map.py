# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that take a site map, and a direction through it."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  site_map:
    description:
      - The site map file, as M(nutanix_flow.dr.site_map) generates it.
      - Everything wrong with it is reported at once, with file and line.
    type: path
    required: true
"""

    OPTIONAL = r"""
options:
  site_map:
    description:
      - The site map file, as M(nutanix_flow.dr.site_map) generates it.
      - Without one, names and addresses are taken to be the same on both sites.
    type: path
"""

    DIRECTION = r"""
options:
  source:
    description:
      - The id of the site whose names and addresses the objects are written in.
    type: str
    required: true
  target:
    description:
      - The id of the site that they are translated for. May be the same as O(source).
    type: str
    required: true
"""

    LIMITS = r"""
options:
  max_vm_percent:
    description:
      - Refuse a plan that changes the secured state of more than this share of the VMs of the target.
      - If not given, the limit of the site map holds.
    type: int
  max_deletes:
    description:
      - Refuse a plan that deletes more objects than this.
      - If not given, the limit of the site map holds.
    type: int
"""

    CONFIRMED = r"""
options:
  confirmed_digest:
    description:
      - What was approved, RV(confirmation_digest) of a run in check mode, or its first 8 digits or more.
      - When given and the objects or options have changed since, the task is refused before the first write.
    type: str
"""
