# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flex rules of a security rule: five-tuples in order of priority (contract/v4 section 9.5). How they are written; of the wire only the single fields."""

from __future__ import annotations

import typing as t

from .._model.codec import IdsOf, Property, Word
from .._model.form import Choice, Flag, Number
from .._model.form_addresses import Addresses
from .._model.form_names import Names
from .._model.problems import Problems
from .._model.struct import Field, ListOf, sort_key
from .rule_entries import NETWORK_FUNCTION_FIELD, RULE_FIELDS, SERVICES_FIELD, EntryForm
from .selectors import ANY, NONE, SelectorForm

#: The types of security rules that have Flex rules.
FLEX_TYPES = ("critical", "core_infrastructure", "zone", "workload")

_PEER = SelectorForm(
    (
        Field("entity_groups", Names("entity_group")),
        Field("cidr", Addresses(ranges=False, single=True, ipv6=False)),
    ),
    words={ANY: None, NONE: None},
    example="write any, none, {entity_groups: [NAME]} or {cidr: 10.0.0.0/8}",
)


SPEC_FIELDS = (
    Field("priority", Number(1, 250), Property("priority")),
    Field(
        "action",
        Choice(("allow", "deny", "reject")),
        Word("action", {"allow": "ALLOW", "deny": "DENY", "reject": "REJECT"}),
        required=True,
    ),
    Field(
        "direction",
        Choice(("in", "out", "in_out")),
        Word("direction", {"in": "IN", "out": "OUT", "in_out": "IN_OUT"}),
        required=True,
    ),
    Field("from", _PEER, required=True),
    Field("to", _PEER, required=True),
    SERVICES_FIELD,
    NETWORK_FUNCTION_FIELD,
    Field("applied_to", Names("entity_group"), IdsOf("appliedToEntityGroupReferences", "entity_group"), absent=[]),
    Field(
        "ip_version",
        Choice(("ipv4", "ipv6", "both")),
        Word("ipVersion", {"ipv4": "IPV4", "ipv6": "IPV6", "both": "IPV4_IPV6"}),
    ),
    Field("system", Flag(), Property("isSystemRule"), absent=False),
)
FIELDS = (*SPEC_FIELDS, *RULE_FIELDS)


class FlexRulesForm(ListOf):
    """Sorted by priority, the only order that the server keeps."""

    def arranged(self, items: list[t.Any]) -> t.Any:
        return in_priority(super().arranged(items))


def in_priority(rules: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Lowest number first, rules without one last; those of equal priority in canonical order."""
    return sorted(rules, key=_rank)


def _rank(rule: dict[str, t.Any]) -> tuple[float, str]:
    priority = rule.get("priority")
    return (priority if isinstance(priority, int) else float("inf"), sort_key(rule))


class FlexRuleForm(EntryForm):
    """One Flex rule."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        found = super().canonical(value, at, problems)
        if found.get("network_function") and found.get("direction") == "in_out":
            problems.add(
                at, "leads both directions through a network function, which the API refuses (MIC-30108)", "write two rules"
            )
        return found


FLEX_RULES = FlexRulesForm(
    FlexRuleForm(
        FIELDS,
        example="write {priority: 10, action: allow, direction: in, from: any, to: {entity_groups: [NAME]}, services: [udp/53]}",
    )
)
