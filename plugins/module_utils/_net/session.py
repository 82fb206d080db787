# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTPS exchange with one host at a time: TLS, proxies, time limits, credentials; no retries, no API knowledge."""

from __future__ import annotations

import base64
import json as jsonlib
import os
import threading
import time
import typing as t

from .._errors import ConnectionFailed, DeadlineExceeded, Finding, InvalidInput

try:
    import requests
    import requests.adapters

    HAS_REQUESTS = True
except ImportError:
    HAS_REQUESTS = False

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

USER_AGENT = "nutanix_flow.dr"
#: Connections kept open per host; more threads than this would open short-lived ones.
POOL_SIZE = 16

NOT_A_PRISM = "check that host and port are those of a Prism, and that no proxy or login page stands between"


class Endpoint(t.NamedTuple):
    """How one host is reached and who calls. Times in seconds; ``site`` is the name that messages use."""

    host: str
    port: int = 9440
    username: str | None = None
    password: str | None = None
    api_key: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: float = 30.0
    connect_timeout: float = 10.0
    site: str = ""

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Endpoint({self.url!r}, site={self.label!r})"

    @property
    def label(self) -> str:
        return self.site or self.host

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"https://{host}:{self.port}"


class Response:
    """An answer as it came: status, headers (names in any case) and body.

    ``lost``: an earlier try of the same call was sent and never answered, so it may have done its work.
    """

    lost = False

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes, *, call: str, site: str) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.call = call
        self.site = site
        self._decoded: t.Any = None

    def json(self) -> t.Any:
        """The body, decoded once. Raises ``ConnectionFailed`` (html, empty, truncated) where it is not JSON."""
        if self._decoded is not None:
            return self._decoded
        try:
            self._decoded = jsonlib.loads(self.body)
            return self._decoded
        except ValueError:
            pass
        # Imported here, as below: a run in which all goes well needs none of it.
        from .transport_errors import unreadable

        raise unreadable(self)


class HttpSession:
    """A pool of connections to one endpoint, shared by threads.

    The session cookie that the server gives replaces the credentials; when it has expired (401) it is
    dropped and the call repeated once with credentials. Wrong credentials are never sent twice for one call,
    for a Prism locks users out. Raises ``InvalidInput`` for a host or a CA file that cannot be right.
    """

    def __init__(self, endpoint: Endpoint, *, clock: Callable[[], float] = time.monotonic) -> None:
        if not endpoint.host or any(mark in endpoint.host for mark in "/@ ?#"):
            raise InvalidInput([Finding("host", f"'{endpoint.host}' is no host name or address", "give it without https:// and without a path")])
        self.endpoint = endpoint
        #: True once the host has answered anything: tells a dead site from a hiccup.
        self.answered = False
        self._clock = clock
        self._verify = _verify(endpoint)
        self._cookies: dict[str, str] = {}
        self._lock = threading.Lock()
        # Not a session of the library: that would send cookies also where credentials are meant, read the environment for each call, and
        # let .netrc replace our credentials.
        self._adapter = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=POOL_SIZE, max_retries=0)
        self._proxies = requests.utils.get_environ_proxies(endpoint.url)
        self._headers = {**requests.utils.default_headers(), "User-Agent": USER_AGENT, "Accept": "application/json"}
        if not endpoint.validate_certs:
            import urllib3

            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: t.Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
    ) -> Response:
        """Send one request and read the whole answer, whatever its status.

        ``path`` starts with a slash and is quoted already. ``deadline`` is a time of the session's clock.
        Raises ``ConnectionFailed`` without an answer, ``DeadlineExceeded`` when there is no time left to ask.
        """
        sent_headers = {**self._headers, **(headers or {})}
        body = None
        if json is not None:
            body = jsonlib.dumps(json, separators=(",", ":")).encode()
            sent_headers["Content-Type"] = "application/json"
        with self._lock:
            cookies = dict(self._cookies)
        response = self._exchange(method, path, params, body, sent_headers, cookies, deadline)
        if response.status == 401 and cookies:
            with self._lock:
                # Only the cookies that were refused: another thread may have a fresh session already.
                if self._cookies == cookies:
                    self._cookies = {}
            response = self._exchange(method, path, params, body, sent_headers, {}, deadline)
        return response

    def close(self) -> None:
        self._adapter.close()

    def _identity(self, cookies: Mapping[str, str]) -> dict[str, str]:
        endpoint = self.endpoint
        if endpoint.api_key:
            return {"X-ntnx-api-key": endpoint.api_key}
        if cookies:
            return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if endpoint.username is None:
            return {}
        pair = f"{endpoint.username}:{endpoint.password or ''}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}

    def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: bytes | None,
        headers: Mapping[str, str],
        cookies: Mapping[str, str],
        deadline: float | None,
    ) -> Response:
        endpoint = self.endpoint
        call = f"{method} {endpoint.url}{path}"
        timeout, connect_timeout = endpoint.timeout, endpoint.connect_timeout
        if deadline is not None:
            left = deadline - self._clock()
            if left <= 0:
                raise DeadlineExceeded(f"{call}: no time was left to send it", site=endpoint.label, fix="raise the timeout")
            timeout, connect_timeout = min(timeout, left), min(connect_timeout, left)
        asked = requests.PreparedRequest()
        try:
            asked.prepare(method, endpoint.url + path, {**headers, **self._identity(cookies)}, data=body, params=params)
            answer = self._adapter.send(asked, timeout=(connect_timeout, timeout), verify=self._verify, proxies=self._proxies)
            content = answer.content
        except requests.RequestException as error:
            from .transport_errors import explain

            raise explain(error, call, site=endpoint.label, timeout=timeout, connect_timeout=connect_timeout) from error
        self.answered = True
        self._keep_cookies(answer)
        if answer.is_redirect:
            raise ConnectionFailed(
                f"{call} was redirected to another address",
                reason="redirect",
                sent=True,
                site=endpoint.label,
                fix=NOT_A_PRISM,
            )
        return Response(answer.status_code, answer.headers, content, call=f"{method} {path}", site=endpoint.label)

    def _keep_cookies(self, answer: requests.Response) -> None:
        if not answer.cookies or self.endpoint.api_key:
            return
        with self._lock:
            self._cookies.update({cookie.name: cookie.value or "" for cookie in answer.cookies})


def _verify(endpoint: Endpoint) -> bool | str:
    """What ``requests`` checks certificates against: nothing, a bundle, or (True) its own trust store."""
    if not endpoint.validate_certs:
        return False
    if endpoint.ca_path and not os.path.exists(endpoint.ca_path):
        raise InvalidInput([Finding("ca_path", f"{endpoint.ca_path} does not exist", "give a file with CA certificates in PEM format")], site=endpoint.label)
    return endpoint.ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
