# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules that look at VMs after recovery plans have moved them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  recovered:
    description:
      - The VMs that recovery plans have moved, RV(nutanix_flow.dr.recovery_plan_failover#module:vms).
      - They are found by their ids then, whatever they are called now.
      - Others of the same names that are powered off are old copies, and left out.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What it is called.
        type: str
        required: true
      source:
        description: Its id at the source.
        type: str
        required: true
      recovered:
        description: Its id now.
        type: str
        required: true
"""
