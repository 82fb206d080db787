# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The graph of tiers: who may talk to whom after the move, what was opened and closed marked; as DOT, and drawn as SVG. Knows the report.

The drawing is a circle: which tiers belong together, no program knows better than their names, and a circle shows every edge.
"""

from __future__ import annotations

import json
import math
import typing as t
from xml.sax.saxutils import escape, quoteattr

from .report import Report
from .report_matrix import kinds

_COLORS = {"opened": "#a3201d", "closed": "#c9a227", "monitored_only": "#35618e", "": "#9aa4ad"}
_WORDS = {"opened": "opened", "closed": "closed", "monitored_only": "differs if monitored policies are enforced", "": "as before"}
_FEW = 4
_MARGIN = 170.0


class Edge(t.NamedTuple):
    """``kind``: the worst difference on the way, empty if nothing differs."""

    source: str
    destination: str
    kind: str
    label: str
    title: str


def to_dot(report: Report) -> str:
    """For Graphviz. Without a proof the graph is empty."""
    lines = [f"digraph {_quoted(_title(report))} {{", '  graph [rankdir="LR"];', '  node [shape="box"];']
    tiers, edges = _graph(report)
    lines += [f"  {_quoted(name)};" for name in tiers]
    for edge in edges:
        attributes = {"label": edge.label, "tooltip": edge.title, "color": _COLORS[edge.kind], **({"penwidth": "2"} if edge.kind else {})}
        told = ", ".join(f"{name}={_quoted(value)}" for name, value in attributes.items())
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.destination)} [{told}];")
    return "\n".join([*lines, "}"]) + "\n"


def to_svg(report: Report) -> str:
    """A drawing that needs nothing else; pointing at an edge tells its services."""
    tiers, edges = _graph(report)
    radius = max(120.0, 14.0 * len(tiers))
    size = 2 * (radius + _MARGIN)
    at = {name: _on_circle(number, len(tiers), radius, size / 2) for number, name in enumerate(tiers)}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size:.0f} {size + 30:.0f}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(_title(report))}</title>",
        f'<rect width="{size:.0f}" height="{size + 30:.0f}" fill="#ffffff"/>',
        *(_marker(kind) for kind in _COLORS),
    ]
    # What differs is drawn last, on top.
    for edge in sorted(edges, key=lambda edge: bool(edge.kind)):
        lines.append(_drawn(edge, at))
    for number, name in enumerate(tiers):
        lines += _node(name, number, len(tiers), at[name], size / 2)
    for number, kind in enumerate(_COLORS):
        x = 10 + number * size / 4.2
        lines.append(f'<text x="{x:.0f}" y="{size + 18:.0f}" fill="{_COLORS[kind]}">{escape(_WORDS[kind])}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _graph(report: Report) -> tuple[list[str], list[Edge]]:
    """The tiers and edges of the last proof."""
    matrix = next((proof["matrix"] for proof in reversed(report["segmentation"]) if proof["matrix"]), None)
    edges = [_edge(way) for way in (matrix or {}).get("ways") or ()]
    ends = {name for edge in edges for name in (edge.source, edge.destination)}
    return [tier["name"] for tier in (matrix or {}).get("tiers") or () if tier["name"] in ends], edges


def _edge(way: Report) -> Edge:
    services = way["after"] or way["before"]
    label = ", ".join(services[:_FEW]) + (f" +{len(services) - _FEW}" if len(services) > _FEW else "")
    before, after = (", ".join(way[when]) or "nothing" for when in ("before", "after"))
    kind = (kinds(way) or [""])[0]
    told = after if before == after else f"before {before}; after {after}"
    return Edge(way["from"], way["to"], kind, label, f"{way['from']} to {way['to']}, {_WORDS[kind]}: {told}")


def _title(report: Report) -> str:
    return f"{report['run'].get('title') or 'Run'} {report['run_id']}: who may talk to whom"


def _on_circle(number: int, count: int, radius: float, middle: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(count, 1) - math.pi / 2
    return middle + radius * math.cos(angle), middle + radius * math.sin(angle)


def _marker(kind: str) -> str:
    return (
        f'<marker id="end-{kind or "same"}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{_COLORS[kind]}"/></marker>'
    )


def _drawn(edge: Edge, at: t.Mapping[str, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = at[edge.source], at[edge.destination]
    style = f'fill="none" stroke="{_COLORS[edge.kind]}" stroke-width="{2.5 if edge.kind else 1}" marker-end="url(#end-{edge.kind or "same"})"'
    if edge.source == edge.destination:
        path = f"M{x1 - 5:.1f} {y1:.1f}C{x1 - 32:.1f} {y1 - 36:.1f} {x1 + 32:.1f} {y1 - 36:.1f} {x1 + 5:.1f} {y1 - 4:.1f}"
    else:
        # Bent to one side, so that the way back is another line.
        length = math.hypot(x2 - x1, y2 - y1)
        bend_x, bend_y = (x1 + x2) / 2 + (y2 - y1) / length * 18, (y1 + y2) / 2 - (x2 - x1) / length * 18
        path = f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {x2 - (x2 - bend_x) * 0.04:.1f} {y2 - (y2 - bend_y) * 0.04:.1f}"
    return f"<path d={quoteattr(path)} {style}><title>{escape(edge.title)}</title></path>"


def _node(name: str, number: int, count: int, place: tuple[float, float], middle: float) -> list[str]:
    """A point with its name outside of the circle."""
    x, y = place
    away_x, away_y = _on_circle(number, count, 14.0, 0.0)
    anchor = "middle" if abs(x - middle) < 10 else "start" if x > middle else "end"
    drop = 4.0 if anchor != "middle" else 16.0 if y > middle else -22.0
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#1c2126"/>',
        f'<text x="{x + away_x:.1f}" y="{y + away_y / 2 + drop:.1f}" text-anchor="{anchor}" fill="#1c2126">{escape(name)}</text>',
    ]
