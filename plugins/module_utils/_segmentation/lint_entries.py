# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about entries: those that never decide, that the other end never lets pass, or that only one end allows."""

from __future__ import annotations

import typing as t

from .reach import Fate, Reach
from .site_facts import NOTE, WARNING, Fact, listed
from .wording import level_words

_IMPLICIT = (3, 7, 12)
"""Levels of what no entry allows."""


def shadowed(reach: Reach) -> t.Iterator[Fact]:
    """Entries in whose place others always decide."""
    for fate in reach.fates:
        if fate.regions or not fate.peers:
            continue
        others = sorted({_called(reach, policy, where) for policy, where in fate.before})
        contrary = any(line.allow != fate.allow for line in fate.before.values())
        effect = "never decides" if contrary else "adds nothing"
        severity = WARNING if contrary else NOTE
        yield _fact(reach, fate, "shadowed", severity, f"{effect}: {listed(others)} always decides before", "remove it, or narrow what comes before")


def selects_nobody(reach: Reach) -> t.Iterator[Fact]:
    """Entries without anybody at the other end."""
    for fate in reach.fates:
        if not fate.peers and "flex" not in fate.where:
            yield _fact(reach, fate, "selects_nobody", NOTE, "nobody is at its other end, or it has no service", "remove it, or correct its peer")


def unreachable(reach: Reach) -> t.Iterator[Fact]:
    """Entries that allow what the other end denies to all, by something stronger than its implicit deny."""
    for fate, closed in _never_passing(reach):
        if not _one_sided(closed):
            reasons = sorted({f"{one.policy} ({level_words(one)})" for _peers, blocked in closed for one in blocked if one.action != "allow"})
            problem = f"nothing passes by it: {listed(reasons)} denies it at the other end"
            yield _fact(reach, fate, "unreachable", WARNING, problem, "remove it, or allow it there")


def one_sided(reach: Reach) -> t.Iterator[Fact]:
    """Entries without a counterpart at the other end, which is secured and lets in only what is listed."""
    for fate in reach.fates:
        if not fate.allow or not fate.regions or _anybody(reach, fate):
            continue
        closed = [answer for family, region in fate.regions for answer in reach.closed(family, region)]
        implicit = [(peers, blocked) for peers, blocked in closed if _one_sided([(peers, blocked)])]
        if implicit:
            bits = 0
            for peers, _blocked in implicit:
                bits |= peers
            policies = sorted({one.policy for _peers, blocked in implicit for one in blocked if one.action != "allow"})
            side = "inbound" if ".outbound" in fate.where else "outbound"
            problem = f"has no {side} counterpart for {listed(sorted(set(reach.vms(bits))))}, so {listed(policies)} denies it there"
            yield _fact(reach, fate, "one_sided", WARNING, problem, f"add the {side} entry there, or remove this one")


ENTRY_FINDINGS: tuple[tuple[str, t.Callable[[Reach], t.Iterable[Fact]]], ...] = (
    ("shadowed", shadowed),
    ("selects_nobody", selects_nobody),
    ("unreachable", unreachable),
    ("one_sided", one_sided),
)


def _never_passing(reach: Reach) -> t.Iterator[tuple[Fate, list[t.Any]]]:
    for fate in reach.fates:
        if fate.allow and fate.regions and not any(reach.passes(family, region) for family, region in fate.regions):
            closed = [answer for family, region in fate.regions for answer in reach.closed(family, region)]
            if closed:
                yield fate, closed


def _one_sided(closed: t.Iterable[t.Any]) -> bool:
    denials = [one for _peers, blocked in closed for one in blocked if one.action != "allow"]
    return bool(denials) and all(one.level in _IMPLICIT for one in denials)


def _anybody(reach: Reach, fate: Fate) -> bool:
    """Whether an entry is for everybody or for addresses: nobody expects a counterpart at each of them."""
    text = reach.names.words(fate.policy, fate.where)
    return not any(word in text for word in ("/", "group")) or any(region[1] & reach.free & ~reach.classes.nics for _family, region in fate.regions)


def _fact(reach: Reach, fate: Fate, code: str, severity: str, problem: str, fix: str) -> Fact:
    return Fact(code, severity, f"security rule {_called(reach, fate.policy, fate.where)}", problem, fix)


def _called(reach: Reach, policy: str, where: str) -> str:
    words = reach.names.words(policy, where)
    return f"{policy} {where}{f' ({words})' if words else ''}"
