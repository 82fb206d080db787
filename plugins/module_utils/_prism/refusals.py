# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The error for a v4 answer that says no, or a task that failed, with the server's own words (contract/v4 section 6); sends nothing."""

from __future__ import annotations

import typing as t

from .._errors import (
    Conflict,
    ConnectionFailed,
    DrError,
    Forbidden,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    TaskFailed,
    Unauthorized,
)
from .._net.session import NOT_A_PRISM

if t.TYPE_CHECKING:
    from collections.abc import Callable

    from .._net.session import Response

#: Error groups and codes that mean "changed since it was read", also when a task reports them.
STALE = frozenset({"PLAT-10005", "VMM-30303", "VM_ETAG_MISMATCH", "INVALID_ETAG", "INVALID_ETAG_HEADER", "ETAG_MISMATCH"})


class ServerMessage(t.NamedTuple):
    """One message of the server: its text, and its code and group ("" where it gave none)."""

    text: str
    code: str = ""
    group: str = ""

    def __str__(self) -> str:
        return f"{self.text} [{self.code}]" if self.code else self.text


def refusal(response: Response, read: Callable[[t.Any], list[ServerMessage]] | None = None) -> DrError:
    """The error for an answer outside 2xx, with the server's own messages; ``read`` finds them in a body that is not one of v4."""
    decoded = _decoded(response)
    messages = (read or _messages_of)(decoded)
    said = "; ".join(str(message) for message in messages)
    cause = f"{response.call} answered {response.status}" + (f": {said}" if said else "")
    if response.status == 404 and response.body and not isinstance(decoded, dict):
        # A web page of a proxy or a gateway: it speaks of the path, and must not be read as "there is no such object".
        error: DrError = ServerError(f"{cause} with something that is no answer of the API", status=404, fix=NOT_A_PRISM)
    else:
        error = _by_status(response.status, cause)
    error.messages = tuple(message.text for message in messages)
    error.codes = tuple(code for message in messages for code in (message.code, message.group) if code)
    error.site = response.site
    return error


def _by_status(status: int, cause: str) -> DrError:
    match status:
        case 401:
            return Unauthorized(cause, fix="check user name and password (or API key), and that the user is not locked")
        case 403:
            return Forbidden(cause, fix="give the user a role that allows this")
        case 404:
            return NotFound(cause)
        case 412:
            return Conflict(cause, fix="it changed since it was read: run again")
        case 408:
            return ServerError(cause, status=status, fix="try again later")
        case 429:
            return RateLimited(cause, fix="try again later, or with fewer runs at a time")
    if status >= 500:
        return ServerError(cause, status=status, fix="look at the health of Prism and try again")
    return Refused(cause, status=status, fix="change what was asked for as the message says")


def _decoded(response: Response) -> t.Any:
    """The body of a refusal; ``None`` where it is no JSON (a 401 often has none, a proxy answers HTML)."""
    try:
        return response.json()
    except ConnectionFailed:
        return None


def _messages_of(decoded: t.Any) -> list[ServerMessage]:
    """What an error body says; nothing for bodies of another shape."""
    data = decoded.get("data") if isinstance(decoded, dict) else None
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, list):
        return app_messages(error)
    if not isinstance(error, dict):
        return []
    found = [
        ServerMessage(f"{item.get('attributePath') or item.get('location') or '?'}: {item.get('message') or '?'}")
        for item in error.get("validationErrorMessages") or ()
        if isinstance(item, dict)
    ]
    return found or [ServerMessage(str(error.get("error") or error.get("message") or "schema error"))]


def app_messages(items: t.Any) -> list[ServerMessage]:
    """The messages of a list of ``AppMessage`` objects; ``None`` and strange entries give none."""
    return [
        ServerMessage(str(item.get("message") or item.get("errorGroup") or "no reason given"), str(item.get("code") or ""), str(item.get("errorGroup") or ""))
        for item in items or ()
        if isinstance(item, dict)
    ]


def task_error(what: str, status: str, messages: list[ServerMessage], *, site: str) -> DrError:
    """The error for a task (or one job of a batch) that did not succeed: ``Conflict`` when its reason is a stale ETag."""
    said = "; ".join(str(message) for message in messages) or "the server gave no reason"
    cause = f"{what} ended {status}: {said}"
    codes = tuple(code for message in messages for code in (message.code, message.group) if code)
    error: DrError
    if STALE.intersection(codes):
        error = Conflict(cause, site=site, fix="it changed since it was read: run again")
    else:
        fix = "find out in Prism who canceled it and why" if status == "CANCELED" else "change what was asked for as the message says"
        error = TaskFailed(cause, site=site, fix=f"{fix}, then run again")
    error.messages = tuple(message.text for message in messages)
    error.codes = codes
    return error
