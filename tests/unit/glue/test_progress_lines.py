"""Lines of progress: whole, timed, and never too long a silence."""

from __future__ import annotations

import re
import time
from pathlib import Path

from ansible_collections.nutanix_flow.dr.plugins.module_utils._glue.progress_lines import ProgressLines


def test_each_line_has_its_time(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    with ProgressLines(str(file)) as lines:
        lines.tell("shop: has arrived")
    assert re.fullmatch(r"\d\d:\d\d:\d\d shop: has arrived\n", file.read_text())


def test_a_silence_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    with ProgressLines(str(file), silence=0.05) as lines:
        lines.tell("shop: is on its way")
        deadline = time.monotonic() + 10
        while "nothing new" not in file.read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert "still waiting for an answer" in file.read_text()


def test_without_a_file_nothing_happens() -> None:
    with ProgressLines(None) as lines:
        lines.tell("to nobody")
