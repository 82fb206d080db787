# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which code serves which operation of the contract. Knows operation ids; the namespaces fill it at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prismsim.contract import Catalog, Operation
from prismsim.objects import Record
from prismsim.site import Site


@dataclass
class Call:
    """One request, routed and parsed. ``body`` is parsed JSON, raw bytes for an octet stream, or None."""

    site: Site
    operation: Operation
    catalog: Catalog
    path: str
    params: dict[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    #: Set by a fault: the If-Match of this call counts as stale.
    stale: bool = False
    #: Set by a fault: the list that this call reads looks empty.
    empty: bool = False


@dataclass
class Answer:
    """What a handler says. ``items`` (encoded objects) makes a list; ``item`` one object; neither means no content."""

    status: int = 200
    item: bytes | None = None
    items: list[bytes] | None = None
    model: str = ""
    total: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


#: What a write will do, as JSON: the task that performs it may outlive the process.
Work = dict[str, Any]


@dataclass
class Outcome:
    """What a write did: entities for the task, completion details, and the record (for calls that answer at once)."""

    entities: list[dict[str, str]] = field(default_factory=list)
    details: list[tuple[str, Any]] = field(default_factory=list)
    record: Record | None = None
    #: The work is not done yet and goes on at this moment (seconds since the epoch).
    again: float | None = None


@dataclass(frozen=True)
class Write:
    """A mutation in two steps: ``accept`` checks the request (ApiError), ``perform`` does it (Refusal).

    ``reply`` makes the answer of a synchronous call from the outcome; without it the call is a task named ``title``.
    """

    title: str
    accept: Callable[[Call], Work]
    perform: Callable[[Site, Work], Outcome]
    reply: Callable[[Call, Outcome], Answer] | None = None
    #: Makes the task of the call, given the work and what a fault decided about it; without it a plain one is made.
    begin: Callable[[Site, Work, str | None], dict[str, Any]] | None = None


READS: dict[tuple[str, str], Callable[[Call], Answer]] = {}
WRITES: dict[tuple[str, str], Write] = {}
