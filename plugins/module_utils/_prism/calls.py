# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One v4 call: its version in the path, its turn under the rate limits, its retries, its envelope. `write_calls.py` is about writes."""

from __future__ import annotations

import threading
import typing as t

from .._errors import ConnectionFailed, DrError, Forbidden, NotFound, Refused, ServerError
from .._net.retry import DEFAULT_POLICY, Retry, RetryPolicy
from .answers import Reply, reply
from .throttle import Throttle, operation
from .versions import KNOWN, Minor, spoken

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._net.session import HttpSession, Response


#: What a server says that does not know the question for its version.
_UNTOLD = (NotFound, Refused, Forbidden, ServerError)


class Calls:
    """Sends v4 calls to one Prism Central. Safe to share between threads."""

    def __init__(
        self,
        session: HttpSession,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        random: Callable[[], float],
        policy: RetryPolicy = DEFAULT_POLICY,
        known: Mapping[str, Minor] | None = None,
    ) -> None:
        self.site = session.endpoint.label
        self._session = session
        self._throttle = Throttle(sleep=sleep, clock=clock)
        self._policy = policy
        self._retry = Retry(session, policy, sleep=sleep, clock=clock, random=random)
        self._known = KNOWN if known is None else known
        self._minors: dict[str, Minor] = {}
        self._negotiating = threading.Lock()

    def minor(self, namespace: str) -> Minor:
        """The API minor spoken in a namespace; asked once. Raises ``Refused`` for a server without API v4, ``NotFound`` for one that does
        not serve the namespace, and ``CANNOT_TELL``."""
        with self._negotiating:
            if namespace not in self._minors:
                self._minors[namespace] = self._negotiated(namespace, self._known[namespace])
            return self._minors[namespace]

    def uri(self, namespace: str, path: str) -> str:
        """ "/api/microseg/v4.2/config/policies": the path at the minor spoken. ``path`` is quoted already."""
        return versioned(namespace, self.minor(namespace), path)

    def read(self, namespace: str, path: str, *, params: Mapping[str, str] | None = None, deadline: float | None = None, verb: str = "read") -> Reply:
        """GET. Raises ``DrError`` for everything but a good answer."""
        try:
            return reply(self.send("GET", namespace, path, self.uri(namespace, path), params=params, deadline=deadline))
        except DrError as error:
            error.outcome_unknown = False
            raise error.about(site=self.site, verb=verb) from error.__cause__

    def send(
        self,
        method: str,
        namespace: str,
        path: str,
        uri: str,
        *,
        params: Mapping[str, str] | None = None,
        body: t.Any = None,
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
    ) -> Response:
        """The last answer of one call, whatever it says. ``uri`` is the path with its version. Raises what ``Retry.run`` raises."""
        name = operation(method, namespace, path)

        def attempt(limit: float) -> Response:
            self._throttle.acquire(name, deadline=limit)
            answered: Mapping[str, str] | None = None
            pause = 0.0
            try:
                response = self._session.request(method, uri, params=params, json=body, headers=headers, deadline=limit)
                answered = response.headers
                if response.status == 429:
                    from .._net.retry_waits import retry_after

                    pause = retry_after(response, self._policy.longest_retry_after, 1.0)
                if response.status < 300 and response.body:
                    response.json()  # A broken body is a broken exchange: found here, it is tried again.
                return response
            finally:
                self._throttle.release(name, answered, pause=pause)

        return self._retry.run(attempt, deadline=deadline)

    def _negotiated(self, namespace: str, known: Minor) -> Minor:
        minor = spoken(namespace, known, self._announced(namespace), site=self.site)
        if minor is None:
            # Imported here: most servers tell.
            from .version_probe import newest_served

            minor = newest_served(self, namespace, known)
        return minor

    def _announced(self, namespace: str) -> t.Any:
        """What the server says of its highest version; ``None`` where it does not answer that question (4.0 and 4.1 may not)."""
        try:
            return reply(self.send("OPTIONS", namespace, "unversioned/info", f"/api/{namespace}/unversioned/info")).data
        except DrError as error:
            if isinstance(error, _UNTOLD) or (isinstance(error, ConnectionFailed) and error.reason == "empty"):
                return None
            raise error.about(site=self.site, verb="negotiate") from error.__cause__


def versioned(namespace: str, minor: Minor, path: str) -> str:
    """The path of a call at one minor."""
    return f"/api/{namespace}/v{minor[0]}.{minor[1]}/{path}"
