# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One v4 call: its version in the path, its turn under the rate limits, its retries, its envelope. Knows no lists, tasks or batches."""

from __future__ import annotations

import threading
import typing as t

from .._errors import ConnectionFailed, DeadlineExceeded, DrError, Forbidden, NotFound, Refused, ServerError
from .._net.retry import DEFAULT_POLICY, Answer, Retry, RetryPolicy, retry_after
from .answers import envelope
from .throttle import Throttle, operation
from .versions import KNOWN, Minor, negotiate

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._net.session import HttpSession, Response
    from .._net.statistics import Statistics

#: The site does not do this at all: nothing was done.
NOT_SERVED = frozenset({404, 501})


class Reply(t.NamedTuple):
    """A good answer. ``data`` is ``None`` where the envelope had none (an empty list may come like that)."""

    status: int
    data: t.Any
    metadata: Mapping[str, t.Any]
    etag: str | None


class Calls:
    """Sends v4 calls to one Prism Central. Safe to share between threads."""

    def __init__(
        self,
        session: HttpSession,
        statistics: Statistics,
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
        self._retry = Retry(session, statistics, policy, sleep=sleep, clock=clock, random=random)
        self._known = dict(KNOWN if known is None else known)
        self._minors: dict[str, Minor] = {}
        self._negotiating = threading.Lock()

    def minor(self, namespace: str) -> Minor:
        """The API minor spoken in a namespace; asked once. Raises what ``negotiate`` raises, and ``CANNOT_TELL``."""
        with self._negotiating:
            if namespace not in self._minors:
                self._minors[namespace] = negotiate(
                    namespace,
                    self._known[namespace],
                    lambda: self._announced(namespace),
                    lambda minor, path: self._serves(namespace, minor, path),
                    site=self.site,
                )
            return self._minors[namespace]

    def uri(self, namespace: str, path: str) -> str:
        """ "/api/microseg/v4.2/config/policies": the path at the minor spoken. ``path`` is quoted already."""
        return _uri(namespace, self.minor(namespace), path)

    def read(self, namespace: str, path: str, *, params: Mapping[str, str] | None = None, deadline: float | None = None, verb: str = "read") -> Reply:
        """GET. Raises ``DrError`` for everything but a good answer."""
        try:
            return self._reply(self._send("GET", namespace, path, self.uri(namespace, path), params=params, deadline=deadline))
        except DrError as error:
            error.outcome_unknown = False
            raise error.about(site=self.site, verb=verb) from error.__cause__

    def write(
        self,
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
            uri = self.uri(namespace, path)
        except DrError as error:
            error.outcome_unknown = False
            raise error.about(verb=verb) from error.__cause__
        lost = False
        try:
            answer = self._send(method, namespace, path, uri, body=body, headers=headers, deadline=deadline)
            lost = answer.lost
            return self._reply(answer)
        except ConnectionFailed as error:
            error.outcome_unknown = lost or error.sent
            raise error.about(site=self.site, verb=verb) from error.__cause__
        except DrError as error:
            if method == "DELETE" and lost and isinstance(error, NotFound):
                # The try whose answer was lost has deleted it.
                return Reply(204, None, {}, None)
            error.outcome_unknown = error.outcome_unknown or lost or (isinstance(error, ServerError) and error.status not in NOT_SERVED)
            raise error.about(site=self.site, verb=verb) from error.__cause__

    def _send(
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
    ) -> Answer:
        name = operation(method, namespace, path)

        def attempt(limit: float) -> Response:
            self._throttle.acquire(name, deadline=limit)
            answered: Mapping[str, str] | None = None
            pause = 0.0
            try:
                response = self._session.request(method, uri, params=params, json=body, headers=headers, deadline=limit)
                answered = response.headers
                if response.status == 429:
                    pause = retry_after(response, self._policy.longest_retry_after, 1.0)
                if response.status < 300 and response.body:
                    response.json()  # A broken body is a broken exchange: found here, it is tried again.
                return response
            finally:
                self._throttle.release(name, answered, pause=pause)

        return self._retry.run(attempt, deadline=deadline)

    def _reply(self, answer: Answer) -> Reply:
        response = answer.response
        decoded = envelope(response)
        data = decoded.get("data")
        metadata = decoded.get("metadata")
        etag = response.headers.get("ETag") or response.headers.get("X-Ntnx-Etag")
        if etag is None and isinstance(data, dict) and isinstance(data.get("$reserved"), dict):
            etag = data["$reserved"].get("ETag")
        return Reply(response.status, data, metadata if isinstance(metadata, dict) else {}, etag)

    def _announced(self, namespace: str) -> t.Any:
        """What the server says of its highest version; ``None`` where it does not answer that question (4.0 and 4.1 may not)."""
        try:
            return self._reply(self._send("OPTIONS", namespace, "unversioned/info", f"/api/{namespace}/unversioned/info")).data
        except (NotFound, Refused, Forbidden, ServerError):
            return None
        except ConnectionFailed as error:
            if error.reason == "empty":
                return None
            raise error.about(site=self.site, verb="negotiate") from error.__cause__
        except DrError as error:
            raise error.about(site=self.site, verb="negotiate") from error.__cause__

    def _serves(self, namespace: str, minor: Minor, path: str) -> bool:
        try:
            self._reply(self._send("GET", namespace, path, _uri(namespace, minor, path), params={"$limit": "1"}))
        except NotFound:
            return False
        except Forbidden:
            return True
        except DrError as error:
            if isinstance(error, ServerError) and error.status in NOT_SERVED:
                return False
            raise error.about(site=self.site, verb="negotiate") from error.__cause__
        return True


def timed_out(what: str, last_state: str, *, site: str, verb: str) -> DeadlineExceeded:
    """The error for a wait that has reached its deadline; the work itself may go on."""
    error = DeadlineExceeded(f"{what} was not finished in time; its last state: {last_state}", site=site, verb=verb, fix="look at it in Prism, then run again")
    error.outcome_unknown = True
    return error


def _uri(namespace: str, minor: Minor, path: str) -> str:
    return f"/api/{namespace}/v{minor[0]}.{minor[1]}/{path}"
