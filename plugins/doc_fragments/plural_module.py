# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every plural module has besides its list. (Not called plural: Ansible would find it for category.plural.)"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates what is missing and updates what differs. Fields that are not mentioned are kept.
      - V(absent) deletes the listed objects.
    type: str
    choices: [present, absent]
    default: present
  prune:
    description:
      - Whether to delete user-defined objects that are in O(scope) but not listed.
      - System-defined objects are never deleted.
      - With an empty list, O(scope) must be narrower than everything.
    type: bool
    default: false
  scope:
    description:
      - Patterns of the names that O(prune) may delete, with V(*) and V(?) as wild cards.
    type: list
    elements: str
    default: ['*']
"""
