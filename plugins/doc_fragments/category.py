# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a category."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.plugin_utils._fragments import plural, singular

OPTIONS = r"""
key:
  description:
    - Key of the category. Key and value together are its identity.
  type: str
  required: true
value:
  description:
    - Value of the category.
  type: str
  required: true
description:
  description:
    - What the category is for. An empty text clears it.
  type: str
all_projects:
  description:
    - Whether the category is shared with all projects. Needs API v4.4 (pc.7.6).
  type: bool
"""


class ModuleDocFragment:
    DOCUMENTATION: str = singular(OPTIONS)
    PLURAL: str = plural("categories", "categories", OPTIONS)
