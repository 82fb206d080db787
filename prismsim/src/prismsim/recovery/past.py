# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM was like at an earlier moment, which is what its recovery points hold. Remembers changes, not points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prismsim.objects import Document, Record
from prismsim.site import Site

_TOPIC = "past"
#: How many earlier states of a VM are remembered.
_LENGTH = 50
#: What changes without the VM being another one.
_PASSING = frozenset({"updateTime"})


def note(site: Site, document: Document) -> None:
    """Remember what a VM was, before it is written anew."""
    old, now = site.objects.find("vm", document["extId"]), site.clock.now()
    if old is None:
        site.store.put(_TOPIC, site.id, document["extId"], {"appeared": now, "states": []})
        return
    if _lasting(old.document) != _lasting(document):
        row = _row(site, old)
        states = [*row["states"], [now, old.document]][-_LENGTH:]
        site.store.put(_TOPIC, site.id, old.id, {**row, "states": states})


def at(site: Site, vm: Record, moment: float) -> Document:
    """What the VM was at a moment (seconds since the epoch)."""
    for until, document in _row(site, vm)["states"]:
        if moment < until:
            found: Document = document
            return found
    return vm.document


def since(site: Site, vm: Record, holds: Callable[[Document], bool]) -> float:
    """Since when something has held for a VM for which it holds now."""
    row = _row(site, vm)
    for until, document in reversed(row["states"]):
        if not holds(document):
            return float(until)
    return float(row["appeared"])


def _row(site: Site, vm: Record) -> dict[str, Any]:
    row: dict[str, Any] | None = site.store.get(_TOPIC, site.id, vm.id)
    return row or {"appeared": site.born, "states": []}


def _lasting(document: Document) -> Document:
    return {key: value for key, value in document.items() if key not in _PASSING}
