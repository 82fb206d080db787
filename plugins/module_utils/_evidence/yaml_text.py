# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""YAML text <-> plain values, with the line of each value for messages. The only file of the lower layers that knows PyYAML."""

from __future__ import annotations

import typing as t

from .._errors import Finding, InvalidInput
from .marked import Marked, Path

try:
    import yaml
except ImportError:
    HAS_YAML = False
else:
    HAS_YAML = True

_TEXT, _LIST, _MAPPING = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


def to_yaml(value: t.Any) -> str:
    """Block style, keys in the order given, no aliases, LF; the same value gives the same text on every version of PyYAML."""
    _needs_yaml()
    return str(yaml.dump(value, Dumper=_dumper(), default_flow_style=False, sort_keys=False, allow_unicode=True, width=1_000_000))


def from_yaml(text: str, file: str) -> t.Any:
    """The value. Raises InvalidInput with file and line."""
    _needs_yaml()
    try:
        return _value_of(text)
    except yaml.YAMLError as error:
        raise InvalidInput([_finding(error, file)], verb="read") from error


def from_yaml_marked(text: str, file: str) -> Marked:
    """The value with its lines; a key that stands twice is refused. Raises InvalidInput with file and line."""
    _needs_yaml()
    lines: dict[Path, int] = {}
    doubles: list[Finding] = []
    try:
        node = yaml.compose(text, Loader=_loader())
        value = _value_of(text)
    except yaml.YAMLError as error:
        raise InvalidInput([_finding(error, file)], verb="read") from error
    if node is not None:
        _walk(node, (), file, lines, doubles)
    if doubles:
        raise InvalidInput(doubles, verb="read")
    return Marked(value, file, lines)


def _value_of(text: str) -> t.Any:
    """As ``yaml.safe_load``. A baseline has thousands of files, and most of the time of reading them went into the constructor,
    which asks of every node what it may be: lists, texts and mappings of texts are built here, and what is anything else there.
    Where there may be anchors all of it is: they may share their nodes, or lead in circles."""
    if "&" in text:
        return yaml.load(text, Loader=_loader())
    loader = _loader()(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _plain(node, loader)
    finally:
        loader.dispose()


def _plain(node: t.Any, loader: t.Any) -> t.Any:
    if node.tag == _TEXT:
        return node.value
    if node.tag == _LIST:
        return [_plain(item, loader) for item in node.value]
    if node.tag == _MAPPING and all(key.tag == _TEXT for key, _item in node.value):
        return {key.value: _plain(item, loader) for key, item in node.value}
    return loader.construct_object(node, deep=True)


def _walk(node: t.Any, path: Path, file: str, lines: dict[Path, int], doubles: list[Finding]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), file, lines, doubles)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            word = str(key.value)
            line = key.start_mark.line + 1
            if word in seen:
                doubles.append(Finding(f"{file}:{line}", f"the key {word!r} stands twice", "keep one of them"))
            seen.add(word)
            here = (*path, word)
            lines[here] = line
            _walk(item, here, file, lines, doubles)


def _finding(error: t.Any, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}:{mark.line + 1}" if mark is not None else file
    return Finding(where, f"is no YAML: {getattr(error, 'problem', None) or error}", "correct that line, or restore the file from git")


def _loader() -> t.Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _dumper() -> t.Any:
    base: t.Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    if not hasattr(base, "_dr_plain"):
        base = type("Plain", (base,), {"ignore_aliases": lambda self, data: True, "_dr_plain": True})
    return base


def _needs_yaml() -> None:
    if not HAS_YAML:
        raise InvalidInput([Finding("PyYAML", "is not installed for this Python", "it comes with ansible-core; pip install PyYAML")])
