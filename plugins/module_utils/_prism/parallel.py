# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one function over many items in a bounded number of threads; knows nothing of what it runs."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = t.TypeVar("Item")
Result = t.TypeVar("Result")


def in_threads(work: Callable[[Item], Result], items: Sequence[Item], *, threads: int) -> list[Result]:
    """``work`` of each item, in the order of the items. The first exception ends it: what has not begun is not begun."""
    if len(items) <= 1 or threads <= 1:
        return [work(item) for item in items]
    # Imported here: most runs of a single module never need it, and it costs milliseconds.
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(max_workers=min(threads, len(items)))
    try:
        return list(pool.map(work, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
