# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of a difference by the policy that denies on one side: one mistake often shows in hundreds of groups. Decides nothing."""

from __future__ import annotations

import typing as t

from .difference import CLOSED, KINDS, OPENED, FlowGroup


class Cause(t.NamedTuple):
    """``policy`` denies on one side what passes on the other; ``groups`` of flows differ by it, ``example`` is the first."""

    kind: str
    policy: str
    groups: int
    example: FlowGroup


def causes(groups: t.Iterable[FlowGroup]) -> list[Cause]:
    """The worst kind first, and in it the policy with the most groups."""
    found: dict[tuple[str, str], list[FlowGroup]] = {}
    for group in groups:
        found.setdefault((group.kind, _denier(group)), []).append(group)
    told = [Cause(kind, policy, len(members), members[0]) for (kind, policy), members in found.items()]
    return sorted(told, key=lambda cause: (KINDS.index(cause.kind), -cause.groups, cause.policy))


def _denier(group: FlowGroup) -> str:
    sides = {OPENED: (group.left,), CLOSED: (group.right,)}.get(group.kind, (group.left, group.right))
    return next((one.policy for side in sides for one in side if one.action != "allow"), "")
