# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the envelope of good v4 answers (contract/v4 section 3); `refusals.py` reads the others. Sends nothing."""

from __future__ import annotations

import typing as t

from .._errors import ServerError

if t.TYPE_CHECKING:
    from .._net.session import Response

#: The site does not do this at all: nothing was done.
NOT_SERVED = frozenset({404, 501})


class Reply(t.NamedTuple):
    """A good answer. ``data`` is ``None`` where the envelope had none (an empty list may come like that); ``total`` is the length
    of the whole list, where it is told."""

    status: int
    data: t.Any
    total: int | None
    etag: str | None


def reply(response: Response) -> Reply:
    """What a good answer holds. Raises ``DrError`` for every status but 2xx, and for what is not JSON."""
    if response.status >= 300:
        # Imported here: a run in which all goes well needs none of it.
        from .refusals import refusal

        raise refusal(response)
    bodiless = response.status == 204 or (response.status == 202 and not response.body)
    decoded = {} if bodiless else response.json()
    if not isinstance(decoded, dict):
        raise ServerError(f"{response.call} answered with JSON that is no object", site=response.site, fix="report this with the release of the Prism Central")
    data, metadata = decoded.get("data"), decoded.get("metadata")
    total = metadata.get("totalAvailableResults") if isinstance(metadata, dict) else None
    etag = response.headers.get("ETag") or response.headers.get("X-Ntnx-Etag")
    if etag is None and isinstance(data, dict) and isinstance(data.get("$reserved"), dict):
        etag = data["$reserved"].get("ETag")
    return Reply(response.status, data, total if isinstance(total, int) else None, etag)
