# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site map on disk: read it, write a new one, add entries to one that people edit without touching what they wrote."""

from __future__ import annotations

import json
import re
import typing as t

from .._errors import Finding, InvalidInput
from .._evidence.files import read_file, replace_file
from .._evidence.yaml_text import from_yaml_marked, to_yaml
from .site_map import SiteMap
from .site_map_read import read_site_map

Entries = t.Mapping[str, t.Sequence[t.Mapping[str, t.Any]]]
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")
_NOT_TEXT = re.compile(r"[0-9.]+|true|false|yes|no|on|off|null|~", re.IGNORECASE)


def load_site_map(path: str) -> SiteMap:
    """Raises InvalidInput with everything wrong in it, with file and line."""
    return parse_site_map(site_map_text(path), path)


def parse_site_map(text: str, path: str) -> SiteMap:
    return read_site_map(from_yaml_marked(text, path))


def site_map_text(path: str) -> str:
    """The text of the file. Raises InvalidInput if there is none."""
    raw = read_file(path)
    if raw is None:
        raise InvalidInput([Finding(path, "is missing", "generate one with the site_map module, or correct the path")], verb="read", kind="site_map")
    return raw.decode()


def new_text(data: t.Mapping[str, t.Any], entries: Entries) -> str:
    """The text of a new site map."""
    empty = {**data, "maps": None}
    return with_entries(to_yaml(empty).replace("maps: null\n", "maps:\n"), entries, "")


def with_entries(text: str, entries: Entries, path: str) -> str:
    """The text with entries added at the end of their lists; everything else, comments too, stays.

    Raises InvalidInput for a list that isn't written with a line per entry.
    """
    for section, items in entries.items():
        if items:
            text = _with_section(text, section, [_line(item) for item in items], path)
    return text


def save_site_map(path: str, text: str) -> bool:
    """True if the file changed."""
    return replace_file(path, text)


def _with_section(text: str, section: str, lines: t.Sequence[str], path: str) -> str:
    all_lines = text.splitlines()
    maps = _find(all_lines, 0, re.compile(r"maps:\s*(\{\s*\})?\s*(#.*)?$"))
    if maps is None:
        return text.rstrip("\n") + f"\nmaps:\n  {section}:\n" + "".join(f"    - {line}\n" for line in lines)
    all_lines[maps] = re.sub(r":\s*\{\s*\}", ":", all_lines[maps])
    end = _block_end(all_lines, maps)
    head = _find(all_lines[:end], maps + 1, re.compile(rf"(\s+){section}:\s*(\[\s*\])?\s*(#.*)?$"))
    if head is None:
        if any(re.match(rf"\s+{section}:", line) for line in all_lines[maps:end]):
            raise InvalidInput([Finding(path, f"maps.{section} is not written as a list with a line per entry", "write it so, to have entries added")])
        added = [f"  {section}:", *(f"    - {line}" for line in lines)]
        return "\n".join([*all_lines[:end], *added, *all_lines[end:]]) + "\n"
    all_lines[head] = re.sub(r":\s*\[\s*\]", ":", all_lines[head])
    last = _block_end(all_lines, head, items=True)
    item = next((line for line in all_lines[head + 1 : last] if line.lstrip().startswith("-")), None)
    indent = len(item) - len(item.lstrip()) if item else len(all_lines[head]) - len(all_lines[head].lstrip()) + 2
    return "\n".join([*all_lines[:last], *(" " * indent + f"- {line}" for line in lines), *all_lines[last:]]) + "\n"


def _find(lines: t.Sequence[str], start: int, pattern: re.Pattern[str]) -> int | None:
    return next((number for number in range(start, len(lines)) if pattern.match(lines[number])), None)


def _block_end(lines: t.Sequence[str], head: int, *, items: bool = False) -> int:
    """The line after the last one that belongs to the block under ``head``; trailing blank and comment lines don't."""
    own = len(lines[head]) - len(lines[head].lstrip())
    end = head + 1
    for number in range(head + 1, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        if depth < own or (depth == own and not (items and line.lstrip().startswith("-"))):
            break
        end = number + 1
    return end


def _line(entry: t.Mapping[str, t.Any]) -> str:
    return "{" + ", ".join(f"{_scalar(key)}: {_scalar(value)}" for key, value in entry.items()) + "}"


def _scalar(value: t.Any) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text) else json.dumps(text, ensure_ascii=False)
