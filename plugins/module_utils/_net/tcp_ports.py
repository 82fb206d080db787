# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries whether a TCP port answers, as seen from this host, and closes it again; sends nothing and knows no protocol."""

from __future__ import annotations

import socket
import typing as t
from concurrent.futures import ThreadPoolExecutor

#: Tries at a time; each waits for the network, none works.
_THREADS = 32

OPEN, REFUSED, TIMEOUT, UNREACHABLE = "open", "refused", "timeout", "unreachable"


def try_ports(targets: t.Sequence[tuple[str, int]], *, timeout: float) -> list[str]:
    """``open``, ``refused``, ``timeout`` or ``unreachable`` for each (address, port), in order. ``timeout`` in seconds for each."""
    if not targets:
        return []
    with ThreadPoolExecutor(max_workers=min(_THREADS, len(targets))) as pool:
        return list(pool.map(lambda target: _try(target, timeout), targets))


def _try(target: tuple[str, int], timeout: float) -> str:
    try:
        with socket.create_connection(target, timeout=timeout):
            return OPEN
    except ConnectionRefusedError:
        return REFUSED
    except TimeoutError:
        return TIMEOUT
    except OSError:
        return UNREACHABLE
