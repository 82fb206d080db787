# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules that use names of what is at other Prism Centrals."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.doc_fragments.sites import connection_options

_HEAD = """
options:
  peers:
    description:
      - How to reach further Prism Centrals, each with the connection options of this module. They are only asked what their clusters, subnets
        and VMs are called, and only if something of theirs is referred to.
    type: list
    elements: dict
    default: []
    suboptions:
"""


class ModuleDocFragment:
    DOCUMENTATION: str = _HEAD + connection_options("peers", "Prism Central")
