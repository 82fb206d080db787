"""What README and docs tell a person to run or to read exists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.tools import collection_tree

ROOT = collection_tree.ROOT


def command_faults(text: str, *, targets: Iterable[str], playbooks: Iterable[str]) -> list[str]:
    """Commands in TEXT that name a Makefile target or a playbook that isn't there."""
    wrong = [f"make {target}" for target in re.findall(r"(?m)(?:^\s*|`|\$ )make ([a-z][a-z-]*)", text) if target not in set(targets)]
    called = re.findall(r"ansible-playbook nutanix_flow\.dr\.([\w-]+)", text)
    return wrong + [f"ansible-playbook nutanix_flow.dr.{name}" for name in called if name not in set(playbooks)]


def link_faults(text: str, place: Path) -> list[str]:
    """Relative links in the Markdown file at PLACE that lead nowhere."""
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)
    return [f"{place.name}: {link}" for link in links if not (place.parent / link).exists()]


def makefile_targets() -> list[str]:
    return re.findall(r"(?m)^([a-z][a-z-]*)(?: [a-z -]*)?:(?!=)", (ROOT / "Makefile").read_text())


def documents() -> list[Path]:
    return [ROOT / path for path in collection_tree.files() if path.endswith(".md") and not path.startswith("prismsim/")]


def test_commands_exist() -> None:
    playbooks = [path.stem for path in (ROOT / "playbooks").glob("*.yml")]
    texts = {path: path.read_text() for path in documents()}
    assert ROOT / "README.md" in texts
    assert [f"{path.name}: {fault}" for path, text in texts.items() for fault in command_faults(text, targets=makefile_targets(), playbooks=playbooks)] == []


def test_each_playbook_is_a_job_template() -> None:
    rows = re.findall(r"(?m)^\|[^|]+\| `nutanix_flow\.dr\.(\w+)`", (ROOT / "docs" / "awx.md").read_text())
    assert sorted(rows) == sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


def test_links_lead_somewhere() -> None:
    assert [fault for path in documents() for fault in link_faults(path.read_text(), path)] == []


def test_wrong_commands_and_links_are_found(tmp_path: Path) -> None:
    text = "Run `make demo` or\n\n    make nothing\n\n    ansible-playbook nutanix_flow.dr.absent -e x\n\nSee [that](gone.md)."
    assert command_faults(text, targets=["demo"], playbooks=["failover"]) == ["make nothing", "ansible-playbook nutanix_flow.dr.absent"]
    assert link_faults(text, tmp_path / "README.md") == ["README.md: gone.md"]


def test_makefile_targets_are_read() -> None:
    assert {"test", "test-quick", "clean", "lint", "units"} <= set(makefile_targets())
