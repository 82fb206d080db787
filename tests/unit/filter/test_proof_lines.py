"""What the proof found, in lines that fit on a screen."""

from __future__ import annotations

from typing import Any

from ansible_collections.nutanix_flow.dr.plugins.filter.proof_lines import WIDTH, proof_lines

COUNTS = {"vms": 8, "interfaces": 8, "enforced": 8, "monitored": 0, "unsecured": 0, "basic_vlan": 0, "without_address": 0}
EQUAL: dict[str, Any] = {
    "proof": "Proved equal: every packet is treated alike",
    "coverage": {"before": COUNTS, "after": COUNTS},
    "causes": [],
    "findings": [],
    "depends_on": [],
    "not_compared": {"source": [], "target": []},
    "notes": [],
}


def test_equal_is_two_lines() -> None:
    coverage = "Coverage before: 8 of 8 interfaces enforced; after: 8 of 8 interfaces enforced"
    assert proof_lines(EQUAL) == ["Proved equal: every packet is treated alike", coverage]


def test_everything_that_matters_is_told_and_fits() -> None:
    found = {
        **EQUAL,
        "proof": "Not equal: groups of flows 3 opened",
        "coverage": {"before": COUNTS, "after": {**COUNTS, "enforced": 6, "monitored": 1, "basic_vlan": 1}},
        "causes": [{"severity": "problem", "policy": "shop", "groups": 3, "explanation": "Opened: tcp/444 " + "word " * 30}],
        "findings": [{"severity": "problem", "code": "F8", "subject": "security rule shop", "problem": "is in mode monitor", "fix": "set it to enforce"}],
        "depends_on": [{"reading": "peer_needs_address", "default_means": "no address, no peer"}],
        "not_compared": {"source": [], "target": [f"vm-{number}" for number in range(7)]},
        "notes": ["8 VMs are taken as if they had been moved"],
    }
    lines = proof_lines(found)
    said = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= WIDTH
    for part in (
        "6 of 8 interfaces enforced, 1 only monitored, 1 on a basic VLAN",
        "(2 more groups because of shop)",
        "problem F8 security rule shop is in mode monitor (set it to enforce)",
        "depends on the reading peer_needs_address: no address, no peer",
        "only target has vm-0, vm-1, vm-2, vm-3, vm-4 and 2 more; nothing is said about them",
        "note: 8 VMs are taken",
    ):
        assert part in said
