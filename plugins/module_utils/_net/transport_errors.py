# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns what ``requests`` raises, and bodies that are no JSON, into ``ConnectionFailed`` with a reason and a next step; sends nothing itself."""

from __future__ import annotations

import socket
import ssl
import typing as t

from .._errors import ConnectionFailed
from .session import NOT_A_PRISM

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from .session import Response

#: reason -> (what happened, next step, may the server have seen the request)
_TEXTS: dict[str, tuple[str, str, bool]] = {
    "refused": ("nothing listens there (connection refused)", "check host and port, and whether Prism is running", False),
    "dns": ("the host name cannot be resolved", "check the host name and the name servers of this controller", False),
    "unreachable": ("there is no network route to it", "check the network between this controller and the site", False),
    "connect_timeout": ("no connection within {connect_timeout:g} s", "check the network path and firewalls, or raise the timeout", False),
    "timeout": ("no answer within {timeout:g} s", "try again later, or raise the timeout", True),
    "tls": ("no trusted TLS connection ({detail})", "check that the port speaks HTTPS, and give the CA of the site as ca_path", False),
    "proxy": ("the proxy did not let the call through ({detail})", "check HTTPS_PROXY and NO_PROXY", False),
    "reset": ("the connection broke before the answer was complete", "try again; if it persists look at the load of Prism", True),
    "truncated": ("the answer ended too early", "try again; if it persists look at proxies on the path", True),
    "other": ("the call failed ({detail})", "check the connection options", True),
}


def explain(error: requests.RequestException, call: str, *, site: str, timeout: float, connect_timeout: float) -> ConnectionFailed:
    """The ``ConnectionFailed`` for a failed exchange. ``call`` is method and URL without query; times in seconds."""
    key = _reason(error)
    what, fix, sent = _TEXTS[key]
    cause = what.format(timeout=timeout, connect_timeout=connect_timeout, detail=_detail(error))
    reason = {"connect_timeout": "timeout", "unreachable": "refused"}.get(key, key)
    return ConnectionFailed(f"{call}: {cause}", reason=reason, sent=sent, site=site, fix=fix)


def unreadable(response: Response) -> ConnectionFailed:
    """The ``ConnectionFailed`` for a body that is no JSON."""
    body, again = response.body.strip(), "try again; if it persists look at proxies on the path"
    if not body:
        reason, what, fix = "empty", "an empty body where JSON is due", again
    elif body[:1] == b"<":
        reason, what, fix = "html", "a web page instead of JSON", NOT_A_PRISM
    else:
        reason, what, fix = "truncated", f"JSON that ends or breaks after {len(response.body)} bytes", again
    return ConnectionFailed(f"{response.call} answered {response.status} with {what}", reason=reason, sent=True, site=response.site, fix=fix)


def _reason(error: requests.RequestException) -> str:
    from requests import exceptions

    # The classes overlap (a connect timeout is a ConnectionError as well): most telling first.
    if isinstance(error, exceptions.ProxyError):
        return "proxy"
    if isinstance(error, exceptions.SSLError):
        return "tls"
    if isinstance(error, exceptions.ConnectTimeout):
        return "connect_timeout"
    if isinstance(error, exceptions.Timeout):
        return "timeout"
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return "tls"
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
        if isinstance(cause, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
            return "reset"
        if isinstance(cause, TimeoutError):
            return "timeout"
    names = {type(cause).__name__ for cause in causes}
    if "ReadTimeoutError" in names:
        return "timeout"
    if "IncompleteRead" in names or isinstance(error, (exceptions.ChunkedEncodingError, exceptions.ContentDecodingError)):
        return "truncated"
    if "RemoteDisconnected" in names:
        return "reset"
    if "NewConnectionError" in names:
        return "unreachable"
    return "other"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Everything that led to the error: ``requests`` wraps its causes in arguments as well as in ``__cause__``."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        linked = [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
        waiting.extend(item for item in linked if isinstance(item, BaseException))


def _detail(error: BaseException) -> str:
    """The innermost TLS or system message; the outer texts repeat the URL and the pool, which help nobody."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        if isinstance(cause, ssl.SSLError) and cause.reason:
            return cause.reason.replace("_", " ").lower()
    for cause in _chain(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        if isinstance(cause, OSError) and str(cause).startswith("Tunnel connection failed"):
            return str(cause)
    return type(error).__name__
