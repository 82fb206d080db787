# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules whose reasons for a no can be passed over by somebody who says so."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  waivers:
    description: Reasons that may be passed over, each by its code.
    type: list
    elements: dict
    default: []
    suboptions:
      code:
        description: The code of the reason, as in RV(reasons).
        type: str
        required: true
      by:
        description: Who waives it.
        type: str
        required: true
      reason:
        description: Why.
        type: str
        required: true
      expires:
        description: The day on which the waiver ends, as V(2026-12-31).
        type: str
        required: true
"""
