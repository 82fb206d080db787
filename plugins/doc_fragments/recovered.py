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
      - What became of the VMs, as M(nutanix_flow.dr.recovery_run) and M(nutanix_flow.dr.recovery_plan_failover) return it. Each of these is
        known by its id, whatever it is called now and whatever else has its name. All others are known by their names.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the VM, for people.
        type: str
      source:
        description: Its id where it came from, as the baseline knows it.
        type: str
        required: true
      recovered:
        description: Its id now.
        type: str
        required: true
"""
