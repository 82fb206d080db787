# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pause of Python's cycle collector while very many small objects are made. Knows nothing of what they are."""

from __future__ import annotations

import contextlib
import gc
import typing as t


@contextlib.contextmanager
def collector_paused() -> t.Iterator[None]:
    """None of what the engine builds is a cycle, but the collector walks through all of it again and again: on large sites that
    takes more than half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # what was made is old at once: no walk through all of it when the pause ends
            gc.unfreeze()
            gc.enable()
