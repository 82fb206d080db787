# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts, differences and readings in words for people and in plain data for machines. Decides nothing.

What takes ``names`` is about decisions of the site whose rules these are.
"""

from __future__ import annotations

import typing as t

from .decision import Decision
from .difference import CLOSED, MONITORED_ONLY, OPENED, FlowGroup
from .entry_names import EntryNames
from .readings import Readings
from .verdict import Flow, Verdict

_LEVELS = {
    0: "system",
    1: "strict quarantine",
    2: "quarantine, an entry",
    3: "quarantine, everything else",
    4: "shared service, inside of the group",
    5: "shared service, everything else inside of the group",
    6: "shared service, an entry",
    7: "shared service, everything else",
    8: "isolation",
    9: "application, inside of the group",
    10: "application, everything else inside of the group",
    11: "application, an entry",
    12: "application, everything else",
    13: "only monitored",
    14: "no policy",
}
QUESTIONS = {
    "shared_service_covers_peer": "what a shared service allows is allowed at the other end too, above isolation",
    "intra_deny_wins": "where one policy allows traffic inside of a group and another denies it, it is denied",
    "shared_service_closes": "what a shared service doesn't allow can't be opened by an application policy",
    "isolated_from_own_groups": "a VM in two groups of one isolation may talk to neither",
    "ipv6_allow_wins": "where one policy lets IPv6 pass and another blocks it, it passes",
    "isolation_covers_ipv6": "an isolation that says nothing about IPv6 denies it too",
    "basic_vlan_is_peer": "a VM on a basic VLAN is no peer by category",
    "peer_needs_address": "a VM without a known address is no peer by category",
    "isolation_at_both_ends": "an isolation denies at both ends",
    "entity_group_adds_up": "an entity group with categories and addresses has who is in either",
    "equal_addresses_alias": "a VM elsewhere with the same address as a peer by category is no peer",
    "secondary_addresses_count": "all addresses of an interface count",
    "gen1_empty_outbound_closes": "without any outbound entry nothing may go out",
    "gen1_needs_all_values": "of several values of one key a VM must carry all",
    "flex_without_target_is_everywhere": "a Flex rule that is applied to nothing in particular holds everywhere",
    "flex_types_in_order": "Flex policies are looked at type by type, critical ones first",
}
_KINDS = {OPENED: "Opened", CLOSED: "Closed", MONITORED_ONLY: "Different once monitored policies are enforced"}


def level_words(decision: Decision, flex: bool = False) -> str:
    """What the level of a decision stands for."""
    return f"Flex list {decision.level}" if flex else _LEVELS.get(decision.level, str(decision.level))


def decision_data(decision: Decision, names: EntryNames) -> dict[str, t.Any]:
    """A decision as modules return it."""
    flex = decision.where.startswith("flex_rules")
    return {
        "direction": decision.direction,
        "action": decision.action,
        "policy": decision.policy,
        "entry": decision.where,
        "entry_text": names.words(decision.policy, decision.where),
        "level": decision.level,
        "stage": level_words(decision, flex and decision.level not in (13, 14)),
        **({"network_function": decision.function} if decision.function else {}),
    }


def flow_data(flow: Flow) -> dict[str, t.Any]:
    return {"from": flow.source, "to": flow.destination, "service": flow.packet, "ipv6": flow.ipv6}


def flow_words(flow: Flow) -> str:
    return f"{flow.source} -> {flow.destination} {flow.packet}{' over IPv6' if flow.ipv6 and ':' not in flow.source + flow.destination else ''}"


def decisions_words(decisions: t.Sequence[Decision], names: EntryNames) -> str:
    """Why, in one clause."""
    return " and ".join(_decision_words(one, names) for one in decisions)


def _decision_words(one: Decision, names: EntryNames) -> str:
    end = "at the source" if one.direction == "out" else "at the destination"
    if not one.policy:
        return f"allowed {end} ({'system' if one.level == 0 else 'no policy'})"
    verb = {"allow": "allowed", "deny": "denied", "reject": "rejected"}.get(one.action, one.action)
    if one.level == 13:
        verb = "allowed, as it is only monitored,"
    stage = level_words(one, one.where.startswith("flex_rules") and one.level != 13)
    via = f" through {one.function}" if one.function else ""
    entry = names.words(one.policy, one.where)
    return f"{verb} {end} by {one.policy} {one.where}{f' {entry!r}' if entry else ''}{via} ({stage})"


def verdict_words(flow: Flow, verdict: Verdict, names: EntryNames) -> str:
    """A verdict with its reason, in one line."""
    word = "ALLOW (monitored)" if verdict.monitored else "ALLOW" if verdict.allowed else "DENY"
    would = "; would be denied if all monitored policies were enforced" if verdict.allowed and not verdict.if_enforced else ""
    return f"{flow_words(flow)}: {word}, {decisions_words(verdict.decided_by, names)}{would}"


def group_words(group: FlowGroup, before: str, after: str, names: tuple[EntryNames, EntryNames]) -> str:
    """A group of the difference with its witness and both reasons, in one line. ``before`` and ``after`` are the sites."""
    flows = sum(len(sources) * len(destinations) for sources, destinations in group.ways)
    count = f"{flows} pairs of ends" if flows > 1 else "one pair of ends"
    return (
        f"{_KINDS[group.kind]}: {', '.join(group.services)}{' over IPv6' if group.ipv6 else ''} for {count}, for instance "
        f"{flow_words(group.witness.right)}; "
        f"{before}: {decisions_words(group.left, names[0])}; {after}: {decisions_words(group.right, names[1])}"
    )


def reading_data(names: t.Iterable[str], readings: Readings) -> list[dict[str, t.Any]]:
    """Readings that matter, with what was taken to be true."""
    return [{"reading": name, "taken": getattr(readings, name), "default_means": QUESTIONS[name]} for name in names]
