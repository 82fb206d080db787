# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which security rules secure which VMs, and where. Knows membership and scope (semantics section 4); not what a rule allows.

Rules that are only saved secure nothing. Interfaces on basic VLANs are never secured. Flex rules secure the entity groups
they are applied to, in whatever network; a Flex rule that is applied to nothing in particular is not counted.
"""

from __future__ import annotations

import typing as t

from .._model.entity import Canonical
from .members import Groups, Nic, Selection, Token, in_scope, interface, is_basic

Vm = t.Mapping[str, t.Any]
"""``name``, ``ext_id``, ``categories`` (a mapping, or names like ``AppTier/Web``) and ``nics``, each with ``subnet``, ``kind`` (vlan or
overlay), ``advanced``, ``vpc``, ``ip`` (one or several) and the names of ``subnet_categories`` and ``vpc_categories``."""


class Coverage(t.NamedTuple):
    """One interface secured by one rule. ``mode`` is monitor or enforce, ``nic`` the place of the interface in the VM."""

    rule: str
    mode: str
    nic: int
    subnet: str


class _Securing(t.NamedTuple):
    """One group of VMs that a rule secures. ``scope`` is None where the rule reaches into every network."""

    rule: str
    mode: str
    scope: t.Any
    selection: Selection


def secured_by(
    rules: t.Iterable[Canonical],
    entity_groups: t.Iterable[Canonical],
    vms: t.Iterable[Vm],
    address_groups: t.Iterable[Canonical] = (),
) -> dict[str, list[Coverage]]:
    """What secures each VM, by VM name; VMs that share a name are called ``name (ext_id)``. A VM that nothing secures has an
    empty list. Raises UnknownReference for a group that a rule names and that was not given."""
    index = _Index(rules, Groups(entity_groups, address_groups))
    listed = list(vms)
    names = [str(vm["name"]) for vm in listed]
    doubles = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    return {
        f"{name} ({vm.get('ext_id', '')})" if name in doubles else name: _of_vm(vm, index)
        for name, vm in zip(names, listed, strict=True)
    }


class _Index:
    """All securings, found by one of the tokens that an interface must have."""

    def __init__(self, rules: t.Iterable[Canonical], groups: Groups) -> None:
        self._by_token: dict[Token, list[_Securing]] = {}
        self._others: list[_Securing] = []
        for rule in rules:
            if rule.get("mode") not in ("monitor", "enforce"):
                continue
            for scope, selection in _secured(rule, groups):
                self._add(_Securing(rule["name"], rule["mode"], scope, selection))

    def _add(self, securing: _Securing) -> None:
        if securing.selection.names or securing.selection.addresses:
            self._others.append(securing)
            return
        for tokens in securing.selection.all_of:
            self._by_token.setdefault(min(tokens), []).append(securing)

    def candidates(self, nic: Nic) -> t.Iterator[_Securing]:
        for token in nic.tokens:
            yield from self._by_token.get(token, ())
        yield from self._others


def _secured(rule: Canonical, groups: Groups) -> t.Iterator[tuple[t.Any, Selection]]:
    """Scope and members of everything a rule secures."""
    for group in rule.get("groups", []):
        yield rule["scope"], groups.selection(group["secured"])
    for isolation in rule.get("isolations", []):
        for group in isolation["between"]:
            yield rule["scope"], groups.selection(group)
    for flex in rule.get("flex_rules", []):
        for name in flex.get("applied_to", []):
            yield None, groups.entity_group(name)


def _of_vm(vm: Vm, index: _Index) -> list[Coverage]:
    found = set()
    for place, raw in enumerate(vm.get("nics", [])):
        if is_basic(raw):
            continue
        nic = interface(vm, raw)
        for securing in index.candidates(nic):
            if in_scope(securing.scope, raw) and securing.selection.has(nic):
                found.add(Coverage(securing.rule, securing.mode, place, str(raw.get("subnet", ""))))
    return sorted(found)
