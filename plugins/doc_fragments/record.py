# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that leave evidence in a run record."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  record:
    description:
      - Where to leave evidence of what the task decided and did. Nothing is recorded in check mode.
    type: dict
    suboptions:
      path:
        description: The directory of the run. It is made when it is missing; its name is the run id.
        type: path
        required: true
      step:
        description: Which step of the run this is.
        type: str
        required: true
"""
