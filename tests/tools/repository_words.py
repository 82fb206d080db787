"""Knows what must not stand in a file of the repository, and why; reads nothing itself. Broad `except` is ruff's matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PYTHON = (".py",)
PYTHON_YAML = (".py", ".yml", ".yaml")
PYTHON_YAML_TEXT = (*PYTHON_YAML, ".md", ".rst")
REASON_FOLLOWS = r"(?!\[[\w, -]+\]  # \w)"


@dataclass(frozen=True)
class Rule:
    """What must not be found in files of these endings."""

    why: str
    pattern: re.Pattern[str]
    endings: Sequence[str]


def _rule(why: str, pattern: str, endings: Sequence[str]) -> Rule:
    return Rule(why, re.compile(pattern), endings)


RULES = (
    _rule("unfinished", r"\b(?:TOD[O]|FIXM[E]|XX[X])\b|NotImplementedErro[r]", PYTHON_YAML_TEXT),
    _rule("hides errors", r"ignore_error[s]: *(?:true|yes)", PYTHON_YAML),
    _rule("silences a linter without naming the rule and the reason (`# type: ignore[code]  # why`)", rf"# *type: *ignore{REASON_FOLLOWS}", PYTHON),
    _rule("silences a linter", r"# *noq[a]", PYTHON_YAML),
    _rule("a test that is not run", r"pytest\.mark\.(?:skip|xfail)\b(?!if)|pytest\.skip\(\)", PYTHON),
    _rule("path of one machine", r"/(?:home|Users)/\w+/|/roo[t]/", PYTHON_YAML_TEXT),
)
LONGEST = 400


def faults(path: str, text: str) -> Iterator[str]:
    """What is wrong with the file PATH whose content is TEXT, one sentence each."""
    lines = text.splitlines()
    if path.endswith(PYTHON) and len(lines) > LONGEST:
        yield f"{path}: {len(lines)} lines; split it by what is known (at most {LONGEST})"
    for number, line in enumerate(lines, start=1):
        for rule in RULES:
            if path.endswith(tuple(rule.endings)) and rule.pattern.search(line):
                yield f"{path}:{number}: {rule.why}: {line.strip()}"
    if path.endswith(PYTHON) and lines:
        yield from _head_faults(path, text, lines)


def _head_faults(path: str, text: str, lines: Sequence[str]) -> Iterator[str]:
    if "from __future__ import annotations" not in text and not path.endswith("__init__.py"):
        yield f"{path}: lacks `from __future__ import annotations`"
    if path.startswith("plugins/") and not any("GNU General Public License v3.0+" in line for line in lines[:20]):
        yield f"{path}: lacks the GPL line within its first 20 lines"
