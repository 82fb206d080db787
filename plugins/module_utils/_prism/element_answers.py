# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads answers of Prism Element (contract/element section 1): wrapped values, both kinds of lists, refusals; sends nothing."""

from __future__ import annotations

import typing as t

from .._errors import Refused, ServerError
from .refusals import ServerMessage, refusal

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._net.session import Response
    from .listing import Object

#: Pages of one list; a server that never ends must not keep us.
_MOST_PAGES = 1000


def answer_of(response: Response) -> t.Any:
    """The decoded answer, ``None`` for one without a body. Raises ``DrError`` for every status but 2xx, and for what is not JSON."""
    if response.status >= 300:
        raise refusal(response, _messages)
    return response.json() if response.body else None


def unwrapped(answer: t.Any, response: Response) -> t.Any:
    """What a write answered: ``{"value": X}`` as X, a collection as the list of its objects. Raises ``Refused`` for ``{"value": false}``."""
    if not isinstance(answer, dict):
        return answer
    if answer.get("value") is False:
        raise Refused(f"{response.call} answered that it was not done", status=response.status, fix="look at the object in Prism for the reason")
    if set(answer) == {"value"}:
        return answer["value"]
    return answer["entities"] if isinstance(answer.get("entities"), list) else answer


def whole_list(page: Callable[[Mapping[str, str]], t.Any], what: str) -> list[Object]:
    """All objects of a list; ``page`` reads it with some query added. What a list says of its length is often too little
    (0 beside nine objects): only one that announces more than it gave is asked for its further pages."""
    first = page({})
    objects = objects_of(first, what)
    total = _total(first)
    number = 1
    size = len(objects)
    while size and len(objects) < total and number < _MOST_PAGES:
        number += 1
        more = objects_of(page({"page": str(number), "count": str(size)}), what)
        if not more or more[0] in objects:
            break
        objects += more
    if len(objects) < total:
        raise ServerError(f"the list {what} announced {total} objects and gave {len(objects)}", fix="check that the user may see all of it, then try again")
    return objects


def _messages(decoded: t.Any) -> list[ServerMessage]:
    """The one message of an error body; v1 and v2.0 differ in their spelling. The Java class before the text says nothing to a person."""
    if not isinstance(decoded, dict) or not decoded.get("message"):
        return []
    text = str(decoded["message"])
    head, _colon, rest = text.partition(": ")
    code = decoded.get("errorCode") or decoded.get("error_code")
    number = code.get("code") if isinstance(code, dict) else None
    return [ServerMessage(rest if rest and head.startswith("com.nutanix.") else text, "" if number is None else str(number))]


def objects_of(answer: t.Any, what: str) -> list[Object]:
    """The objects of a list, which is a bare array or a collection. Raises ``ServerError`` for anything else."""
    found = answer.get("entities") if isinstance(answer, dict) else answer
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ServerError(f"{what} gave no list of objects", fix="check that this is a Prism Element, and report it with the release of AOS")
    return list(found)


def _total(answer: t.Any) -> int:
    metadata = answer.get("metadata") if isinstance(answer, dict) else None
    total = (metadata or {}).get("totalEntities", (metadata or {}).get("total_entities"))
    return total if isinstance(total, int) else 0
