# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads single objects, each with the ETag that an update of it must name; `listing.py` reads lists. Knows no kinds."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from .._errors import DrError, ServerError
from .parallel import in_threads

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from .calls import Calls
    from .listing import Object

#: Single reads at a time; the rate limits allow hardly more.
_THREADS = 8


class Fetched(t.NamedTuple):
    """One object as the site holds it, and the ETag that an update must name."""

    body: Object
    etag: str | None


def fetch(calls: Calls, namespace: str, path: str, ext_id: str) -> Fetched:
    """One object. Raises ``NotFound``, and all that ``Calls.read`` raises."""
    reply = calls.read(namespace, f"{path}/{quote(ext_id, safe='')}")
    if not isinstance(reply.data, dict):
        raise ServerError(f"{path}/{ext_id} came without data", site=calls.site, verb="read", fix="try again")
    return Fetched(reply.data, reply.etag)


def fetch_many(calls: Calls, namespace: str, path: str, ext_ids: Sequence[str]) -> dict[str, Fetched | DrError]:
    """Many objects, several at a time; an error stands in the place of what could not be read."""

    def one(ext_id: str) -> Fetched | DrError:
        try:
            return fetch(calls, namespace, path, ext_id)
        except DrError as error:
            return error

    return dict(zip(ext_ids, in_threads(one, ext_ids, threads=_THREADS), strict=True))
