# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a recovery that security rules show: who they secure there, in which mode, and what they need of the site."""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .._model.form_categories import category_names
from .site_facts import NOTE, PROBLEM, WARNING, Fact, Members, Sites, active, listed, peer_selectors, secured_selectors


def groups_by_id(sites: Sites) -> t.Iterator[Fact]:
    """F3: a recovered VM is another VM, so a group that names the VM itself doesn't follow."""
    there = {str(left["name"]): str(right["name"]) for left, right in sites.vms}
    right_groups = {group["name"]: _named_vms(group) for group in sites.right.entity_groups}
    for group in sites.left.entity_groups:
        named = right_groups.get(group["name"])
        lost = sorted(there[vm] for vm in _named_vms(group) if vm in there and named is not None and there[vm] not in named)
        if lost:
            problem = f"doesn't have {listed(lost)}: it names VMs by id, and recovered VMs have ids of their own"
            yield Fact("F3", PROBLEM, f"entity group {group['name']}", problem, "add them, or better select them by category")


def secures_nobody(sites: Sites) -> t.Iterator[Fact]:
    """F7 where networks choose whom a rule secures, F9 where categories do."""
    before = Members(sites.left, [left for left, _right in sites.vms])
    now = Members(sites.right, [right for _left, right in sites.vms])
    right = {rule["name"]: rule for rule in active(sites.right.rules)}
    for rule in active(sites.left.rules):
        there = right.get(rule["name"])
        if there is None or not (count := before.secured(rule)) or now.secured(there):
            continue
        by_network = isinstance(there.get("scope"), dict) or any(
            word in selector for selector in secured_selectors(there) for word in ("subnet_categories", "vpc_categories")
        )
        code, reason = ("F7", "its scope names networks") if by_network else ("F9", "nobody there has its categories")
        problem = f"secures none of these VMs, before it were {count} interfaces; {reason}"
        yield Fact(code, PROBLEM, f"security rule {rule['name']}", problem, "correct scope, networks or categories there")


def weaker_mode(sites: Sites) -> t.Iterator[Fact]:
    """F8: a rule that enforces on one site and doesn't on the other."""
    right = {rule["name"]: str(rule.get("mode")) for rule in sites.right.rules}
    for rule in sites.left.rules:
        mode = right.get(rule["name"])
        if rule.get("mode") == "enforce" and mode in ("monitor", "save"):
            yield Fact("F8", PROBLEM, f"security rule {rule['name']}", f"is in mode {mode} there, before it was enforce", "set it to enforce")
        elif rule.get("mode") == "monitor" and mode == "save":
            yield Fact("F8", NOTE, f"security rule {rule['name']}", "is only saved there, before it was in monitor", "set it to monitor")


def foreign_peers(sites: Sites) -> t.Iterator[Fact]:
    """F10: a category doesn't reach VMs of another Prism Central."""
    if not sites.staying:
        return
    members = Members(sites.right, sites.staying)
    for rule in active(sites.right.rules):
        names: set[str] = set()
        for selector in peer_selectors(rule):
            if "entity_group" in selector or any(word.endswith("categories") for word in selector):
                known = {word: value for word, value in selector.items() if word == "entity_group" or word.endswith("categories")}
                names.update(members.selected(members.groups.selection(known)))
        if names:
            problem = f"lets in or out {listed(sorted(names))} by category, and they stay on the other site, where its categories don't reach"
            yield Fact("F10", WARNING, f"security rule {rule['name']}", problem, "name their addresses in an address group")


def local_objects(sites: Sites) -> t.Iterator[Fact]:
    """F11: network functions and directories belong to one Prism Central."""
    for rule in active(sites.right.rules):
        functions = sorted(_functions(rule))
        missing = [name for name in functions if sites.network_functions is not None and name not in sites.network_functions]
        if missing:
            problem = f"sends traffic through {listed(missing)}, which is not there"
            yield Fact("F11", PROBLEM, f"security rule {rule['name']}", problem, "map the network function in the site map")
        secured = {name for selector in secured_selectors(rule) for name in category_names(selector.get("categories", {}))}
        identity = sorted(name for name in secured if name.startswith("ADGroup/"))
        if identity:
            problem = f"secures {listed(identity)}, whose VMs follow from logons at this Prism Central"
            yield Fact("F11", NOTE, f"security rule {rule['name']}", problem, "make sure the directory service is set up there")


def no_hit_log(sites: Sites) -> t.Iterator[Fact]:
    """F12: without hit logs there is no evidence."""
    right = {rule["name"]: bool(rule.get("hit_log")) for rule in sites.right.rules}
    for rule in active(sites.left.rules):
        if rule.get("hit_log") and right.get(rule["name"]) is False:
            yield Fact("F12", WARNING, f"security rule {rule['name']}", "writes no hit log there, before it did", "set hit_log, and check syslog of the hosts")


RULE_FACTS: tuple[tuple[str, t.Callable[[Sites], t.Iterable[Fact]]], ...] = (
    ("F3", groups_by_id),
    ("F7", secures_nobody),
    ("F8", weaker_mode),
    ("F10", foreign_peers),
    ("F11", local_objects),
    ("F12", no_hit_log),
)


def _named_vms(group: Canonical) -> set[str]:
    return {str(name) for member in group.get("members", []) for name in member.get("vms", [])}


def _functions(rule: Canonical) -> set[str]:
    entries = [entry for group in rule.get("groups", []) for part in ("inbound", "outbound", "bidirectional") for entry in group.get(part, [])]
    return {str(entry["network_function"]) for entry in (*entries, *rule.get("flex_rules", [])) if entry.get("network_function")}
