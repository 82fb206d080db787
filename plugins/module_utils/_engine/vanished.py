# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An empty listing may only be a missing permission: refuses to conclude from it that objects are gone. Pure."""

from __future__ import annotations

import typing as t

from .._errors import SafetyLimit

#: One object of a kind may well have been the last; several that go at once are suspicious.
_SEVERAL = 2


def check_shows_something(held: t.Mapping[str, t.Sized], *, verb: str, site: str) -> None:
    """Every Prism Central has system-defined objects: one that shows nothing at all hides it. Raises SafetyLimit."""
    if not any(map(len, held.values())):
        raise SafetyLimit(
            "the site shows no objects of any kind, not even those that every Prism Central brings along",
            verb=verb,
            site=site,
            fix="Check what the user may list there",
        )


def check_not_vanished(before: t.Mapping[str, t.Sized], now: t.Mapping[str, t.Sized], *, verb: str, site: str, otherwise: str) -> None:
    """A kind of which there were several ``before`` and none are shown ``now`` is doubted. Raises SafetyLimit that names each.

    ``otherwise`` says what to do if they are really gone.
    """
    doubtful = [f"{len(items)} {kind.replace('_', ' ')}" for kind, items in sorted(before.items()) if len(items) >= _SEVERAL and not now.get(kind)]
    if doubtful:
        raise SafetyLimit(
            f"the baseline had {', '.join(doubtful)} objects, the site shows none of them",
            verb=verb,
            kind="baseline",
            site=site,
            fix=f"Check what the user may list there; {otherwise}",
        )
