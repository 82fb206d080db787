"""Each module is in the action group if it belongs there, whole in its documentation, in the changelog, and has a test that calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.tools import collection_tree, modules

ATTRIBUTES = ("check_mode", "diff_mode", "idempotent")
ANSWERS = ("full", "none", "partial", "N/A")


def documentation_faults(name: str, documentation: Mapping[str, Any]) -> list[str]:
    """What the documentation of a module, as ansible-doc gives it, lacks."""
    if documentation.get("error"):
        return [f"{name}: {documentation['error']}"]
    faults = []
    doc = documentation.get("doc") or {}
    faults += [f"{name}: {key} is missing" for key in ("short_description", "description", "author", "version_added") if not doc.get(key)]
    faults += [f"{name}: {part} is missing" for part in ("examples", "return") if not documentation.get(part)]
    attributes = doc.get("attributes") or {}
    for attribute in ATTRIBUTES:
        support = attributes.get(attribute, {}).get("support")
        if support not in ANSWERS:
            faults.append(f"{name}: attribute {attribute} says {support!r}, not one of {', '.join(ANSWERS)}")
    grouped = attributes.get("action_group", {}).get("support") == "full"
    if grouped != ("nutanix_host" in doc.get("options", {})):
        faults.append(f"{name}: attribute action_group is for modules with connection options, and for all of them")
    if attributes.get("check_mode", {}).get("support") != "full":
        faults.append(f"{name}: check mode is not fully supported")
    examples = yaml.safe_load(documentation.get("examples") or "[]") or []
    if not any(f"{modules.COLLECTION}.{name}" in task for task in examples):
        faults.append(f"{name}: no example calls {modules.COLLECTION}.{name}")
    faults += [f"{name}: an example has no name" for task in examples if "name" not in task]
    return faults


def test_action_group_is_the_modules_with_connection_options() -> None:
    assert modules.action_group() == modules.with_connection(), "run `make action-group`"


def test_documentation_is_whole() -> None:
    documentation = modules.documentation()
    assert sorted(documentation) == modules.names()
    assert [fault for name in modules.names() for fault in documentation_faults(name, documentation[name])] == []


def test_each_module_is_called_by_a_test() -> None:
    """By its full name in tests/integration, tests/chaos or a molecule scenario; running the EXAMPLES alone doesn't count.

    Those for Windows are not run; tests/unit/net/test_windows_twin.py compares them with their twins.
    """
    places = ("tests/integration/", "tests/chaos/", "extensions/molecule/")
    texts = [
        (collection_tree.ROOT / path).read_text()
        for path in collection_tree.files()
        if path.startswith(places) and path.endswith((".py", ".yml")) and not path.endswith("test_examples.py")
    ]
    assert [name for name in modules.names() if name not in modules.for_windows() and not calls_any(name, texts)] == []


def calls_any(name: str, texts: list[str]) -> bool:
    """Whether one of TEXTS names the module, as `nutanix_flow.dr.NAME` or "NAME", and not as part of a longer name.

    A table of kinds whose test calls `{kind}_info` names the `_info` modules of those kinds.
    """
    kind = name.removesuffix("_info")
    spellings = (f"{modules.COLLECTION}.{name}:", f'{modules.COLLECTION}.{name}"', f'"{name}"')
    return any(spelling in text for text in texts for spelling in spellings) or (
        kind != name and any("{kind}_info" in text and f'"{kind}"' in text for text in texts)
    )


def test_changelog_lists_each_module() -> None:
    root = collection_tree.ROOT
    version = yaml.safe_load((root / "galaxy.yml").read_text())["version"]
    releases = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text())["releases"]
    assert version in releases, f"run `make release-notes`: the changelog doesn't know {version}"
    listed = {entry["name"] for release in releases.values() for entry in release.get("modules", [])}
    assert sorted(listed) == modules.names(), "run `make release-notes`"


def test_incomplete_documentation_is_found() -> None:
    documentation = {
        "doc": {
            "short_description": "x", "description": ["x"], "author": ["x"],
            "attributes": {"check_mode": {"support": "none"}, "diff_mode": {"support": "full"}, "action_group": {"support": "full"}},
        },
        "examples": "- nutanix_flow.dr.other:\n    name: x\n",
        "return": {},
    }
    assert documentation_faults("thing", documentation) == [
        "thing: version_added is missing",
        "thing: return is missing",
        "thing: attribute idempotent says None, not one of full, none, partial, N/A",
        "thing: attribute action_group is for modules with connection options, and for all of them",
        "thing: check mode is not fully supported",
        "thing: no example calls nutanix_flow.dr.thing",
        "thing: an example has no name",
    ]


@pytest.mark.parametrize(("text", "called"), [
    ("- nutanix_flow.dr.category:\n", True),
    ('run(site, "category", key="A")', True),
    ("- nutanix_flow.dr.category_info:\n", False),
    ("# category", False),
    ('KINDS = ["category_info"]', False),
])
def test_only_a_call_counts_as_a_test(text: str, called: bool) -> None:
    assert calls_any("category", [text]) is called
