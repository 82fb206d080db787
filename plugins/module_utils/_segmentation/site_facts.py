# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two sites as the facts of a recovery see them, and what a fact is. Looks at nothing itself."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .members import Groups, Selection, Token, in_scope, interface, is_basic
from .rules import Objects

Vm = t.Mapping[str, t.Any]
PROBLEM, WARNING, NOTE = "problem", "warning", "note"
SEVERITIES = (NOTE, WARNING, PROBLEM)
_SHOWN = 5


class Fact(t.NamedTuple):
    """One thing that was found. ``code`` is a number of semantics section 12, or a word of the lint."""

    code: str
    severity: str
    subject: str
    problem: str
    fix: str


class Sites(t.NamedTuple):
    """Both sites in the words of the right-hand one. ``vms``: each compared VM on both. ``staying``: VMs of the left that are not on
    the right. ``lost_subnets``: subnets without a counterpart -> VMs. The last two are None if the right-hand site doesn't tell."""

    left: Objects
    right: Objects
    vms: t.Sequence[tuple[Vm, Vm]]
    staying: t.Sequence[Vm] = ()
    lost_subnets: t.Mapping[str, t.Sequence[str]] = {}
    categories: frozenset[str] | None = None
    network_functions: frozenset[str] | None = None


class Members:
    """Who is selected by the rules of one site among some VMs."""

    def __init__(self, objects: Objects, vms: t.Iterable[Vm]) -> None:
        self.groups = Groups(objects.entity_groups, objects.address_groups)
        self._nics = [(raw, interface(vm, raw)) for vm in vms for raw in vm.get("nics") or ()]
        self._by_token: dict[Token, set[int]] = {}
        for number, (_raw, nic) in enumerate(self._nics):
            for token in nic.tokens:
                self._by_token.setdefault(token, set()).add(number)

    def secured(self, rule: Canonical) -> int:
        """How many interfaces a rule secures."""
        scope, found = rule.get("scope", "vlans"), set()
        for selection in self.secured_groups(rule):
            for number in self._numbers(selection):
                raw = self._nics[number][0]
                if not is_basic(raw) and in_scope(scope, raw):
                    found.add(number)
        return len(found)

    def secured_groups(self, rule: Canonical) -> t.Iterator[Selection]:
        for selector in secured_selectors(rule):
            yield self.groups.selection(selector)
        for flex in rule.get("flex_rules", []):
            for name in flex.get("applied_to") or ():
                yield self.groups.entity_group(name)

    def selected(self, selection: Selection) -> list[str]:
        """Names of the VMs that a selection selects."""
        return sorted({self._nics[number][1].vm for number in self._numbers(selection)})

    def _numbers(self, selection: Selection) -> t.Iterator[int]:
        """The interfaces that a selection selects, found by one of the tokens that each must have."""
        if selection.names or selection.addresses:
            candidates: set[int] = set(range(len(self._nics)))
        else:
            candidates = set().union(*(min((self._by_token.get(token, set()) for token in tokens), key=len) for tokens in selection.all_of))
        for number in sorted(candidates):
            if selection.has(self._nics[number][1]):
                yield number


def active(rules: t.Iterable[Canonical]) -> list[Canonical]:
    return [rule for rule in rules if rule.get("mode") in ("monitor", "enforce")]


def secured_selectors(rule: Canonical) -> t.Iterator[t.Mapping[str, t.Any]]:
    """Everything a rule secures or isolates."""
    for group in rule.get("groups", []):
        yield group["secured"]
    for isolation in rule.get("isolations", []):
        yield from isolation["between"]


def peer_selectors(rule: Canonical) -> t.Iterator[t.Mapping[str, t.Any]]:
    """The other ends of all entries of a rule."""
    entries = [entry for group in rule.get("groups", []) for part in ("inbound", "outbound", "bidirectional") for entry in group.get(part, [])]
    for entry in (*entries, *rule.get("flex_rules", [])):
        for side in ("from", "to"):
            if isinstance(entry.get(side), dict):
                yield entry[side]


def listed(names: t.Sequence[str]) -> str:
    """The first few names, and how many more."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
