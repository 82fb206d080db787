# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Prism Central as the layers above see it: list and get over API v4, and what writes there; knows no kinds of objects."""

from __future__ import annotations

import random as randomlib
import threading
import time
import typing as t

from .._net.retry import DEFAULT_POLICY, RetryPolicy
from .._net.session import Endpoint, HttpSession
from .calls import Calls
from .listing import LARGEST_PAGE, Object, read_all

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .._errors import DrError
    from .fetching import Fetched
    from .tasks import Task
    from .versions import Minor
    from .writes import Writes


class CentralV4:
    """One Prism Central. Safe to share between threads. Paths are relative to the version ("config/policies").

    Times in seconds: ``task_timeout`` for one task, ``policy.total`` for one call with its retries.
    ``progress`` is called with a task whenever its state changed.
    Every method raises ``DrError`` only; ``CANNOT_TELL`` from all of them.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        task_timeout: float = 300.0,
        policy: RetryPolicy = DEFAULT_POLICY,
        known: Mapping[str, Minor] | None = None,
        progress: Callable[[Task], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = randomlib.random,
    ) -> None:
        self.site = endpoint.label
        self._session = HttpSession(endpoint, clock=clock)
        self._calls = Calls(self._session, sleep=sleep, clock=clock, random=random, policy=policy, known=known)
        self._progress = progress
        self._task_timeout = task_timeout
        self._sleep = sleep
        self._clock = clock
        self._writes: Writes | None = None
        self._making = threading.Lock()

    @property
    def writes(self) -> Writes:
        """What changes things at this Prism Central, and waits for its tasks."""
        with self._making:
            if self._writes is None:
                # Imported here: a run that finds nothing to change needs none of it.
                from .writes import Writes

                self._writes = Writes(self._calls, task_timeout=self._task_timeout, progress=self._progress, sleep=self._sleep, clock=self._clock)
            return self._writes

    def close(self) -> None:
        self._session.close()

    def minor(self, namespace: str) -> tuple[int, int]:
        """The API version spoken in a namespace: (4, 2)."""
        return self._calls.minor(namespace)

    def uri(self, namespace: str, path: str) -> str:
        """The path with its version, as a batch wants it: "/api/microseg/v4.2/config/policies"."""
        return self._calls.uri(namespace, path)

    def list(
        self,
        namespace: str,
        path: str,
        *,
        filter: str | None = None,
        select: str | None = None,
        limit: int | None = LARGEST_PAGE,
    ) -> Iterator[Object]:
        """All objects of a list; ``limit`` is the page size (``None`` for the few lists that have no pages).

        The list is read whole before the first object is given, so that one that moved meanwhile is read again.
        """
        given = {"$filter": filter, "$select": select}
        return iter(read_all(self._calls, namespace, path, {name: value for name, value in given.items() if value is not None}, limit=limit))

    def get(self, namespace: str, path: str, ext_id: str) -> Fetched:
        """One object with its ETag. Raises ``NotFound``."""
        # Imported here, as below: a run that finds nothing to change reads lists only.
        from .fetching import fetch

        return fetch(self._calls, namespace, path, ext_id)

    def get_many(self, namespace: str, path: str, ext_ids: Sequence[str]) -> dict[str, Fetched | DrError]:
        """Many objects with their ETags, several at a time; an error stands in the place of what could not be read."""
        from .fetching import fetch_many

        return fetch_many(self._calls, namespace, path, ext_ids)
