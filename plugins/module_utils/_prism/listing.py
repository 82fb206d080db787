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

    from .calls import Calls, Reply

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

    def page(number: int) -> Reply:
        paging = {} if limit is None else {"$page": str(number), "$limit": str(limit)}
        try:
            return calls.read(namespace, path, params={**paging, **params}, verb="list")
        except NotFound as error:
            error.fix = error.fix or "this release of the Prism Central may not serve that API: check its version"
            raise

    first = page(0)
    objects = _objects(first, namespace, path, calls.site)
    total = _total(first)
    if limit is None:
        return objects, ""
    if total is None:
        return _read_until_short(objects, page, limit, namespace, path, calls.site), ""
    pages = (total + limit - 1) // limit
    replies = in_threads(page, range(1, pages), threads=_THREADS)
    for reply in replies:
        if _total(reply) not in (None, total):
            return [], f"its length changed from {total} to {_total(reply)}"
        objects += _objects(reply, namespace, path, calls.site)
    ids = [item["extId"] for item in objects if "extId" in item]
    if len(set(ids)) != len(ids):
        return [], f"{len(ids) - len(set(ids))} of its objects came twice"
    if len(objects) != total:
        return [], f"it announced {total} objects and gave {len(objects)}"
    return objects, ""


def _read_until_short(objects: list[Object], page: t.Callable[[int], Reply], limit: int, namespace: str, path: str, site: str) -> list[Object]:
    """The way for a server that does not tell the length: page after page, until one is not full."""
    number = 0
    last = objects
    while len(last) >= limit:
        number += 1
        last = _objects(page(number), namespace, path, site)
        objects = objects + last
    return objects


def _objects(reply: Reply, namespace: str, path: str, site: str) -> list[Object]:
    data = reply.data
    if data is None:
        return []
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise ServerError(f"{namespace}/{path} gave no list of objects", site=site, verb="list", fix="report this with the release of the Prism Central")
    return list(data)


def _total(reply: Reply) -> int | None:
    total = reply.metadata.get("totalAvailableResults")
    return total if isinstance(total, int) else None
