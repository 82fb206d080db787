"""A check is worded in the order of its table, and says what to do and by what it was seen."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.filter.check_lines import FilterModule, check_lines

OK = {"id": "F8", "title": "the relationship stands", "status": "ok", "object": "both", "cause": "it stands", "fix": "", "evidence": "status X"}
ASK = {"id": "F16", "title": "in Frame", "status": "cannot_tell", "object": "a and b", "cause": "no API shows it", "fix": "look", "evidence": ""}


def test_every_condition_in_its_order() -> None:
    assert check_lines({"verdict": "cannot_tell", "remote_sites": [{"cluster": "a"}, {"cluster": "b"}], "findings": [OK, ASK]}) == [
        "Check a and b: cannot tell",
        "  ok          F8  the relationship stands",
        "              both: it stands",
        "              seen: status X",
        "  cannot tell F16 in Frame",
        "              a and b: no API shows it",
        "              do: look",
    ]


def test_long_lines_are_folded() -> None:
    long = {**OK, "evidence": "container -> other, " * 20}
    assert max(map(len, check_lines({"verdict": "ok", "remote_sites": [], "findings": [long]}))) <= 72


def test_ansible_finds_it() -> None:
    assert FilterModule().filters() == {"check_lines": check_lines}
