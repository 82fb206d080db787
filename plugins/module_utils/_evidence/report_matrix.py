# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix of tiers of a proof as a table of cells with short texts. Knows the shape of the matrix; draws nothing."""

from __future__ import annotations

import typing as t

_FEW = 3
_KINDS = ("opened", "closed", "monitored_only")


class Cell(t.NamedTuple):
    """``kind``: same, empty, or the worst difference. ``before``: what is gone, only where something differs; ``title``: all of it."""

    kind: str
    before: str
    after: str
    title: str


def grid(matrix: t.Mapping[str, t.Any] | None) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """The names of the tiers, and for each its name and a cell per tier. Tiers that nobody talks with are left out."""
    ways = {(way["from"], way["to"]): way for way in (matrix or {}).get("ways") or ()}
    tiers = [tier["name"] for tier in (matrix or {}).get("tiers") or () if any(tier["name"] in names for names in ways)]
    return tiers, [(name, [_cell(ways.get((name, other))) for other in tiers]) for name in tiers]


def kinds(way: t.Mapping[str, t.Any]) -> list[str]:
    """The kinds of difference on a way, the worst first, over whichever IP."""
    return [kind for kind in _KINDS if kind in way["differs"] or kind in way["differs_ipv6"]]


def _cell(way: t.Mapping[str, t.Any] | None) -> Cell:
    if way is None:
        return Cell("empty", "", "", "")
    about = f"{way['from']} to {way['to']}"
    after = _short(way["after"], way["part"])
    if not kinds(way):
        return Cell("same", "", after, f"{about}: {', '.join(way['after'])}")
    only_ipv6 = "" if way["differs"] else " over IPv6"
    words = ", ".join(kinds(way)).replace("_", " ") + only_ipv6
    title = f"{about}: {words}; before {', '.join(way['before']) or 'nothing'}; after {', '.join(way['after']) or 'nothing'}"
    gone, new = ([one for one in own if one not in other] for own, other in ((way["before"], way["after"]), (way["after"], way["before"])))
    if not gone and not new:
        return Cell(kinds(way)[0], "", f"{after} ({words})".strip(), title)
    kept = len(way["after"]) - len(new)
    told = [_short(new, way["part"]), f"{kept} as before" if kept else ""] if way["after"] else ["nothing"]
    return Cell(kinds(way)[0], _short(gone, way["part"]) if way["before"] else "nothing", "; ".join(one for one in told if one), title)


def _short(services: t.Sequence[str], part: bool) -> str:
    more = f" +{len(services) - _FEW}" if len(services) > _FEW else ""
    return f"{'~' if part and services else ''}{', '.join(services[:_FEW])}{more}"
