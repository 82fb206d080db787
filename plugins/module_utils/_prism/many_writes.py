# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides how many writes of one kind are made: in batches where the site serves them, singly where it does not; reads no outcomes itself."""

from __future__ import annotations

import copy
import typing as t
from urllib.parse import quote

from .._errors import DrError, Forbidden, NotFound, Refused, ServerError
from .batch import LARGEST_BATCH, ItemOutcome, target_of
from .parallel import in_threads
from .request_ids import request_id as derive

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from .batch import Action, Batches, BatchItem, Target
    from .writes import Writes

#: Single writes at a time; the rate limits allow hardly more.
_THREADS = 8
#: The status for a body that is more than the server takes; how much it takes is not published.
_TOO_LARGE = 413


class ManyWrites:
    """Remembers for one Prism Central whether it serves batches, and how large they may be."""

    #: Whether batches are served, as far as is known; at first they are believed to be.
    served = True

    def __init__(self, writes: Writes, batches: Batches) -> None:
        self._writes = writes
        self._batches = batches
        self._largest = LARGEST_BATCH

    def write(self, action: Action, uri_template: str, object_type: str, items: Sequence[BatchItem], *, name: str, request_id: str) -> list[ItemOutcome]:
        """The outcome of each item, in the order of the items. Raises ``DrError`` only when the version cannot be negotiated."""
        target = target_of(uri_template)
        if not self.served or len(items) < 2:
            return self._singly(action, target, items)
        # All batches are begun before the first is waited for: they run side by side.
        begun: list[tuple[Sequence[BatchItem], str | list[ItemOutcome]]] = []
        start = 0
        while start < len(items):
            chunk = items[start : start + self._largest]
            try:
                # Where a chunk begins and ends is part of its id: the same id must never stand for other items.
                own_id = derive(request_id, str(start), str(len(chunk)))
                begun.append((chunk, self._batches.submit(action, uri_template, object_type, chunk, name=name, request_id=own_id)))
            except Refused as error:
                if error.status == _TOO_LARGE and len(chunk) > 1:
                    self._largest = min(self._largest, len(chunk) // 2)
                    continue
                begun.append((chunk, self._not_accepted(error, action, target, chunk)))
            except DrError as error:
                begun.append((chunk, self._not_accepted(error, action, target, chunk)))
            start += len(chunk)

        def told(batch: tuple[Sequence[BatchItem], str | list[ItemOutcome]]) -> list[ItemOutcome]:
            chunk, result = batch
            return self._batch_outcomes(result, action, target, chunk) if isinstance(result, str) else result

        return [outcome for outcomes in in_threads(told, begun, threads=_THREADS) for outcome in outcomes]

    def _batch_outcomes(self, task_id: str, action: Action, target: Target, items: Sequence[BatchItem]) -> list[ItemOutcome]:
        """Those of a batch; an item that failed for a reason which is not told is written singly, which tells it."""
        told = self._batches.outcomes(task_id, action, target, items)
        again = iter(self._singly(action, target, [item for item, outcome in zip(items, told, strict=True) if outcome is None]))
        return [next(again) if outcome is None else outcome for outcome in told]

    def _not_accepted(self, error: DrError, action: Action, target: Target, items: Sequence[BatchItem]) -> list[ItemOutcome]:
        """After a batch that was not accepted: single writes where these can help or tell more, else its error for each item."""
        not_served = isinstance(error, NotFound) or (isinstance(error, ServerError) and error.status in (404, 501, 503))
        self.served = self.served and not not_served
        in_doubt = error.outcome_unknown and not not_served
        if not_served or (isinstance(error, (Refused, Forbidden)) and not in_doubt):
            return self._singly(action, target, items)
        # Copies: the caller adds a name to each.
        return [ItemOutcome(item.key, item.ext_id, copy.copy(error)) for item in items]

    def _singly(self, action: Action, target: Target, items: Sequence[BatchItem]) -> list[ItemOutcome]:
        def one(item: BatchItem) -> ItemOutcome:
            try:
                return ItemOutcome(item.key, self._one(action, target, item))
            except DrError as error:
                return ItemOutcome(item.key, item.ext_id, error)

        return in_threads(one, items, threads=_THREADS)

    def _one(self, action: Action, target: Target, item: BatchItem) -> str | None:
        """Write one item; the id of its object."""
        writes, (namespace, path, name), body = self._writes, target, item.body or {}
        if action == "CREATE":
            return writes.create(namespace, path, body, request_id=item.request_id).ext_id
        if item.ext_id is None:
            raise ValueError(f"{action} of '{item.key}' without ext_id")
        if action == "MODIFY":
            writes.update(namespace, path, item.ext_id, body, etag=item.etag, request_id=item.request_id)
        elif action == "DELETE":
            writes.delete(namespace, path, item.ext_id, etag=item.etag, request_id=item.request_id)
        else:
            writes.act(namespace, f"{path}/{quote(item.ext_id, safe='')}", name, item.body, etag=item.etag, request_id=item.request_id)
        return item.ext_id
