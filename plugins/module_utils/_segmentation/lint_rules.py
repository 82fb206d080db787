# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about whole security rules, groups and categories: empty, open to all, not enforced, used by nobody, or look-alikes."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .._model.form_categories import category_names
from .look_alikes import one_letter_apart, same_looks
from .rules import Objects
from .site_facts import NOTE, WARNING, Fact, Members, active, listed, peer_selectors, secured_selectors

_PARTS = ("inbound", "outbound", "bidirectional")


def empty_groups(objects: Objects, _categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Secured groups and sides of an isolation without any VM."""
    members = Members(objects, objects.vms)
    for rule in active(objects.rules):
        for selector in secured_selectors(rule):
            if not members.selected(members.groups.selection(selector)):
                problem = f"secures {_selector(selector)}, which no VM belongs to"
                yield Fact("empty_group", WARNING, f"security rule {rule['name']}", problem, "correct the categories, or remove the group")


def allow_all(objects: Objects, _categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Entries that let everybody in, or out to everybody, with every service."""
    for rule in active(objects.rules):
        for index, group in enumerate(rule.get("groups", [])):
            for part, side, severity in (("inbound", "from", WARNING), ("outbound", "to", NOTE)):
                for number, entry in enumerate(group.get(part, [])):
                    if entry.get(side) == "any" and "any" in entry.get("services", []):
                        problem = f"lets everything {'in' if part == 'inbound' else 'out'} at groups[{index}].{part}[{number}]"
                        yield Fact("allow_all", severity, f"security rule {rule['name']}", problem, "name peers and services")


def left_in_monitor(objects: Objects, _categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Security rules that only watch."""
    for rule in objects.rules:
        if rule.get("mode") == "monitor":
            yield Fact("left_in_monitor", WARNING, f"security rule {rule['name']}", "only monitors, nothing is denied by it", "set it to enforce")


def only_saved(objects: Objects, _categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Security rules that do nothing."""
    for rule in objects.rules:
        if rule.get("mode") == "save":
            yield Fact("only_saved", NOTE, f"security rule {rule['name']}", "is only saved and does nothing", "set it to monitor, or remove it")


def unused_groups(objects: Objects, _categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Groups that no security rule names, directly or through others."""
    used = _named(objects)
    for title, groups in (("address group", objects.address_groups), ("service group", objects.service_groups), ("entity group", objects.entity_groups)):
        for group in groups:
            if (title, str(group["name"])) not in used and not group.get("system"):
                yield Fact("unused_group", NOTE, f"{title} {group['name']}", "no security rule uses it", "remove it, or keep it on purpose")


def look_alikes(objects: Objects, categories: t.Iterable[str]) -> t.Iterator[Fact]:
    """Categories that a person may take for one another."""
    known = {str(name) for name in categories}
    for vm in objects.vms:
        given = vm.get("categories") or []
        known |= set(category_names(given) if isinstance(given, t.Mapping) else given)
    for rule in objects.rules:
        for selector in (*secured_selectors(rule), *peer_selectors(rule)):
            for word in ("categories", "subnet_categories", "vpc_categories"):
                known |= set(category_names(selector.get(word, {})))
    for severity, pairs in ((WARNING, same_looks(known)), (NOTE, one_letter_apart(known))):
        for one, other in pairs:
            yield Fact("look_alike", severity, f"category {one}", f"looks like {other}; one of them may be a slip", "rename or merge them")


RULE_FINDINGS: tuple[tuple[str, t.Callable[[Objects, t.Iterable[str]], t.Iterable[Fact]]], ...] = (
    ("empty_group", empty_groups),
    ("allow_all", allow_all),
    ("left_in_monitor", left_in_monitor),
    ("only_saved", only_saved),
    ("unused_group", unused_groups),
    ("look_alike", look_alikes),
)


def _selector(selector: t.Mapping[str, t.Any]) -> str:
    words = [f"{word} {listed(category_names(value) if isinstance(value, dict) else [str(value)])}" for word, value in selector.items()]
    return " and ".join(words).replace("_", " ")


def _named(objects: Objects) -> set[tuple[str, str]]:
    """Title and name of each group that is used."""
    used: set[tuple[str, str]] = set()
    for rule in objects.rules:
        for selector in (*secured_selectors(rule), *peer_selectors(rule)):
            names = [selector["entity_group"]] if "entity_group" in selector else selector.get("entity_groups", [])
            used |= {("entity group", str(name)) for name in names}
            used |= {("address group", str(name)) for name in selector.get("address_groups", [])}
        for text in _services(rule):
            if text.startswith("group:"):
                used.add(("service group", text.partition(":")[2]))
        for flex in rule.get("flex_rules", []):
            used |= {("entity group", str(name)) for name in flex.get("applied_to") or ()}
    for group in objects.entity_groups:
        if ("entity group", str(group["name"])) in used:
            for member in (*group.get("members", []), *group.get("exceptions", [])):
                used |= {("address group", str(name)) for name in member.get("address_groups", [])}
    return used


def _services(rule: Canonical) -> t.Iterator[str]:
    for group in rule.get("groups", []):
        intra = group.get("intra")
        entries = [entry for part in _PARTS for entry in group.get(part, [])]
        entries += [one for one in (intra if isinstance(intra, list) else [intra]) if isinstance(one, dict)]
        for entry in entries:
            yield from entry.get("services", [])
    for flex in rule.get("flex_rules", []):
        yield from flex.get("services", [])
