# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a list whole: every page, once, and none that moved meanwhile (contract/v4 section 3); knows no kinds."""

from __future__ import annotations

import typing as t

from .._errors import NotFound, ServerError
from .parallel import in_threads

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .calls import Calls

#: The server's largest page.
LARGEST_PAGE = 100
#: Pages asked for at a time; the rate limits allow hardly more.
_THREADS = 5
#: How often a list that moved while it was read is read again.
_READINGS = 3

Object: t.TypeAlias = "dict[str, t.Any]"


def read_all(calls: Calls, namespace: str, path: str, params: Mapping[str, str], *, limit: int | None) -> list[Object]:
    """All objects of a list. ``limit`` is the page size, ``None`` for lists that have no pages.

    Raises ``ServerError`` when the list does not add up after several readings: what is missing then is not absent.
    """
    doubt = ""
    for _reading in range(_READINGS):
        objects, doubt = _read_once(calls, namespace, path, params, limit)
        if not doubt:
            return objects
    raise ServerError(
        f"the list {namespace}/{path} could not be read consistently in {_READINGS} readings: {doubt}",
        site=calls.site,
        verb="list",
        fix="wait until nobody changes it, and check that the user may see all of it",
    )


def _read_once(calls: Calls, namespace: str, path: str, params: Mapping[str, str], limit: int | None) -> tuple[list[Object], str]:
    """The objects, and why they cannot be trusted to be all ("" when they can)."""

    def page(number: int) -> tuple[list[Object], int | None]:
        paging = {} if limit is None else {"$page": str(number), "$limit": str(limit)}
        try:
            reply = calls.read(namespace, path, params={**paging, **params}, verb="list")
        except NotFound as error:
            error.fix = error.fix or "this release of the Prism Central may not serve that API: check its version"
            raise
        found = [] if reply.data is None else reply.data
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            fix = "report this with the release of the Prism Central"
            raise ServerError(f"{namespace}/{path} gave no list of objects", site=calls.site, verb="list", fix=fix)
        return found, reply.total

    objects, total = page(0)
    if limit is None:
        return objects, ""
    if total is None:
        # The server does not tell the length: page after page, until one is not full.
        last, number = objects, 0
        while len(last) >= limit:
            number += 1
            last, _total = page(number)
            objects = objects + last
        return objects, ""
    pages = (total + limit - 1) // limit
    for more, length in in_threads(page, range(1, pages), threads=_THREADS):
        if length not in (None, total):
            return [], f"its length changed from {total} to {length}"
        objects = objects + more
    ids = [item["extId"] for item in objects if "extId" in item]
    if len(set(ids)) != len(ids):
        return [], f"{len(ids) - len(set(ids))} of its objects came twice"
    if len(objects) != total:
        return [], f"it announced {total} objects and gave {len(objects)}"
    return objects, ""
