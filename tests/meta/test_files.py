"""Every file of the repository keeps the rules of tests/tools/repository_words.py."""

from __future__ import annotations

import pytest

from tests.tools import collection_tree
from tests.tools.repository_words import faults


def test_files_hold_nothing_forbidden() -> None:
    found = []
    for path in collection_tree.files():
        if path.endswith((".py", ".yml", ".yaml", ".md", ".rst")):
            found += faults(path, (collection_tree.ROOT / path).read_text())
    assert found == []


def test_no_sanity_ignore_file() -> None:
    assert [path for path in collection_tree.files() if path.startswith("tests/sanity/ignore")] == []


def test_playbooks_can_be_called_by_name() -> None:
    names = [path for path in collection_tree.files() if path.startswith("playbooks/") and path.endswith(".yml")]
    assert [name for name in names if not name.removeprefix("playbooks/").removesuffix(".yml").replace("_", "a").isalnum()] == []


HEAD = "# GNU General Public License v3.0+\nfrom __future__ import annotations\n"


@pytest.mark.parametrize(("path", "text", "complaint"), [
    ("plugins/a.py", HEAD + f"x = 1  # {'TO'}DO later", "plugins/a.py:3: unfinished"),
    ("plugins/a.py", HEAD + f"raise NotImplemented{'Error'}", "unfinished"),
    ("roles/a/tasks/main.yml", f"ignore_{'errors'}: true", "hides errors"),
    ("plugins/a.py", HEAD + f"x = y  # type: {'ignore'}", "silences a linter"),
    ("plugins/a.py", HEAD + f"x = y  # type: {'ignore'}[attr-defined]", "silences a linter"),
    ("plugins/a.py", HEAD + f"import x  # {'no'}qa: F401", "silences a linter"),
    ("tests/a.py", HEAD + f"@pytest.mark.{'skip'}", "a test that is not run"),
    ("docs/a.md", f"see /{'home'}/someone/notes", "path of one machine"),
    ("plugins/a.py", HEAD + "x = 1\n" * 400, "402 lines"),
    ("plugins/a.py", "from __future__ import annotations\n", "lacks the GPL line"),
    ("tests/a.py", "import os\n", "lacks `from __future__"),
])
def test_what_is_forbidden_is_found(path: str, text: str, complaint: str) -> None:
    assert [fault for fault in faults(path, text) if complaint in fault]


@pytest.mark.parametrize(("path", "text"), [
    ("plugins/a.py", HEAD + "try:\n    pass\nexcept ValueError:\n    pass\n"),
    ("plugins/a.py", HEAD + f"x = y  # type: {'ignore'}[attr-defined]  # requests has no types for this"),
    ("tests/a.py", HEAD + '@pytest.mark.skipif(not HAVE_KEYGEN, reason="needs ssh-keygen")'),
])
def test_what_is_allowed_is_not_found(path: str, text: str) -> None:
    assert list(faults(path, text)) == []
