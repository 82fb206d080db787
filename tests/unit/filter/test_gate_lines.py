"""The gate in words: the verdict, then every reason, what stands in the way first."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.filter.gate_lines import gate_lines


def test_problems_come_first_with_their_next_step() -> None:
    reasons = [
        {"code": "RECOVERY_UP", "status": "ok", "text": "south answers", "fix": ""},
        {"code": "NOT_FENCED", "status": "problem", "text": "north still answers", "fix": "fence it"},
        {"code": "BASELINE_OLD", "status": "waived", "text": "40 hours old"},
    ]
    assert gate_lines({"verdict": "no_go", "reasons": reasons}) == [
        "Gate: no go",
        "  problem  NOT_FENCED: north still answers (fence it)",
        "  waived   BASELINE_OLD: 40 hours old",
        "  ok       RECOVERY_UP: south answers",
    ]
