# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which entries of the rules of a site a hit log shows at work, and which it doesn't. Knows rules and counts, no line. Pure."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .._segmentation.stage import Decider

SEEN_ALLOWED, SEEN_DENIED, SEEN_MONITORED = "allowed", "denied", "monitored"
NEVER, NOT_LOGGED = "never", "not_logged"


class RuleEvidence:
    """One entry, or the place of a rule that decides about everything its entries don't name. ``lines`` by what they saw."""

    def __init__(self, policy: str, entry: str, mode: str, logged: bool) -> None:
        self.policy, self.entry, self.mode, self.logged = policy, entry, mode, logged
        self.lines = {SEEN_ALLOWED: 0, SEEN_DENIED: 0, SEEN_MONITORED: 0}

    @property
    def seen(self) -> str:
        """How it was seen at work: allowed, denied and monitored, joined by +; never; or not_logged where there could be no line."""
        return "+".join(word for word, lines in self.lines.items() if lines) or (NEVER if self.logged else NOT_LOGGED)


class Exercised:
    """All entries of a site, and how often each was seen at work."""

    def __init__(self, rules: t.Iterable[Canonical]) -> None:
        self._entries: dict[tuple[str, str], RuleEvidence] = {}
        for rule in sorted(rules, key=lambda rule: str(rule["name"])):
            if rule.get("mode") not in ("monitor", "enforce"):
                continue
            for where, entry in _places(rule):
                logged = bool(rule.get("hit_log") or (isinstance(entry, dict) and entry.get("log")))
                key = str(rule["name"]), where
                self._entries[key] = RuleEvidence(*key, str(rule["mode"]), logged)

    def count(self, deciders: t.Iterable[Decider], word: str, lines: int) -> None:
        for one in deciders:
            self._entries[one.policy, one.where].lines[word] += lines

    def all(self) -> list[RuleEvidence]:
        """By policy, in the order of the rule."""
        return list(self._entries.values())


def _places(rule: Canonical) -> t.Iterator[tuple[str, t.Any]]:
    for index, group in enumerate(rule.get("groups", [])):
        where = f"groups[{index}]"
        for part in ("inbound", "outbound", "bidirectional"):
            for number, entry in enumerate(group.get(part, [])):
                yield f"{where}.{part}[{number}]", entry
        intra = group.get("intra")
        if intra:
            yield f"{where}.intra", {"log": any(isinstance(one, dict) and one.get("log") for one in (intra if isinstance(intra, list) else [intra]))}
        if rule.get("allow_ipv6"):
            yield f"{where}.allow_ipv6", None
        yield where, None
    for part in ("isolations", "flex_rules"):
        for index, entry in enumerate(rule.get(part, [])):
            yield f"{part}[{index}]", entry
