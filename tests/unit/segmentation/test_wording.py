"""Verdicts, groups and entries in words: what a person reads at 3 a.m."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.doc_fragments.estate import ModuleDocFragment
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.difference import compare_sites
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.entry_names import EntryNames
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.readings import SWITCHES, Readings
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.verdict import Flow
from ansible_collections.nutanix_flow.dr.plugins.module_utils._segmentation.wording import QUESTIONS, group_words, verdict_words
from tests.unit.segmentation.truth_fixture import DEV, PROD, U, ask, inbound, isolation, p3, p3_with, site

ISO = isolation("ISO", PROD, DEV)


@pytest.mark.parametrize(
    ("rules", "flow", "expected"),
    [
        ([p3()], Flow(U, "W1", "tcp/443"), f"{U} -> W1 tcp/443: ALLOW, allowed at the source (no policy) and allowed at the destination by P3 "
         "groups[0].inbound[0] 'T/Web inbound from any tcp/443' (application, an entry)"),
        ([p3()], Flow(U, "W1", "tcp/80"), f"{U} -> W1 tcp/80: DENY, denied at the destination by P3 groups[0] 'T/Web' (application, everything else)"),
        ([p3(), ISO], Flow("V1", "W1", "tcp/443"), "V1 -> W1 tcp/443: DENY, denied at the source by ISO isolations[0] 'Env/Prod | Env/Dev' (isolation)"),
        ([ISO | {"mode": "monitor"}], Flow("V1", "W1", "tcp/443", True), "V1 -> W1 tcp/443 over IPv6: ALLOW (monitored), allowed, as it is only "
         "monitored, at the source by ISO isolations[0] 'Env/Prod | Env/Dev' (only monitored) and allowed, as it is only monitored, at the destination "
         "by ISO isolations[0] 'Env/Prod | Env/Dev' (only monitored); would be denied if all monitored policies were enforced"),
        ([p3()], Flow("W1", "W2", "tcp/1"), "W1 -> W2 tcp/1: ALLOW, allowed at the source by P3 groups[0].intra 'T/Web inside of the group' "
         "(application, inside of the group) and allowed at the destination by P3 groups[0].intra 'T/Web inside of the group' (application, inside of "
         "the group)"),
    ],
)
def test_verdicts(rules: list[Any], flow: Flow, expected: str) -> None:
    verdict = ask(site(*rules), flow.source, flow.destination, flow.packet, ipv6=flow.ipv6)
    assert verdict_words(flow, verdict, EntryNames(rules)) == expected


def test_a_group_has_a_witness_and_both_causes() -> None:
    left, right = p3(), p3_with(0, "inbound", inbound("any", "tcp/444"))
    (group,) = compare_sites(site(left), site(right)).groups
    said = group_words(group, "north", "south", (EntryNames([left]), EntryNames([right])))
    assert said.startswith("Opened: tcp/444 for ")
    assert "north: denied at the destination by P3 groups[0] 'T/Web' (application, everything else); south: " in said
    assert said.endswith("allowed at the destination by P3 groups[0].inbound[1] 'T/Web inbound from any tcp/444' (application, an entry)")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("groups[1].outbound[1]", "T/App outbound to DNSX tcp/53 udp/53"),
        ("groups[0].allow_ipv6", "T/Web IPv6 allowed"),
        ("groups[9].inbound[0]", ""),
        ("dhcp", ""),
    ],
)
def test_entries(where: str, expected: str) -> None:
    assert EntryNames([p3()]).words("P3", where) == expected


def test_every_reading_has_its_words_and_its_option() -> None:
    assert set(QUESTIONS) == set(SWITCHES)
    options = [line.strip(" :") for line in ModuleDocFragment.READINGS.splitlines() if line.startswith("      ") and line.endswith(":")]
    assert set(Readings._fields) <= set(options)


def test_flex_types_come_before_priorities_unless_read_otherwise() -> None:
    def policy(kind: str, priority: int, action: str) -> dict[str, Any]:
        one = {"name": kind, "priority": 1, "action": action, "direction": "in", "from": "any", "to": "any", "services": ["any"]}
        return {"name": kind, "type": kind, "mode": "enforce", "priority": priority, "flex_rules": [one]}

    rules = site(policy("workload", 1, "deny"), policy("critical", 9, "allow"))
    assert ask(rules, U, "W1", "tcp/1").allowed
    assert not ask(rules, U, "W1", "tcp/1", flex_types_in_order=False).allowed
