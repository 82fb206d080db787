# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading an estate's text and finding the line of a path in it. Knows YAML and JSON, nothing of what they say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from prismsim.estate.problems import EstateError, Path, Problem, path_text

# The C loader reads a large estate some eight times faster; a PyYAML built without libyaml still works.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Source:
    """A document with the way back from a path to a line."""

    name: str
    data: Any
    root: yaml.Node | None = None

    def place(self, problem: Problem) -> str:
        """``file:line: path: message``; without a line when the document was not YAML."""
        line = self._line(problem.path)
        where = f"{self.name}:{line}" if line else self.name
        return f"{where}: {path_text(problem.path)}: {problem.message}"

    def _line(self, path: Path) -> int | None:
        if self.root is None:
            return None
        node = self.root
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node = child
        return int(node.start_mark.line) + 1


def _child(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                # A scalar's own line says more than its key's; both are the same line in practice.
                found: yaml.Node = value
                return found
    return None


def read(path: FilePath) -> Source:
    """Read an estate file. Raises EstateError when it cannot be read or parsed, or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EstateError(str(path), [f"{path}: cannot be read: {error}"]) from error
    if path.suffix == ".json":
        try:
            return Source(str(path), json.loads(text))
        except json.JSONDecodeError as error:
            raise EstateError(str(path), [f"{path}:{error.lineno}: invalid JSON: {error.msg}"]) from error
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        repeated = [] if root is None else _repeated_keys(root)
        if repeated:
            raise EstateError(str(path), [f"{path}:{line}: key '{key}' appears twice" for line, key in repeated])
        return Source(str(path), None if root is None else loader.construct_document(root), root)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise EstateError(str(path), [f"{path}{line}: invalid YAML: {error.problem}"]) from error
    finally:
        loader.dispose()


def _repeated_keys(root: yaml.Node) -> list[tuple[int, str]]:
    """YAML itself lets the last of two equal keys win in silence; an estate must not."""
    found: list[tuple[int, str]] = []
    seen_nodes: set[int] = set()
    todo: list[yaml.Node] = [root]
    while todo:
        node = todo.pop()
        if id(node) in seen_nodes:
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in keys:
                        found.append((int(key.start_mark.line) + 1, key.value))
                    keys.add(key.value)
                todo.append(value)
        elif isinstance(node, yaml.SequenceNode):
            todo.extend(node.value)
    return sorted(found)
