"""Knows which file imports what, read from the source without running it; not which imports are allowed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

Graph = Mapping[str, frozenset[str]]
"""Dotted name of each module below a directory -> dotted names it imports, its own package's ones included."""


def read(directory: Path, package: str) -> Graph:
    """The imports of every Python file below DIRECTORY, which holds the package PACKAGE."""
    graph = {}
    for path in sorted(directory.rglob("*.py")):
        parts = path.relative_to(directory).with_suffix("").parts
        module = ".".join((package, *(parts[:-1] if parts[-1] == "__init__" else parts)))
        inside = module if parts[-1] == "__init__" else module.rpartition(".")[0]
        graph[module] = frozenset(_imports(ast.parse(path.read_text(), str(path)), inside))
    return _known_names(graph)


def reachable(graph: Graph, start: str) -> dict[str, str]:
    """Everything START imports, directly or through modules of the graph -> the chain that leads there, `a > b > c`."""
    chains = {start: start}
    queue = [start]
    while queue:
        module = queue.pop(0)
        for name in sorted(graph.get(module, frozenset()) - chains.keys()):
            chains[name] = f"{chains[module]} > {name}"
            queue.append(name)
    del chains[start]
    return chains


def _imports(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join((*above, base)) if base else ".".join(above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _known_names(graph: dict[str, frozenset[str]]) -> Graph:
    """`from x import y` names a module or something in it: cut each name to the module of the graph that it lies in."""

    def known(name: str) -> str:
        head = name
        while head and head not in graph:
            head = head.rpartition(".")[0]
        return head or name

    return {module: frozenset(known(name) for name in names) for module, names in graph.items()}
