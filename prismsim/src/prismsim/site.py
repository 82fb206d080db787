# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Prism Central at rest: its objects, its tasks and its settings. Knows no HTTP and no rule about any kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from prismsim.clock import Clock, timestamp
from prismsim.contract import newest_minor
from prismsim.objects import Document, Objects, Record
from prismsim.profile import Profile
from prismsim.store import Store
from prismsim.switches import Switches

if TYPE_CHECKING:
    from prismsim.element.outages import Outages
    from prismsim.tasks import Tasks

#: The user that creates everything: the built-in admin.
ADMIN = "00000000-0000-0000-0000-000000000000"


@dataclass
class Site:
    """A Prism Central."""

    id: str
    name: str
    release: str
    username: str
    password: str
    api_keys: tuple[str, ...]
    flex_mode: bool
    domain_manager_id: str
    store: Store
    clock: Clock
    profile: Profile
    switches: Switches
    objects: Objects = field(init=False)
    #: The task table; the engine makes it, because performing a task needs all namespaces.
    tasks: Tasks = field(init=False, repr=False)
    #: The other Prism Centrals of the world by their domain manager id.
    peers: dict[str, Site] = field(default_factory=dict)
    url: str = ""
    #: False while the site is down.
    answers: bool = True
    #: What is down and cut in the world; the world makes it.
    outages: Outages = field(init=False, repr=False)
    #: Told of each object of a kind before it is written.
    before: dict[str, Callable[[Site, Document], None]] = field(default_factory=dict, repr=False)
    #: When the world began, in seconds since the epoch.
    born: float = 0.0

    def __post_init__(self) -> None:
        self.objects = Objects(self.id, self.store)

    def minor(self, namespace: str) -> int:
        """The newest minor of a namespace here."""
        return newest_minor(self.release, namespace)

    def now(self) -> str:
        """The simulated time as the API writes it."""
        return timestamp(self.clock.now())

    def put(self, kind: str, document: Document) -> Record:
        """Create or replace an object (see ``Objects.put``)."""
        if kind in self.before:
            self.before[kind](self, document)
        return self.objects.put(kind, document, self.next_number("order"))

    def next_number(self, what: str) -> int:
        """A number that grows with each call and survives a restart."""
        number = int(self.store.get("counter", self.id, what) or 0) + 1
        self.store.put("counter", self.id, what, number)
        return number

    def remember(self, key: str, value: Any) -> None:
        """Keep a small fact about this site across restarts."""
        self.store.put("fact", self.id, key, value)

    def recall(self, key: str) -> Any:
        """A fact kept by ``remember``, or None."""
        return self.store.get("fact", self.id, key)
