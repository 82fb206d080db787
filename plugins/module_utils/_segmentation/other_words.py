# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of one site with the addresses of the other: rules, groups and interfaces. Knows where addresses stand, not what
the translation is.
"""

from __future__ import annotations

import typing as t

from .rules import Objects

Translate = t.Callable[[str], str]


def in_other_words(objects: Objects, translate: Translate) -> Objects:
    """The same objects with each address, prefix and range translated. What was equal stays equal, so verdicts stay the same as
    long as ``translate`` keeps apart what was apart."""
    return objects._replace(
        rules=[_deep(rule, translate) for rule in objects.rules],
        entity_groups=[_deep(group, translate) for group in objects.entity_groups],
        address_groups=[_deep(group, translate) for group in objects.address_groups],
        vms=[{**vm, "nics": [_nic(nic, translate) for nic in vm.get("nics", [])]} for vm in objects.vms],
    )


def _deep(value: t.Any, translate: Translate, key: str = "") -> t.Any:
    if key in ("cidr", "addresses"):
        return [translate(text) for text in value]
    if key.endswith("categories"):  # names that people chose, which may be anything
        return value
    if isinstance(value, dict):
        return {name: _deep(inner, translate, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_deep(one, translate) for one in value]
    return value


def _nic(nic: t.Mapping[str, t.Any], translate: Translate) -> dict[str, t.Any]:
    ip = nic.get("ip") or ""
    return {**nic, "ip": translate(ip) if isinstance(ip, str) and ip else [translate(one) for one in ip] if ip else ""}
