# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of modules that look at two sites: their connection options, told apart by an id."""

from __future__ import annotations

import textwrap

from ansible_collections.nutanix_flow.dr.plugins.doc_fragments.connection import ModuleDocFragment as Connection


def connection_options(option: str, host: str) -> str:
    """The options of the connection fragment alone, without its requirements and notes, below the option of this name."""
    options = Connection.DOCUMENTATION.split("options:\n", 1)[1].split("requirements:\n", 1)[0]
    return textwrap.indent(options.replace("O(nutanix_", f"O({option}[].nutanix_").replace("Prism Central", host), "    ")


_HEAD = """
options:
  sites:
    description:
      - How to reach the sites, each with its O(sites[].id) and the connection options that other modules have.
      - Sites that the task doesn't need may be listed too; nothing is sent to them.
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: The id of the site, as in the site map.
        type: str
        required: true
"""

_TAIL = """
requirements:
  - python >= 3.10
  - requests
notes:
  - A proxy is taken from the environment variables E(HTTPS_PROXY) and E(NO_PROXY).
"""


_NEEDED_BY_FEW = _HEAD.replace("    required: true\n    suboptions:", "    default: []\n    suboptions:").replace(
    "      - Sites that", "      - Needed for sites that are looked at live.\n      - Sites that"
)
_ASKED = _HEAD.replace("Sites that the task doesn't need may be listed too; nothing is sent to them.", "Values may be templates or vaulted.")


_ELEMENTS = """
options:
  prism_elements:
    description:
      - Clusters that are asked directly instead of through the Prism Central of their site, each with its own credentials.
    type: list
    elements: dict
    default: []
    suboptions:
      cluster:
        description: Name of the cluster.
        type: str
        required: true
"""


class ModuleDocFragment:
    DOCUMENTATION: str = _HEAD + connection_options("sites", "Prism Central") + _TAIL
    PRISM_ELEMENTS: str = _ELEMENTS + connection_options("prism_elements", "Prism Element")

    # For the inventory plugin, which asks all of them.
    INVENTORY: str = _ASKED + connection_options("sites", "Prism Central") + _TAIL

    # For modules that can do without a live site.
    OPTIONAL: str = _NEEDED_BY_FEW + connection_options("sites", "Prism Central") + _TAIL
