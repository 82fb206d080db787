# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API minor to speak with a Prism Central, per namespace (contract/v4 sections 1 and 2). Asks nobody; `version_probe.py` finds out where nobody tells."""

from __future__ import annotations

import re
import typing as t

from .._errors import Refused

Minor: t.TypeAlias = "tuple[int, int]"

#: The newest minor of each namespace that this collection has been written against.
KNOWN: dict[str, Minor] = {
    "microseg": (4, 3),
    "prism": (4, 4),
    "datapolicies": (4, 3),
    "dataprotection": (4, 4),
    "networking": (4, 4),
    "vmm": (4, 3),
    "clustermgmt": (4, 3),
}


def spoken(namespace: str, known: Minor, announced: t.Any, *, site: str) -> Minor | None:
    """The highest minor that both sides know, ``None`` where the server does not tell its own.

    ``announced`` is what it says is its highest version: "v4.2", or a preview ("v4.0.b1") or anything else where it does not tell.
    Raises ``Refused`` for a server without API v4.
    """
    match = re.fullmatch(r"v(\d+)\.(\d+)", announced) if isinstance(announced, str) else None
    if match is None:
        return None
    highest = (int(match[1]), int(match[2]))
    if highest[0] < known[0]:
        raise Refused(
            f"its newest {namespace} API is {announced}, this collection needs v4.0",
            site=site,
            verb="negotiate",
            fix="upgrade the Prism Central to pc.2024.3 or later",
        )
    return min(highest, known)
