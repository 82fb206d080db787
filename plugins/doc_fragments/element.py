# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of modules that talk to one cluster's Prism Element, and the option of those that look at its peer too."""

from __future__ import annotations

import textwrap

from ansible_collections.nutanix_flow.dr.plugins.doc_fragments.connection import ModuleDocFragment as Connection

_CLUSTER = """  cluster:
    description:
      - Name of the cluster.
      - Required with O(via_prism_central). Otherwise the task fails if O(nutanix_host) turns out to be another cluster.
    type: str
  via_prism_central:
    description:
      - Whether O(nutanix_host) is the Prism Central that the cluster is registered with, which then forwards all calls.
        So one set of credentials serves all its clusters.
      - Without it O(nutanix_host) is the Prism Element of the cluster, with its own user name and password.
    type: bool
    default: false
"""

_PEER = """
options:
  peer:
    description:
      - How to reach the cluster that the remote site leads to, with the same options as for this one.
      - With it the storage containers of the peer are read from the peer itself.
    type: dict
    suboptions:
"""


#: What the connection fragment says of a Prism Central, and what holds for either host.
_OTHER_WORDS = {
    "address of the Prism Central.": "address of the Prism Element of the cluster, or of a Prism Central (O(via_prism_central)).",
    "- Port of the Prism Central.": "- Port of O(nutanix_host).",
    "certificate of the Prism Central must": "certificate of O(nutanix_host) must",
    "instead of user name and password.": "instead of user name and password. Only with O(via_prism_central).",
    "for a task of the Prism Central to end": "until the cluster has done what it was asked for",
}


def _connection() -> str:
    """The connection fragment, for a host that may be either."""
    text = Connection.DOCUMENTATION
    for words, others in _OTHER_WORDS.items():
        text = text.replace(words, others)
    return text


def _peer() -> str:
    """All options one level deeper."""
    options = _connection().split("options:\n", 1)[1].split("requirements:\n", 1)[0] + _CLUSTER
    return textwrap.indent(options.replace("O(nutanix_", "O(peer.nutanix_").replace("O(via_", "O(peer.via_"), "    ")


class ModuleDocFragment:
    DOCUMENTATION: str = _connection().replace("requirements:\n", _CLUSTER + "requirements:\n")
    PEER: str = _PEER + _peer()
