# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API minor a Prism Central speaks that does not tell it (4.0 and 4.1 may not): one list is tried at each, newest first."""

from __future__ import annotations

import typing as t

from .._errors import DrError, Forbidden, NotFound, ServerError
from .answers import NOT_SERVED, reply
from .calls import versioned

if t.TYPE_CHECKING:
    from .calls import Calls
    from .versions import Minor

#: A list that every user may read, to find the version where the server does not tell it.
_PROBE_PATHS = {
    "microseg": "config/address-groups",
    "prism": "config/categories",
    "datapolicies": "config/protection-policies",
    "dataprotection": "config/recovery-points",
    "networking": "config/subnets",
    "vmm": "ahv/config/vms",
    "clustermgmt": "config/clusters",
}


def newest_served(calls: Calls, namespace: str, known: Minor) -> Minor:
    """The highest minor, not above ``known``, at which the list is there. Raises ``NotFound`` when it is at none, and ``CANNOT_TELL``."""
    for minor in range(known[1], -1, -1):
        if _serves(calls, namespace, (known[0], minor), _PROBE_PATHS[namespace]):
            return known[0], minor
    raise NotFound(
        f"it serves no version v{known[0]}.0 to v{known[0]}.{known[1]} of the {namespace} API",
        site=calls.site,
        verb="negotiate",
        fix="check that this is a Prism Central of release pc.2024.3 or later",
    )


def _serves(calls: Calls, namespace: str, minor: Minor, path: str) -> bool:
    try:
        reply(calls.send("GET", namespace, path, versioned(namespace, minor, path), params={"$limit": "1"}))
    except NotFound:
        return False
    except Forbidden:
        return True
    except DrError as error:
        if isinstance(error, ServerError) and error.status in NOT_SERVED:
            return False
        raise error.about(site=calls.site, verb="negotiate") from error.__cause__
    return True
