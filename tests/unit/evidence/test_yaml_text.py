"""YAML is read as PyYAML reads it, however it is spelled, and what is none is refused with its line."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.yaml_text import from_yaml, to_yaml

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_what_is_written_is_read(value: Any) -> None:
    assert from_yaml(to_yaml(value), "file.yml") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1\nb: [x, 2, 0x1F, ~, yes, 1.5, 2026-11-21]\nc: {d: 'on', e: on}",
        "a: &one {b: 1}\nc: *one\nd: {<<: *one, e: 2}",
        "{<<: {a: 1}, b: 2}",
        "1: one\ntrue: two",
        "description: research & development",
        "!!set {a, b}",
        "!!str 5",
    ],
)
def test_read_as_pyyaml_reads_it(text: str) -> None:
    assert from_yaml(text, "file.yml") == yaml.safe_load(text)


@pytest.mark.parametrize(
    "text", ["a: b\nc: [1", "a: !!python/object:os.system x", "a: &one [*one]\nb: !unknown x", "? {a: 1}\n: b", "? [x, y]\n: b", "a: b\n---\nc: d"]
)
def test_what_is_no_yaml_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="file.yml:[0-9]+"):
        from_yaml(text, "file.yml")
