# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is calling: Basic credentials, an API key, or the session cookie that Basic credentials earned."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

from prismsim.clock import Clock
from prismsim.errors import ApiError, Message

COOKIE = "NTNX_IAM_SESSION"
SESSION_SECONDS = 900


class Account(Protocol):
    """What a Prism knows about its one user."""

    @property
    def username(self) -> str:
        """The name it is called by."""

    @property
    def password(self) -> str:
        """The password that goes with it."""

    @property
    def api_keys(self) -> tuple[str, ...]:
        """Keys that do instead of both."""

    @property
    def clock(self) -> Clock:
        """Time, by which sessions end."""


class Sessions:
    """The sessions of one Prism; they end after 15 minutes, and with the process."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._expiry: dict[str, float] = {}

    def authenticate(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The answer headers of a caller who may in (a new cookie, or nothing). Raises ApiError(401)."""
        key = headers.get("x-ntnx-api-key")
        if key is not None:
            if any(hmac.compare_digest(key.encode(), known.encode()) for known in self._account.api_keys):
                return {}
            raise _unauthorized("The API key is not valid.")
        authorization = headers.get("authorization")
        if authorization is not None:
            if not self._knows(authorization):
                raise _unauthorized("The user name or the password is wrong.")
            token = secrets.token_hex(16)
            self._expiry[token] = self._account.clock.now() + SESSION_SECONDS
            return {"Set-Cookie": f"{COOKIE}={token}; Path=/; Secure; HttpOnly"}
        if self._expiry.get(_token(headers), 0.0) > self._account.clock.now():
            return {}
        raise _unauthorized("There is no valid session; authentication is required.")

    def expire(self) -> None:
        """End all sessions."""
        self._expiry.clear()

    def _knows(self, authorization: str) -> bool:
        scheme, _ignored, text = authorization.partition(" ")
        try:
            given = base64.b64decode(text, validate=True)
        except binascii.Error:
            return False
        expected = f"{self._account.username}:{self._account.password}".encode()
        return scheme.lower() == "basic" and hmac.compare_digest(given, expected)


def _token(headers: Mapping[str, str]) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def _unauthorized(text: str) -> ApiError:
    headers = {"WWW-Authenticate": 'Basic realm="Prism"'}
    return ApiError(401, [Message(text, "PRISMSIM-10401", "AUTHENTICATION_REQUIRED")], headers=headers)
