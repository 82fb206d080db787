# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparing what was sent with what is answered: server-made fields left out, unordered lists put in order."""

from __future__ import annotations

from typing import Any


def without_server_fields(sent: Any, answered: Any) -> Any:
    """What of an answer the sender had said, and everything it had said: ids of rules and derived fields left out."""
    if isinstance(sent, dict) and isinstance(answered, dict):
        return {key: without_server_fields(sent[key], answered.get(key)) for key in sent}
    if isinstance(sent, list) and isinstance(answered, list) and len(sent) == len(answered):
        return [without_server_fields(one, other) for one, other in zip(sent, answered, strict=True)]
    return answered


def in_order(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its rules, their secured categories and isolation groups in one order: the server keeps none."""
    if "rules" not in body:
        return body
    return {**body, "rules": sorted((_rule_in_order(rule) for rule in body["rules"]), key=_rule_key)}


def _rule_in_order(rule: dict[str, Any]) -> dict[str, Any]:
    spec = dict(rule["spec"])
    for name in ("securedGroupCategoryReferences", "firstIsolationGroup", "secondIsolationGroup"):
        if name in spec:
            spec[name] = sorted(spec[name])
    if isinstance(spec.get("spec"), dict):
        groups = sorted(spec["spec"]["isolationGroups"], key=lambda group: str(sorted(map(str, group.values()))))
        spec["spec"] = {**spec["spec"], "isolationGroups": groups}
    return {**rule, "spec": spec}


def _rule_key(rule: dict[str, Any]) -> tuple[str, str, str]:
    return rule["type"], rule.get("name", ""), rule.get("description", "")
