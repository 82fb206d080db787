# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the envelope of good v4 answers (contract/v4 section 3); `refusals.py` reads the others. Sends nothing."""

from __future__ import annotations

import typing as t

from .._errors import ServerError

if t.TYPE_CHECKING:
    from .._net.session import Response


def envelope(response: Response) -> dict[str, t.Any]:
    """The decoded answer, ``{}`` for one without a body. Raises ``DrError`` for every status but 2xx, and for what is not JSON."""
    if response.status >= 300:
        # Imported here: a run in which all goes well needs none of it.
        from .refusals import refusal

        raise refusal(response)
    if response.status == 204 or (response.status == 202 and not response.body):
        return {}
    decoded = response.json()
    if not isinstance(decoded, dict):
        raise ServerError(f"{response.call} answered with JSON that is no object", site=response.site, fix="report this with the release of the Prism Central")
    return decoded
