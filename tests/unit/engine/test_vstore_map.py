"""What a vStore map becomes, and what it leaves out."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.pair_facts import Workload
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.vstore_map import Unmapped, unmapped, with_entries, without_entries
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems


@pytest.mark.parametrize(
    ("current", "given", "after", "findings"),
    [
        ({}, {"a": "x"}, {"a": "x"}, 0),
        ({"b": "x"}, {"a": "x"}, {"a": "x", "b": "x"}, 0),  # many to one
        ({"a": "x"}, {"a": "x"}, {"a": "x"}, 0),
        ({"a": "x"}, {"a": "y"}, {"a": "y"}, 1),  # one to two
    ],
)
def test_entries_are_added(current: dict[str, str], given: dict[str, str], after: dict[str, str], findings: int) -> None:
    problems = Problems()
    assert with_entries(current, given, problems, at="map") == after
    assert len(problems.findings) == findings


@pytest.mark.parametrize(
    ("given", "after"),
    [({"a": None}, {"b": "y"}), ({"a": "x"}, {"b": "y"}), ({"a": "y"}, {"a": "x", "b": "y"}), ({"c": None}, {"a": "x", "b": "y"}), ({"a": None, "b": "y"}, {})],
)
def test_entries_are_removed(given: dict[str, str | None], after: dict[str, str]) -> None:
    assert without_entries({"a": "x", "b": "y"}, given) == after


def test_containers_in_use_that_lead_nowhere_are_named() -> None:
    workloads = [Workload("VM", "vm-2", ("b",)), Workload("VM", "vm-1", ("a", "b")), Workload("volume group", "vg-1", ("b",)), Workload("VM", "empty", ())]
    assert unmapped({"a": "x"}, workloads) == [Unmapped("b", ("vm-1", "vm-2"), ("vg-1",))]
    assert unmapped({"a": "x", "b": "y"}, workloads) == []
