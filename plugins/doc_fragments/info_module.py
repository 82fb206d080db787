# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options that every info module has. (Not called info: Ansible would find it for attributes.info.)"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  system_defined:
    description:
      - Whether system-defined objects are returned too.
    type: bool
    default: true
  query:
    description:
      - A JMESPath expression that is applied to the returned list; its answer is RV(query_result).
      - Needs the Python library C(jmespath).
    type: str
"""
