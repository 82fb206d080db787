# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One cluster's Prism Element as the layers above see it, over v1 and v2.0 (contract/element section 1); knows no kinds of objects."""

from __future__ import annotations

import random as randomlib
import time
import typing as t
from email.utils import mktime_tz, parsedate_tz
from urllib.parse import quote

from .._errors import ConnectionFailed, DrError, NotFound, ServerError
from .._net.retry import DEFAULT_POLICY, Retry, RetryPolicy
from .._net.session import Endpoint, HttpSession
from .element_answers import answer_of, objects_of, unwrapped, whole_list

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .._net.session import Response
    from .listing import Object

#: v1 writes what the pages of Prism write, and has progress monitors; only v2.0 has networks, volume groups and the power of VMs.
V1, V2 = "v1", "v2.0"
_BASE = "/PrismGateway/services/rest"
#: A broken rule comes as 500, as does an unknown name: it is an answer, and asking again does not change it.
_ANSWERS = frozenset({500})
_REPEATABLE = frozenset({"GET", "DELETE"})

Path = t.Union[str, "tuple[str, ...]"]


class Element:
    """One cluster, called directly or, with ``cluster_uuid``, through the Prism Central that it is registered with.

    Safe to share between threads. A path is a text ("remote_sites") or a tuple whose parts may hold any character
    (("remote_sites", name)). Every method raises ``DrError`` only; ``CANNOT_TELL`` from all of them. There are no ETags, no request ids
    and no tasks: reads and deletes are tried again, other writes are sent once. After a write that failed read the object again, whatever
    ``outcome_unknown`` says: the statuses of refusals differ between releases.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        cluster_uuid: str = "",
        policy: RetryPolicy = DEFAULT_POLICY,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = randomlib.random,
    ) -> None:
        self.site = endpoint.label
        #: For those who wait for the cluster.
        self.sleep, self.clock = sleep, clock
        self._ahead = 0.0
        self._through = {"proxyClusterUuid": cluster_uuid} if cluster_uuid else {}
        self._session = HttpSession(endpoint, clock=clock)
        self._retry = Retry(self._session, policy._replace(final=_ANSWERS), sleep=sleep, clock=clock, random=random)

    def now_usecs(self) -> int:
        """The time as the last answer told it, microseconds since the epoch; that of this machine before the first one. A Prism Central
        in between tells its own, which is near enough for ages of copies."""
        return int((time.time() + self._ahead) * 1_000_000)

    def close(self) -> None:
        self._session.close()

    def list(self, path: Path, query: Mapping[str, str] | None = None, *, version: str = V1) -> list[Object]:
        """All objects of a list, whether it comes as a bare array or as a collection; only so many if the query has a ``count``.
        Raises ``ServerError`` for one that is not whole."""
        try:
            if query and "count" in query:
                return objects_of(self._read(path, query, version), _written(path))
            return whole_list(lambda paging: self._read(path, {**(query or {}), **paging}, version), _written(path))
        except DrError as error:
            raise error.about(site=self.site, verb="list") from error.__cause__

    def get(self, path: Path, query: Mapping[str, str] | None = None, *, version: str = V1) -> Object:
        """One object. An unknown name may answer ``NotFound`` or ``ServerError``: where it matters whether there is one, list them."""
        try:
            found = self._read(path, query or {}, version)
        except DrError as error:
            raise error.about(site=self.site, verb="read") from error.__cause__
        if not isinstance(found, dict):
            raise ServerError(f"{_written(path)} came without an object", site=self.site, verb="read", fix="try again")
        return found

    def clock_ahead(self) -> float:
        """Seconds by which the clock of the cluster is ahead of this host's; whole seconds, as its answers tell the time.
        Raises ``ServerError`` where they don't tell it, or where a Prism Central stands between and tells its own."""
        if self._through:
            raise ServerError("Prism Central tells its own time, not that of the cluster", site=self.site, fix="ask the Prism Element of the cluster")
        before = time.time()
        response = self._send("GET", "cluster", None, {}, V1)
        answer_of(response)
        moment = parsedate_tz(response.headers.get("Date") or "")
        if moment is None:
            raise ServerError("the answer tells no time", site=self.site, fix="compare the clocks by hand")
        return mktime_tz(moment) - (before + time.time()) / 2

    def create(self, path: Path, body: t.Any, *, version: str = V1) -> t.Any:
        """POST to a collection; what the site shows of the new object."""
        return self._write("POST", path, body, {}, "create", version)

    def update(self, path: Path, body: t.Any, *, version: str = V1) -> t.Any:
        """PUT: replaces the whole object, which the body names."""
        return self._write("PUT", path, body, {}, "update", version)

    def delete(self, path: Path, query: Mapping[str, str] | None = None, *, version: str = V1) -> t.Any:
        """DELETE; of remote sites and protection domains it only marks, they vanish later. Nothing is raised for what was there and is gone."""
        return self._write("DELETE", path, None, query or {}, "delete", version)

    def act(self, path: Path, body: t.Any = None, query: Mapping[str, str] | None = None, *, version: str = V1) -> t.Any:
        """POST of a verb, which the last part of the path names; its answer, ``{"value": X}`` as X and a collection as a list."""
        return self._write("POST", path, {} if body is None else body, query or {}, _written(path).rpartition("/")[2], version)

    def _read(self, path: Path, query: Mapping[str, str], version: str) -> t.Any:
        return answer_of(self._send("GET", path, None, query, version))

    def _write(self, method: str, path: Path, body: t.Any, query: Mapping[str, str], verb: str, version: str) -> t.Any:
        lost = False
        try:
            response = self._send(method, path, body, query, version)
            lost = response.lost
            return unwrapped(answer_of(response), response)
        except DrError as error:
            if method == "DELETE" and lost and isinstance(error, NotFound):
                return None  # the try whose answer was lost has deleted it
            sent = isinstance(error, ServerError) or (isinstance(error, ConnectionFailed) and error.sent)
            error.outcome_unknown = error.outcome_unknown or lost or sent
            raise error.about(site=self.site, verb=verb) from error.__cause__

    def _send(self, method: str, path: Path, body: t.Any, query: Mapping[str, str], version: str) -> Response:
        url = f"{_BASE}/{version}/{_written(path)}"

        def attempt(limit: float) -> Response:
            response = self._session.request(method, url, params={**query, **self._through}, json=body, deadline=limit)
            self._hear(response.headers.get("Date") or "")
            if response.status < 300 and response.body:
                response.json()  # A broken body is a broken exchange: found here, a call that may be repeated is.
            return response

        return self._retry.run(attempt, repeatable=method in _REPEATABLE)

    def _hear(self, date: str) -> None:
        moment = parsedate_tz(date)
        if moment is not None:
            self._ahead = mktime_tz(moment) - time.time()


def _written(path: Path) -> str:
    return path if isinstance(path, str) else "/".join(quote(part, safe="") for part in path)
