# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One v4 call that changes something, and what is known when it has failed: that nothing was done, or that nobody can tell."""

from __future__ import annotations

import typing as t

from .._errors import ConnectionFailed, DeadlineExceeded, DrError, NotFound, ServerError
from .answers import NOT_SERVED, Reply, reply

if t.TYPE_CHECKING:
    from .calls import Calls


def write(
    calls: Calls,
    method: str,
    namespace: str,
    path: str,
    *,
    verb: str,
    request_id: str,
    body: t.Any = None,
    etag: str | None = None,
    deadline: float | None = None,
) -> Reply:
    """POST, PUT or DELETE. ``request_id`` (a uuid) makes a repeated try give the first one's answer.

    Raises ``DrError``; its ``outcome_unknown`` is true where the server may have done the work all the same.
    """
    headers = {"NTNX-Request-Id": request_id}
    if etag is not None:
        headers["If-Match"] = etag
    try:
        uri = calls.uri(namespace, path)
    except DrError as error:
        error.outcome_unknown = False
        raise error.about(verb=verb) from error.__cause__
    lost = False
    try:
        response = calls.send(method, namespace, path, uri, body=body, headers=headers, deadline=deadline)
        lost = response.lost
        return reply(response)
    except ConnectionFailed as error:
        error.outcome_unknown = lost or error.sent
        raise error.about(site=calls.site, verb=verb) from error.__cause__
    except DrError as error:
        if method == "DELETE" and lost and isinstance(error, NotFound):
            # The try whose answer was lost has deleted it.
            return Reply(204, None, None, None)
        error.outcome_unknown = error.outcome_unknown or lost or (isinstance(error, ServerError) and error.status not in NOT_SERVED)
        raise error.about(site=calls.site, verb=verb) from error.__cause__


def timed_out(what: str, last_state: str, *, site: str, verb: str) -> DeadlineExceeded:
    """The error for a wait that has reached its deadline; the work itself may go on."""
    error = DeadlineExceeded(f"{what} was not finished in time; its last state: {last_state}", site=site, verb=verb, fix="look at it in Prism, then run again")
    error.outcome_unknown = True
    return error
