# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of security rules as a person would point at them: whose group it is, which peers and services. Knows rules, no verdict."""

from __future__ import annotations

import re
import typing as t

from .._model.entity import Canonical
from .._model.form_categories import category_names

_PART = re.compile(r"(\w+)\[(\d+)\]")
_BY_CATEGORY = {"categories": "", "subnet_categories": "subnets ", "vpc_categories": "VPCs "}


class EntryNames:
    """The entries of a site's rules. Paths are those of ``Decision.where``, like ``groups[0].inbound[1]``."""

    def __init__(self, rules: t.Iterable[Canonical]) -> None:
        self._rules = {str(rule["name"]): rule for rule in rules}

    def words(self, policy: str, where: str) -> str:
        """For instance ``AppTier/Web inbound from any tcp/443``; empty for a path that isn't there."""
        value: t.Any = self._rules.get(policy, {})
        said: list[str] = []
        for part in where.split("."):
            found = _PART.fullmatch(part)
            value = value.get(found[1] if found else part) if isinstance(value, dict) else None
            if found and isinstance(value, list) and int(found[2]) < len(value):
                value = value[int(found[2])]
            said.append(_words(part.partition("[")[0], value))
        return " ".join(one for one in said if one)


def selector_words(said: t.Any) -> str:
    """A secured group or a peer."""
    if not isinstance(said, dict):
        return str(said)
    parts = [
        f"{_BY_CATEGORY[word]}{'+'.join(category_names(value))}" if word in _BY_CATEGORY else "+".join([value] if isinstance(value, str) else value)
        for word, value in said.items()
    ]
    return " or ".join(parts)


def _words(part: str, value: t.Any) -> str:
    if part == "groups" and isinstance(value, dict):
        return selector_words(value["secured"])
    if part == "isolations" and isinstance(value, dict):
        return " | ".join(map(selector_words, value["between"]))
    if part in ("inbound", "outbound", "bidirectional") and isinstance(value, dict):
        ends = [f"{side} {selector_words(value[side])}" for side in ("from", "to") if side in value]
        return " ".join([part, *ends, *value.get("services", [])])
    if part == "flex_rules" and isinstance(value, dict):
        return str(value.get("name") or f"priority {value.get('priority')}")
    return "inside of the group" if part == "intra" else "IPv6 allowed" if part == "allow_ipv6" else ""
