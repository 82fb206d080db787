# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which API minor to speak with a Prism Central, per namespace (contract/v4 sections 1 and 2); asks through functions it is given."""

from __future__ import annotations

import re
import typing as t

from .._errors import Refused

if t.TYPE_CHECKING:
    from collections.abc import Callable

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


def negotiate(namespace: str, known: Minor, announced: Callable[[], t.Any], serves: Callable[[Minor, str], bool], *, site: str) -> Minor:
    """The highest minor that both sides know.

    ``announced()`` gives what the server says is its highest version ("v4.2"), or anything else where it does not say;
    ``serves(minor, path)`` tries a list at one minor. Raises ``Refused`` for a server without API v4, ``NotFound`` for one
    that does not serve the namespace.
    """
    highest = _parse(announced())
    if highest is not None:
        if highest[0] < known[0]:
            raise Refused(
                f"its newest {namespace} API is v{highest[0]}.{highest[1]}, this collection needs v4.0",
                site=site,
                verb="negotiate",
                fix="upgrade the Prism Central to pc.2024.3 or later",
            )
        return min(highest, known)
    # Imported here: most servers tell.
    from .version_probe import newest_served

    return newest_served(namespace, known, serves, site=site)


def _parse(text: t.Any) -> Minor | None:
    """ "v4.2" as (4, 2); ``None`` for previews ("v4.0.b1") and everything else."""
    match = re.fullmatch(r"v(\d+)\.(\d+)", text) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None
