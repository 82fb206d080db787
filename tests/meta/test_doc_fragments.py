"""A computed text in a doc fragment is annotated (`PLURAL: str = plural(...)`): on a bare one ansible-test's yamllint breaks off."""

from __future__ import annotations

import ast

from tests.tools import collection_tree


def bare_computed(source: str) -> list[str]:
    """Names in ModuleDocFragment that are assigned something computed without an annotation."""
    return [
        ast.unparse(statement.targets[0])
        for outer in ast.parse(source).body
        if isinstance(outer, ast.ClassDef) and outer.name == "ModuleDocFragment"
        for statement in outer.body
        if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Constant)
    ]


def test_computed_texts_are_annotated() -> None:
    fragments = sorted((collection_tree.ROOT / "plugins" / "doc_fragments").glob("*.py"))
    assert fragments, "found no doc fragment: the test looks in the wrong place"
    assert {path.name: names for path in fragments if (names := bare_computed(path.read_text()))} == {}


def test_a_bare_one_is_found() -> None:
    source = 'class ModuleDocFragment:\n    DOCUMENTATION = "x"\n    PLURAL = HEAD + "x"\n    STATE: str = made("x")\n'
    assert bare_computed(source) == ["PLURAL"]
