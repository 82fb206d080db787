# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a Prism Central sees those that it is registered with (contract/v4 section 10.2). Reads only."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4


class Peer(t.NamedTuple):
    """Another Prism Central as this one sees it. ``status`` is CONNECTED, DISCONNECTED or PENDING."""

    name: str
    status: str
    ext_id: str = ""


def peers(client: CentralV4) -> list[Peer]:
    """The Prism Centrals that this one is registered with. Before API 4.2 no call tells. Raises DrError."""
    if client.minor("prism") < (4, 2):
        return []
    found: list[Peer] = []
    for manager in client.list("prism", "config/domain-managers", limit=None):
        for item in client.list("prism", f"management/domain-managers/{manager['extId']}/registrations"):
            details = item.get("remoteClusterDetails") or {}
            if details.get("clusterType") == "DOMAIN_MANAGER":
                found.append(Peer(str(details.get("name", "")), str(item.get("connectivityStatus", "")), str(item.get("remoteClusterExtId", ""))))
    return sorted(found)
