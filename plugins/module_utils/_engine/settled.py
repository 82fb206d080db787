# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a site until it holds still, so that what is kept of it is of one moment. Reads, never writes."""

from __future__ import annotations

import typing as t

from .._errors import Conflict

if t.TYPE_CHECKING:
    from .site import Site

# Readings of a site that keeps changing before we give up.
_READINGS = 4


def wait_until_settled(site: Site, kinds: t.Sequence[str]) -> None:
    """Read these kinds until two readings in a row agree, so that no object is half of before and half of after.

    Raises Conflict if the site doesn't hold still.
    """
    site.load(kinds)
    before = _snapshot(site, kinds)
    for _reading in range(_READINGS - 1):
        site.forget(kinds)
        site.load(kinds)
        after = _snapshot(site, kinds)
        if after == before:
            return
        before = after
    raise Conflict(f"objects changed during each of {_READINGS} readings", verb="read", site=site.label, fix="Run again when nobody is editing policies")


def _snapshot(site: Site, kinds: t.Iterable[str]) -> dict[str, t.Any]:
    return {
        kind: (
            sorted(site.held(kind), key=lambda held: held.ext_id),
            sorted((item.ext_id, str(item.error)) for item in site.unreadable(kind)),
        )
        for kind in kinds
    }
